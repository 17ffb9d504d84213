// An answer as the bytes of its JSON text. Most of it is sentences that never change, so each is encoded once and copied; the rest is
// written by plain loops: on the way of every verification, calls into the runtime, regular expressions and strings that are joined
// cost more than the rungs of the ladder. The tests hold it against JSON.stringify.

import { REASONS, type ReasonCode, type Text } from '../core/errors/reasons.js';
import type { Answer, AnswerCredential, ShownClaim } from '../core/verify/answer.js';

export const ANSWER_TYPE = 'application/json; charset=utf-8';

/** Encoded texts of objects that are in use again and again: status meanings, lists of checks, policies with their rule. */
const constants = new WeakMap<object, Buffer>();
/** By the object that mostly comes with the same other parts; where it comes with others, the entry is made anew. */
const credentialStarts = new WeakMap<object, Worded>();
const claimStarts = new WeakMap<object, Worded>();
const wordClaims = new WeakMap<object, Worded>();
/** Everything in front of the credential, for sentences without parameters. */
const openings = new Map<ReasonCode, Buffer>();

/** Bytes made of three parts that vary, and of what does not vary with them. */
interface Worded {
  readonly parts: readonly [unknown, unknown, unknown];
  readonly bytes: Buffer;
}

const UTF8_BYTES_A_UNIT = 3;
const PAGE_BYTES = 16_384;
/** Room that is left on a page for one more answer; longer ones move to a page of their own. */
const USUAL_BYTES = 2_048;

const MAX_DIGITS = 10;

/** Answers are written here one after another, each at `start`. A page lives as long as somebody still sends from it. */
let page = Buffer.allocUnsafeSlow(PAGE_BYTES);
let start = 0;
let end = 0;

function reserve(bytes: number): void {
  if (end + bytes <= page.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, 2 * (end - start + bytes)));
  larger.set(page.subarray(start, end));
  end -= start;
  start = 0;
  page = larger;
}

function putAscii(text: string): void {
  reserve(text.length);
  for (let i = 0; i < text.length; i++) page[end++] = text.charCodeAt(i);
}

function putBytes(bytes: Buffer): void {
  reserve(bytes.length);
  page.set(bytes, end);
  end += bytes.length;
}

/** A JSON string. What has to be escaped, and what is no plain UTF-16 unit, is left to JSON.stringify. */
function putString(text: string): void {
  reserve(UTF8_BYTES_A_UNIT * text.length + 2);
  const begin = end;
  page[end++] = 0x22;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || (unit & 0xf800) === 0xd800) {
      end = begin;
      putBytes(Buffer.from(JSON.stringify(text)));
      return;
    }
    putUnit(unit);
  }
  page[end++] = 0x22;
}

function putUnit(unit: number): void {
  if (unit < 0x80) {
    page[end++] = unit;
  } else if (unit < 0x800) {
    page[end++] = 0xc0 | (unit >> 6);
    page[end++] = 0x80 | (unit & 0x3f);
  } else {
    page[end++] = 0xe0 | (unit >> 12);
    page[end++] = 0x80 | ((unit >> 6) & 0x3f);
    page[end++] = 0x80 | (unit & 0x3f);
  }
}

function putStringOrNull(text: string | null): void {
  if (text === null) putAscii('null');
  else putString(text);
}

/** Whole seconds of our time are written digit by digit. */
function putNumber(value: number | null): void {
  if (value === null || !Number.isSafeInteger(value) || value < 0) {
    putAscii(JSON.stringify(value));
    return;
  }
  let digits = 1;
  for (let bound = 10; bound <= value; bound *= 10) digits++;
  reserve(digits);
  let rest = value;
  for (let at = end + digits - 1; at >= end; at--) {
    const tenth = Math.floor(rest / 10);
    page[at] = 0x30 + rest - 10 * tenth;
    rest = tenth;
  }
  end += digits;
}

/** @param value null, or an object that never changes; one that is in use again and again is written once */
function putConstant(before: string, value: object | null, after: string): void {
  if (value === null) {
    putAscii(`${before}null${after}`);
    return;
  }
  let bytes = constants.get(value);
  if (bytes === undefined) {
    bytes = Buffer.from(before + JSON.stringify(value) + after);
    constants.set(value, bytes);
  }
  putBytes(bytes);
}

/** Whether an entry was made of exactly these parts. */
function isOf(entry: Worded | undefined, a: unknown, b: unknown, c: unknown): entry is Worded {
  return entry !== undefined && entry.parts[0] === a && entry.parts[1] === b && entry.parts[2] === c;
}

