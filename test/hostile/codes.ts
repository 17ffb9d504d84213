// The table of hostile texts, one idea a file.

import { CBOR_ROWS } from './rows/cbor.js';
import { CLAIM_ROWS } from './rows/claims.js';
import { COMPRESSION_ROWS } from './rows/compression.js';
import { HC1_ROWS } from './rows/hc1.js';
import { JOSE_ROWS } from './rows/jose.js';
import { JWS_TEXT_ROWS } from './rows/jws-text.js';
import { NZCP_ROWS } from './rows/nzcp.js';
import { PRESENTATION_ROWS } from './rows/presentations.js';
import { SHC_ROWS } from './rows/shc.js';
import { SIGNATURE_ROWS } from './rows/signature.js';
import { STATUS_ROWS } from './rows/status.js';
import { TEXT_ROWS } from './rows/text.js';
import { TIME_ROWS } from './rows/times.js';
import type { CodeRow } from './world.js';

export const CODE_ROWS: readonly CodeRow[] = [
  ...TEXT_ROWS,
  ...COMPRESSION_ROWS,
  ...CBOR_ROWS,
  ...HC1_ROWS,
  ...SHC_ROWS,
  ...NZCP_ROWS,
  ...JOSE_ROWS,
  ...JWS_TEXT_ROWS,
  ...SIGNATURE_ROWS,
  ...TIME_ROWS,
  ...STATUS_ROWS,
  ...CLAIM_ROWS,
  ...PRESENTATION_ROWS,
];
