// Trust documents as JWS in General JSON form: several signatures over one payload, and one text for one document.

import { decodeBase64url, encodeBase64url } from '../../codec/base64url.js';
import { asciiEncode, concatBytes, utf8Decode, utf8Encode } from '../../codec/bytes.js';
import { canonicalJson, isJsonObject, type JsonObject, parseStrictJson } from '../../codec/json.js';
import type { Sha256 } from '../../signature/public-key.js';
import { refuseDocument } from './rules.js';

export type DocumentType = 'root' | 'list';
export type DocumentAlgorithm = 'Ed25519' | 'ES256';

export interface DocumentSignature {
  /** RFC 7638 SHA-256 thumbprint of the signing key, base64url, 43 characters. */
  readonly kid: string;
  readonly algorithm: DocumentAlgorithm;
  readonly signature: Uint8Array;
}

export interface SignedDocument {
  readonly type: DocumentType;
  /** The one form: what is stored, sent and compared. */
  readonly text: string;
  readonly payload: JsonObject;
  /** base64url SHA-256 of the payload, 43 characters: what `prev` and the pin name. */
  readonly hash: string;
  /** Ascending by kid, at most 32, no kid twice. None yet: a draft. */
  readonly signatures: readonly DocumentSignature[];
}

/** A document whose payload was not read: what can be checked of it costs little, however long it is and whatever it holds. */
export interface SealedDocument extends Pick<SignedDocument, 'type' | 'text' | 'hash' | 'signatures'> {
  /** base64url. */
  readonly encoded: string;
}

const MAX_CHARS = 2 * 1024 * 1024;
const MAX_SIGNATURES = 32;
const MAX_DEPTH = 8;
const PAYLOAD = '{"payload":"';
/** Longer than any `MAX_SIGNATURES` of them. */
const MAX_SIGNATURE_CHARS = 16 * 1024;
/** 256 bits: the last character carries 4 of them and no other ones, or it would name no key that there can be. */
const THUMBPRINT = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const TYPES: Readonly<Record<DocumentType, string>> = {
  root: 'yima-trust-root+json',
  list: 'yima-trust-list+json',
};

export function isThumbprint(value: unknown): value is string {
  return typeof value === 'string' && THUMBPRINT.test(value);
}

/** What a signature's `protected` member holds, before base64url: the one text for a type, an algorithm and a key. */
function headerText(
  type: DocumentType,
  { algorithm, kid }: Pick<DocumentSignature, 'algorithm' | 'kid'>,
): string {
  return JSON.stringify({ alg: algorithm, kid, typ: TYPES[type] });
}

function base64urlText(text: string): string {
  return encodeBase64url(utf8Encode(text));
}

/**
 * The bytes that one key signs.
 * @see RFC 7515, section 5.1
 */
export function signingInput(
  document: Pick<SignedDocument, 'type' | 'payload'>,
  by: Pick<DocumentSignature, 'algorithm' | 'kid'>,
): Uint8Array {
  return createSigningInput(document)(by);
}

/** The same for many keys: the payload, which may be long, is written down once, when it is first asked for. */
export function createSigningInput({
  type,
  payload,
}: Pick<SignedDocument, 'type' | 'payload'>): (
  by: Pick<DocumentSignature, 'algorithm' | 'kid'>,
) => Uint8Array {
  let body: Uint8Array | null = null;
  return (by) => {
    body ??= asciiEncode(base64urlText(canonicalJson(payload)));
    return withHeader(type, by, body);
  };
}

/** What each key of a sealed document signed. */
export function createSealedInput({
  type,
  encoded,
}: SealedDocument): (by: Pick<DocumentSignature, 'algorithm' | 'kid'>) => Uint8Array {
  const body = utf8Encode(encoded);
  return (by) => withHeader(type, by, body);
}

function withHeader(
  type: DocumentType,
  by: Pick<DocumentSignature, 'algorithm' | 'kid'>,
  body: Uint8Array,
): Uint8Array {
  return concatBytes(asciiEncode(`${base64urlText(headerText(type, by))}.`), body);
}

/**
 * Puts a document together; signatures may come in any order.
 * @throws YimaError `list_refused`, rules `signature_order`: two of one key, `too_many`
 */
export function createSignedDocument(
  type: DocumentType,
  payload: JsonObject,
  signatures: readonly DocumentSignature[],
  sha256: Sha256,
): SignedDocument {
  if (signatures.length > MAX_SIGNATURES) throw refuseDocument('too_many', { field: 'signatures' });
  const bytes = utf8Encode(canonicalJson(payload));
  const sorted = [...signatures].sort((a, b) => (a.kid < b.kid ? -1 : 1));
  checkOrder(sorted);
  const text = JSON.stringify({
    payload: encodeBase64url(bytes),
    signatures: sorted.map((each) => ({
      protected: base64urlText(headerText(type, each)),
      signature: encodeBase64url(each.signature),
    })),
  });
  return { type, text, payload, hash: encodeBase64url(sha256(bytes)), signatures: sorted };
}

/**
 * Both documents' signatures over one payload.
 * @throws YimaError `list_refused`, rules `fork`: the payloads differ, `too_many`
 */
