// A foreign source of keys, told by what it holds: signer certificates, a directory of card issuers, one issuer's JWK set, a DID
// document, a revocation list of health cards.

import { sha256 } from '../../adapters/crypto-node.js';
import { parseDccCertificates } from '../../adapters/dcc-certificates.js';
import { checkFileSignature, type SignedFile } from '../../adapters/file-signature.js';
import { utf8Decode } from '../../core/codec/bytes.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../../core/codec/json.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Anchors } from '../../core/trust/anchors/anchors.js';
import { parseCardDirectory, parseCardSet } from '../../core/trust/anchors/card-issuers.js';
import { parseCardList } from '../../core/trust/anchors/card-list-file.js';
import { parseDidDocument } from '../../core/trust/anchors/did-document.js';

export const SOURCE_FORMS = [
  'dcc-certificates',
  'card-directory',
  'card-issuer',
  'card-revocations',
  'did-document',
] as const;
export type SourceForm = (typeof SOURCE_FORMS)[number];

export interface AnchorSource {
  readonly data: Uint8Array;
  /** Who signed the source; null: nobody. A directory has to be signed. */
  readonly signed: Omit<SignedFile, 'data'> | null;
  /** The issuer of a plain JWK set that does not name it (`iss`). */
  readonly issuer: string | null;
}

export interface ReadAnchors extends Anchors {
  readonly form: SourceForm;
  /** SHA-256 of the certificate that signed the source; null: not signed. */
  readonly signer: string | null;
}

const MAX_BYTES = 16 * 1024 * 1024;
/** Each of them in one foreign form, and none in our own trust file. */
const FOREIGN_MEMBERS = ['issuerInfo', 'assertionMethod', 'rids', 'iss'] as const;
const NOTHING = { issuers: 0, records: [], cardLists: [], refused: [] } as const;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('list_refused', message, { rule });
}

/**
 * Reads a source by its form, after its signature where it has one.
 * @param parsed the source's JSON, where the caller has done that already
 * @throws YimaError `list_refused` (a rule of `checkFileSignature`, signature_missing, signer_window, too_large, or a field) or
 *   `damaged` when nothing of it may be taken
 */
export function readAnchors({ data, signed, issuer }: AnchorSource, parsed?: unknown): ReadAnchors {
  if (data.length > MAX_BYTES) throw refuse('too_large', 'The source is larger than 16 MiB.');
  const signer = signed === null ? null : checkFileSignature({ data, ...signed });
  const json = parsed === undefined && isJsonText(data) ? parseStrictJson(utf8Decode(data)) : parsed;
  const read = json === undefined ? readCertificates(data) : readJson(json, issuer);
  if (read.form === 'card-directory') {
    if (signer === null) {
      throw refuse(
        'signature_missing',
        'A directory of issuers is taken only with its signature and certificate.',
      );
    }
    const { time } = read;
    if (time === null || time < signer.notBefore || time > signer.notAfter) {
      throw refuse(
        'signer_window',
        'The directory was not made while the certificate of its signature was valid.',
      );
    }
  }
  const { time: _time, ...anchors } = read;
  return { ...anchors, signer: signer?.fingerprint ?? null };
}

function isJsonText(data: Uint8Array): boolean {
  const first = data.find((byte) => byte !== 0x20 && (byte < 9 || byte > 13));
  return first === 0x7b;
}

function readCertificates(data: Uint8Array): Read {
  const { records, refused } = parseDccCertificates(data);
  const nameless = refused.map((each) => ({ issuer: null, ...each }));
  return { form: 'dcc-certificates', issuers: 0, records, cardLists: [], refused: nameless, time: null };
}

/** Whether the JSON is one of the foreign forms, and not our own trust file. */
export function isForeignSource(json: unknown): json is JsonObject {
  if (!isJsonObject(json)) return false;
  return FOREIGN_MEMBERS.some((name) => Object.hasOwn(json, name));
}

type Read = Anchors & { readonly form: SourceForm; readonly time: number | null };

function readJson(json: unknown, issuer: string | null): Read {
  const members = isJsonObject(json) ? json : {};
  if ('issuerInfo' in members) {
    const { time } = members;
    const made = typeof time === 'string' ? Date.parse(time) / 1000 : Number.NaN;
    const read = parseCardDirectory(json, sha256);
    return { form: 'card-directory', ...read, time: Number.isNaN(made) ? null : made };
  }
  if ('assertionMethod' in members) {
    return { form: 'did-document', ...parseDidDocument(json), time: null };
  }
  if ('rids' in members) {
    return { form: 'card-revocations', ...NOTHING, cardLists: [parseCardList(json, issuer)], time: null };
  }
  return { form: 'card-issuer', ...parseCardSet(json, issuer, sha256), time: null };
}
