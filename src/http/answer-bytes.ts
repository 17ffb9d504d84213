// An answer as the bytes of its JSON text. Most of it is sentences that never change, so each is encoded once and copied; the rest is
// written by a plain loop. On the way of every verification a call into the runtime for each of some thirty pieces cost more
// than the rungs of the ladder. The tests hold it against JSON.stringify.

import { REASONS, type ReasonCode } from '../core/errors/reasons.js';
import type { Answer, AnswerCredential, ShownClaim } from '../core/verify/answer.js';

/** Encoded texts of objects that live as long as the program: titles, status meanings, lists of checks. */
const constants = new WeakMap<object, Buffer>();
/** By label, which mostly one field has. */
const claimStarts = new WeakMap<object, { readonly name: string; readonly bytes: Buffer }>();
/** Everything in front of the credential, for sentences without parameters. */
const openings = new Map<ReasonCode, Buffer>();

const NULL = Buffer.from('null');
const UTF8_BYTES_A_UNIT = 3;
/** What JSON.stringify may not leave as it is: quotes, backslashes, controls, lone surrogates. */
const TO_ESCAPE = /["\\\p{Cc}\p{Cs}]/u;

/** Answers are written here one after another, and copied out. */
let page = Buffer.allocUnsafe(16_384);
let length = 0;

function reserve(bytes: number): void {
  if (length + bytes <= page.length) return;
  const larger = Buffer.allocUnsafe(2 * (length + bytes));
  larger.set(page.subarray(0, length));
  page = larger;
}

/** UTF-8. Text of JSON.stringify holds no lone surrogate; a pair is left to the runtime. */
function put(text: string): void {
  reserve(text.length * UTF8_BYTES_A_UNIT);
  const start = length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) page[length++] = code;
    else if (code < 0x800) putTwo(code);
    else if (code < 0xd800 || code > 0xdfff) putThree(code);
    else {
      length = start + page.write(text, start);
      return;
    }
  }
}

function putTwo(code: number): void {
  page[length++] = 0xc0 | (code >> 6);
  page[length++] = 0x80 | (code & 0x3f);
}

function putThree(code: number): void {
  page[length++] = 0xe0 | (code >> 12);
  page[length++] = 0x80 | ((code >> 6) & 0x3f);
  page[length++] = 0x80 | (code & 0x3f);
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

function quoted(text: string): string {
  return TO_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** The UTF-8 of what `JSON.stringify(answer)` writes. */
export function answerBytes(answer: Answer): Buffer {
  const { policy } = answer;
  length = 0;
  putOpening(answer);
  putCredential(answer.credential);
  put(',"checks":');
  putConstant(answer.checks);
  put(
    `,"statusAgeSeconds":${answer.statusAgeSeconds},"trustAgeSeconds":${answer.trustAgeSeconds},` +
      `"assurance":${answer.assurance === null ? 'null' : quoted(answer.assurance)},"replay":"${answer.replay}",` +
      `"policy":${policy === null ? 'null' : policyJson(policy)}}`,
  );
  const bytes = Buffer.allocUnsafe(length);
  page.copy(bytes, 0, 0, length);
  return bytes;
}

function policyJson({ id, version, rule }: NonNullable<Answer['policy']>): string {
  return `{"id":${quoted(id)},"version":${version},"rule":${rule === null ? 'null' : quoted(rule)}}`;
}

/** Nobody's answer but the reason's own words: then they are written once for all. */
function isUsual({ reason, decision, tone, text, next }: Answer): boolean {
  const usual = REASONS[reason];
  return decision === usual.decision && tone === usual.tone && text === usual.text && next === usual.next;
}

function putOpening(answer: Answer): void {
  const { reason, decision, tone, text, next } = answer;
  const usual = isUsual(answer);
  let bytes = usual ? openings.get(reason) : undefined;
  if (bytes === undefined) {
    const start = JSON.stringify({ decision, reason, tone, text, next });
    bytes = Buffer.from(`${start.slice(0, -1)},"credential":`);
    if (usual) openings.set(reason, bytes);
  }
  putBytes(bytes);
}

function putCredential(credential: AnswerCredential | null): void {
  if (credential === null) {
    putBytes(NULL);
    return;
  }
  const { outcome, envelope, kind, issuer, issuedAt, expiresAt, subject } = credential;
  put(`{"outcome":"${outcome}","envelope":"${envelope}","kind":${quoted(kind)},"kindTitle":`);
  putConstant(credential.kindTitle);
  put(
    `,"issuer":${issuer === null ? 'null' : quoted(issuer)},"issuedAt":${issuedAt},"expiresAt":${expiresAt},"status":`,
  );
  putConstant(credential.status);
  put(subject === null ? ',"subject":null}' : ',"subject":[');
  if (subject === null) return;
  let separator = '';
  for (const claim of subject) {
    put(separator);
    putClaim(claim);
    separator = ',';
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
  put(quoted(value));
  if (text !== undefined) put(`,"text":{"zh-CN":${quoted(text['zh-CN'])},"en":${quoted(text.en)}}`);
  put('}');
}
