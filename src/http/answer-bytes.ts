// An answer as the bytes of its JSON text. Most of it is sentences that never change, so each is encoded once and copied: on the
// way of every verification this costs a fifth of a compiled serialiser and of the socket's own encoding of Chinese text.
// The tests hold it against JSON.stringify.

import { REASONS } from '../core/errors/reasons.js';
import type { Answer, AnswerCredential, ShownClaim } from '../core/verify/answer.js';

/** Encoded texts of objects that live as long as the program: reasons, kinds, labels, checks. */
const constants = new WeakMap<object, Buffer>();
/** By label, which mostly one field has. */
const claimStarts = new WeakMap<object, { readonly name: string; readonly bytes: Buffer }>();

const NULL = Buffer.from('null');
const COMMA = Buffer.from(',');
const UTF8_BYTES_A_UNIT = 3;

/** Answers are written here one after another, and copied out. */
let page = Buffer.allocUnsafe(16_384);
let length = 0;

function reserve(bytes: number): void {
  if (length + bytes <= page.length) return;
  const larger = Buffer.allocUnsafe(2 * (length + bytes));
  larger.set(page.subarray(0, length));
  page = larger;
}

function put(text: string): void {
  reserve(text.length * UTF8_BYTES_A_UNIT);
  length += page.write(text, length);
}

function putBytes(bytes: Buffer): void {
  reserve(bytes.length);
  page.set(bytes, length);
  length += bytes.length;
}

function putConstant(value: object | null): void {
  if (value === null) {
    putBytes(NULL);
    return;
  }
  let bytes = constants.get(value);
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(value));
    constants.set(value, bytes);
  }
  putBytes(bytes);
}

/** The UTF-8 of what `JSON.stringify(answer)` writes. */
export function answerBytes(answer: Answer): Buffer {
  const { decision, reason, tone, text, policy } = answer;
  length = 0;
  put(`{"decision":"${decision}","reason":"${reason}","tone":"${tone}","text":`);
  if (text === REASONS[reason].text) putConstant(text);
  else put(JSON.stringify(text));
  put(',"next":');
  putConstant(answer.next);
  put(',"credential":');
  putCredential(answer.credential);
  put(',"checks":[');
  for (const [at, check] of answer.checks.entries()) {
    if (at > 0) putBytes(COMMA);
    putConstant(check);
  }
  put(
    `],"statusAgeSeconds":${answer.statusAgeSeconds},"trustAgeSeconds":${answer.trustAgeSeconds},` +
      `"assurance":${JSON.stringify(answer.assurance)},"replay":"${answer.replay}",` +
      `"policy":${policy === null ? 'null' : JSON.stringify(policy)}}`,
  );
  return Buffer.from(page.subarray(0, length));
}

function putCredential(credential: AnswerCredential | null): void {
  if (credential === null) {
    putBytes(NULL);
    return;
  }
  const { outcome, envelope, kind, issuer, issuedAt, expiresAt, subject } = credential;
  put(`{"outcome":"${outcome}","envelope":"${envelope}","kind":${JSON.stringify(kind)},"kindTitle":`);
  putConstant(credential.kindTitle);
  put(`,"issuer":${JSON.stringify(issuer)},"issuedAt":${issuedAt},"expiresAt":${expiresAt},"status":`);
  putConstant(credential.status);
  put(subject === null ? ',"subject":null}' : ',"subject":[');
  if (subject === null) return;
  for (const [at, claim] of subject.entries()) {
    if (at > 0) putBytes(COMMA);
    putClaim(claim);
  }
  put(']}');
}

function putClaim({ name, label, value, text }: ShownClaim): void {
  let start = claimStarts.get(label);
  if (start?.name !== name) {
    const json = `{"name":${JSON.stringify(name)},"label":${JSON.stringify(label)},"value":`;
    start = { name, bytes: Buffer.from(json) };
    claimStarts.set(label, start);
  }
  putBytes(start.bytes);
  put(
    text === undefined
      ? `${JSON.stringify(value)}}`
      : `${JSON.stringify(value)},"text":${JSON.stringify(text)}}`,
  );
}
