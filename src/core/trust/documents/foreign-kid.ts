// The kid of a foreign key in a list: base64url of the bytes that its format's codes name it by.

import { decodeBase64url } from '../../codec/base64url.js';
import { YimaError } from '../../errors/yima-error.js';
import type { PublicKey } from '../../signature/public-key.js';
import type { CodeFormat } from '../key-record.js';

const DCC_KID_BYTES = 8;
const MAX_KID_BYTES = 64;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('key_refused', message, { rule });
}

/**
 * EU DCC: the first 8 bytes of a certificate's digest, which a bare key cannot be held against. SMART Health Cards: the key's thumbprint.
 * NZ COVID Passes: the fragment of the DID URL, at most 64 bytes of text. The latter two sign with ES256 alone.
 * @param print the key's RFC 7638 thumbprint, base64url
 * @throws YimaError `key_refused` with a rule: kid_missing, kid_form, kid_mismatch, algorithm
 */
export function foreignKid(
  kid: unknown,
  format: Exclude<CodeFormat, 'yima'>,
  { algorithm }: PublicKey,
  print: string,
): string {
  if (typeof kid !== 'string') throw refuse('kid_missing', 'A key of a foreign format needs its kid.');
  if (format !== 'eu-dcc' && algorithm !== 'ES256')
    throw refuse('algorithm', 'The format signs with ES256 alone.');
  if (format === 'shc' && kid !== print)
    throw refuse('kid_mismatch', 'The kid is not the thumbprint of its key.');
  const bytes = bytesOf(kid);
  const isOfForm = format === 'eu-dcc' ? bytes === DCC_KID_BYTES : bytes > 0 && bytes <= MAX_KID_BYTES;
  if (!isOfForm) throw refuse('kid_form', 'The kid is not of the form of its format.');
  return kid;
}

/** -1 where the text is not base64url. */
function bytesOf(kid: string): number {
  try {
    return decodeBase64url(kid).length;
  } catch {
    return -1;
  }
}