/** The UTF-8 of what `JSON.stringify(answer)` writes. */
export function answerBytes(answer: Answer): Buffer {
  begin();
  putAnswer(answer);
  return page.subarray(start, end);
}

/** What stands in front of an answer: the bytes before and after the digits of its length. */
export interface AnswerHead {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** Head and answer in one piece. The answer is written first, and then in front of it its length and the rest. */
export function answerMessage(answer: Answer, { before, after }: AnswerHead): Buffer {
  begin();
  const room = before.length + MAX_DIGITS + after.length;
  reserve(room);
  end += room;
  putAnswer(answer);
  let at = start + room - after.length;
  page.set(after, at);
  for (let rest = end - start - room; rest > 0; rest = Math.floor(rest / 10)) page[--at] = 0x30 + (rest % 10);
  at -= before.length;
  page.set(before, at);
  return page.subarray(at, end);
}

function begin(): void {
  if (page.length - end < USUAL_BYTES) {
    page = Buffer.allocUnsafeSlow(PAGE_BYTES);
    end = 0;
  }
  start = end;
}

function putAnswer(answer: Answer): void {
  putOpening(answer);
  putCredential(answer.credential);
  putConstant(',"checks":', answer.checks, ',"statusAgeSeconds":');
  putNumber(answer.statusAgeSeconds);
  putAscii(',"trustAgeSeconds":');
  putNumber(answer.trustAgeSeconds);
  putAscii(',"assurance":');
  putStringOrNull(answer.assurance);
  putAscii(',"replay":');
  putString(answer.replay);
  putAscii(',"recognition":');
  putStringOrNull(answer.recognition);
  putConstant(',"policy":', answer.policy, '}');
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
    const json = JSON.stringify({ decision, reason, tone, text, next });
    bytes = Buffer.from(`${json.slice(0, -1)},"credential":`);
    if (usual) openings.set(reason, bytes);
  }
  putBytes(bytes);
}

function putCredential(credential: AnswerCredential | null): void {
  if (credential === null) {
    putAscii('null');
    return;
  }
  putCredentialStart(credential);
  putStringOrNull(credential.issuer);
  putAscii(',"issuedAt":');
  putNumber(credential.issuedAt);
  putAscii(',"expiresAt":');
  putNumber(credential.expiresAt);
  putConstant(',"status":', credential.status, ',"subject":');
  putSubject(credential.subject);
  putAscii('}');
}

/** A kind without a title is one that the issuer made up: nothing is kept of it. */
function putCredentialStart({ outcome, envelope, kind, kindTitle }: AnswerCredential): void {
  let entry = kindTitle === null ? undefined : credentialStarts.get(kindTitle);
  if (!isOf(entry, outcome, envelope, kind)) {
    const json = JSON.stringify({ outcome, envelope, kind, kindTitle });
    entry = { parts: [outcome, envelope, kind], bytes: Buffer.from(`${json.slice(0, -1)},"issuer":`) };
    if (kindTitle !== null) credentialStarts.set(kindTitle, entry);
  }
  putBytes(entry.bytes);
}

function putSubject(subject: AnswerCredential['subject']): void {
  if (subject === null) {
    putAscii('null');
    return;
  }
  putAscii('[');
  for (let i = 0; i < subject.length; i++) {
    if (i > 0) putAscii(',');
    putClaim(subject[i] as ShownClaim);
  }
  putAscii(']');
}

function putClaim({ name, label, value, text }: ShownClaim): void {
  if (text !== undefined) {
    putWordClaim(name, label, value, text);
    return;
  }
  let entry = claimStarts.get(label);
  if (!isOf(entry, name, null, null)) {
    const json = JSON.stringify({ name, label });
    entry = { parts: [name, null, null], bytes: Buffer.from(`${json.slice(0, -1)},"value":`) };
    claimStarts.set(label, entry);
  }
  putBytes(entry.bytes);
  putString(value);
  putAscii('}');
}

/** A value that is a word is one of few. */
function putWordClaim(name: string, label: Text, value: string, text: Text): void {
  let entry = wordClaims.get(text);
  if (!isOf(entry, name, value, label)) {
    const bytes = Buffer.from(JSON.stringify({ name, label, value, text }));
    entry = { parts: [name, value, label], bytes };
    wordClaims.set(text, entry);
  }
  putBytes(entry.bytes);
}
