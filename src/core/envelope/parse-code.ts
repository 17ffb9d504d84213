// Which envelope a text has, by its prefix. The text is taken as it stands: nothing is trimmed, folded or guessed. In two steps,
// so that whoever knows the bytes already need not read them again.

import { damaged } from '../codec/damaged.js';
import { YimaError } from '../errors/yima-error.js';
import { HC1_PREFIX, type Inflate, openHc1, readHc1 } from './hc1.js';
import { NZCP_PREFIX, openNzcp, readNzcp } from './nzcp.js';
import type { EnvelopeName, ParsedCode } from './parsed-code.js';
import { openShc, readShc, SHC_PREFIX } from './shc.js';
import { openYimaJws, readYimaJws } from './yima-jws.js';
import { openYm1, readYm1, YM1_PREFIX } from './ym1.js';
import { openYm2, type Presentation, YM2_PREFIX } from './ym2.js';

export interface ParseDeps {
  /** Of zlib streams (RFC 1950): `HC1`. */
  readonly inflate: Inflate;
  /** Of raw deflate streams (RFC 1951): SMART Health Cards. */
  readonly inflateRaw: Inflate;
}

/** The most that a QR symbol holds (version 40-L, alphanumeric). */
const MAX_CHARS = 4_296;
/** Base64url of `{"`. */
const JWS_START = 'eyJ';
/**
 * One of ours or a JOSE object, spoiled: white space or a byte order mark in front, changed case, a header that is no plain
 * object, three segments with a signature, the JSON serialisation. Said to be damaged, so that the person scans again.
 */
const SPOILED =
  /^\s*(?:ym[12]:|hc1:|shc:\/|nzcp:\/1\/|e[wy][\w+/=-]{8,}\.|[\w-]+\.[\w-]*\.[\w-]{80,}|\{\s*"(?:payload|protected|signatures?|ciphertext|recipients)")/i;

/** Of several texts, one to judge: in a format that is known by its start, spoiled or not. */
export function isOfKnownFormat(text: string): boolean {
  return SPOILED.test(text);
}

/** A text whose envelope is known and whose transport encoding is undone. */
export interface OpenedCode {
  readonly envelope: EnvelopeName;
  readonly text: string;
  /** As `ParsedCode.bytes`. */
  readonly bytes: Uint8Array;
  /** Around the credential, where a device shows it (`YM2`): envelope and bytes are the credential's own. */
  readonly presentation: Presentation | null;
}

/**
 * Takes any text apart; of a presentation, the credential in it.
 * @throws YimaError `not_ours`: no prefix of ours, or a token of another type
 * @throws YimaError `unsupported`: a format known by its prefix that is not read here
 * @throws YimaError `damaged`: over 4,296 characters, or not in the one form its envelope permits
 */
export function parseCode(text: string, deps: ParseDeps): ParsedCode {
  return readCode(openCode(text, deps), deps);
}

/** The first step: as far as the bytes. @throws YimaError as `parseCode` */
export function openCode(text: string, deps: ParseDeps): OpenedCode {
  if (text.length > MAX_CHARS) throw damaged('text_length');
  if (text.startsWith(YM1_PREFIX)) return opened('YM1', text, openYm1(text));
  if (text.startsWith(YM2_PREFIX)) {
    const { credential, presentation } = openYm2(text);
    return { envelope: 'YM1', text, bytes: credential, presentation };
  }
  if (text.startsWith(HC1_PREFIX)) return opened('HC1', text, openHc1(text, deps.inflate));
  if (text.startsWith(JWS_START)) return opened('JWS', text, openYimaJws(text));
  if (text.startsWith(SHC_PREFIX)) return opened('SHC', text, openShc(text));
  if (text.startsWith(NZCP_PREFIX)) return opened('NZCP', text, openNzcp(text));
  if (SPOILED.test(text)) throw damaged('spoiled');
  throw new YimaError('not_ours', 'The text has no prefix of ours.');
}

function opened(envelope: EnvelopeName, text: string, bytes: Uint8Array): OpenedCode {
  return { envelope, text, bytes, presentation: null };
}

/** The second: what the bytes say. @throws YimaError as `parseCode` */
export function readCode({ envelope, text, bytes }: OpenedCode, { inflateRaw }: ParseDeps): ParsedCode {
  switch (envelope) {
    case 'YM1':
      return readYm1(bytes);
    case 'HC1':
      return readHc1(bytes);
    case 'JWS':
      return readYimaJws(text, bytes);
    case 'SHC':
      return readShc(bytes, inflateRaw);
    case 'NZCP':
      return readNzcp(bytes);
  }
}