export function mergeSignatures(a: SignedDocument, b: SignedDocument, sha256: Sha256): SignedDocument {
  if (a.type !== b.type || a.hash !== b.hash) throw refuseDocument('fork');
  const known = new Set(a.signatures.map(({ kid }) => kid));
  const more = b.signatures.filter(({ kid }) => !known.has(kid));
  return createSignedDocument(a.type, a.payload, [...a.signatures, ...more], sha256);
}

/**
 * Reads a document without trusting it. Every text but the one that `createSignedDocument` makes is refused.
 * @param text at most 2 MiB
 * @throws YimaError `list_refused`, rules too_long, not_json, not_canonical, form, header, type, signature_order, too_many
 * @see RFC 7515, section 7.2.1
 */
export function parseSignedDocument(text: string, sha256: Sha256): SignedDocument {
  if (text.length > MAX_CHARS) throw refuseDocument('too_long');
  const outer = strictJson(text);
  if (!isJsonObject(outer)) throw refuseDocument('form', { field: '(all)' });
  const { payload: encoded, signatures } = outer;
  if (typeof encoded !== 'string') throw refuseDocument('form', { field: 'payload' });
  if (!Array.isArray(signatures)) throw refuseDocument('form', { field: 'signatures' });
  if (signatures.length > MAX_SIGNATURES) throw refuseDocument('too_many', { field: 'signatures' });
  const payload = strictJson(utf8Of(encoded));
  const type = isJsonObject(payload) ? payload['type'] : undefined;
  if (!isJsonObject(payload) || (type !== 'root' && type !== 'list')) {
    throw refuseDocument('form', { field: 'type' });
  }
  const read = (signatures as readonly unknown[]).map((each) => readSignature(each, type));
  checkOrder(read);
  const document = createSignedDocument(type, payload, read, sha256);
  if (document.text !== text) throw refuseDocument('not_canonical');
  return document;
}

/**
 * Reads what stands around the payload, and nothing of the payload.
 * @throws YimaError `list_refused`, rules too_long, not_canonical, not_json, form, header, type, signature_order, too_many; `threshold` when
 *   nobody has signed
 */
export function openSeals(text: string, sha256: Sha256): SealedDocument {
  if (text.length > MAX_CHARS) throw refuseDocument('too_long');
  const end = text.indexOf('"', PAYLOAD.length);
  const rest = text.slice(end + 1);
  const isForm = text.startsWith(PAYLOAD) && end > 0 && rest.startsWith(',');
  if (!isForm || rest.length > MAX_SIGNATURE_CHARS) throw refuseDocument('not_canonical');
  const outer = strictJson(`{${rest.slice(1)}`);
  const signatures = isJsonObject(outer) ? outer['signatures'] : undefined;
  if (!Array.isArray(signatures)) throw refuseDocument('form', { field: 'signatures' });
  if (signatures.length > MAX_SIGNATURES) throw refuseDocument('too_many', { field: 'signatures' });
  if (signatures.length === 0) throw refuseDocument('threshold');
  const type = typeOf(signatures[0]);
  const read = (signatures as readonly unknown[]).map((each) => readSignature(each, type));
  checkOrder(read);
  const encoded = text.slice(PAYLOAD.length, end);
  return { type, text, encoded, hash: encodeBase64url(sha256(bytesOf(encoded))), signatures: read };
}

/** As a signature's header tells it. */
function typeOf(signature: unknown): DocumentType {
  const header = isJsonObject(signature) ? strictJson(utf8Of(signature['protected'])) : null;
  const typ = isJsonObject(header) ? header['typ'] : null;
  if (typ === TYPES.root) return 'root';
  if (typ === TYPES.list) return 'list';
  throw refuseDocument('type');
}

function strictJson(text: string): unknown {
  try {
    return parseStrictJson(text, { maxDepth: MAX_DEPTH });
  } catch (cause) {
    throw refuseDocument('not_json', { cause });
  }
}

function bytesOf(encoded: unknown): Uint8Array {
  if (typeof encoded !== 'string') throw refuseDocument('form', { field: 'signatures' });
  try {
    return decodeBase64url(encoded);
  } catch (cause) {
    throw refuseDocument('not_canonical', { cause });
  }
}

function utf8Of(encoded: unknown): string {
  const bytes = bytesOf(encoded);
  try {
    return utf8Decode(bytes);
  } catch (cause) {
    throw refuseDocument('not_json', { cause });
  }
}

function readSignature(value: unknown, type: DocumentType): DocumentSignature {
  if (!isJsonObject(value)) throw refuseDocument('form', { field: 'signatures' });
  const text = utf8Of(value['protected']);
  const header = strictJson(text);
  if (!isJsonObject(header)) throw refuseDocument('header');
  const { alg, kid, typ } = header;
  if ((alg !== 'Ed25519' && alg !== 'ES256') || !isThumbprint(kid)) throw refuseDocument('header');
  if (typ !== TYPES[type]) throw refuseDocument('type');
  if (headerText(type, { algorithm: alg, kid }) !== text) throw refuseDocument('header');
  const signature = bytesOf(value['signature']);
  if (signature.length !== 64) throw refuseDocument('form', { field: 'signature' });
  return { kid, algorithm: alg, signature };
}

function checkOrder(signatures: readonly DocumentSignature[]): void {
  const ordered = signatures.every(({ kid }, i) => i === 0 || (signatures[i - 1]?.kid ?? '') < kid);
  if (!ordered) throw refuseDocument('signature_order');
}
