// SMART Health Card cases (health-cards-dev-tools, and the examples of the framework and of HL7): accepted as `shc:/` codes are here, with
// the keys and revocation lists that the file brings along, at its clock. Its authors take a card from the future and warn, so such a
// card is judged at the time from which it is valid, unless the case is about that.

import { createNodeVerify, inflateRaw, inflateZlib, sha256 } from '../../src/adapters/crypto-node.js';
import { isJsonObject, parseStrictJson } from '../../src/core/codec/json.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { createPolicyTable } from '../../src/core/credential/policy-table.js';
import { parseCode } from '../../src/core/envelope/parse-code.js';
import { readShcPayload } from '../../src/core/envelope/shc.js';
import { YimaError } from '../../src/core/errors/yima-error.js';
import { parseCardSet } from '../../src/core/trust/anchors/card-issuers.js';
import {
  type HeldCardList,
  parseCardList,
  withCardLists,
} from '../../src/core/trust/anchors/card-list-file.js';
import type { KeyRecord, KeyTable } from '../../src/core/trust/key-record.js';
import { createKeyTable } from '../../src/core/trust/key-table.js';
import { SKEW_SECONDS } from '../../src/core/verify/check-time.js';
import type { VerifyContext } from '../../src/core/verify/context.js';
import { SHOWN_ANYWHERE } from '../../src/core/verify/showing.js';
import { verifyCode } from '../../src/core/verify/verify-code.js';
import type { SuiteResult } from './suite.js';

interface Case {
  readonly name: string;
  readonly type: string;
  readonly files: readonly string[];
  /** Empty: accepted. */
  readonly codes: readonly string[];
}

interface Vectors {
  /** Epoch seconds. */
  readonly clock: number;
  readonly cases: readonly Case[];
  /** By name: cards as text; `jwks:ISSUER` and `crl:ANY` as text or JSON. */
  readonly files: Readonly<Record<string, unknown>>;
}

/** What no rung of ours is about. */
const OUT_OF_SCOPE: ReadonlySet<string> = new Set([
  'SCHEMA_ERROR',
  'FHIR_SCHEMA_ERROR',
  'INVALID_FILE_EXTENSION',
]);
/** What one symbol holds, so the longest JWS there is as `shc:/`. */
const MAX_JWS_CHARS = 1_195;

interface World {
  readonly clock: number;
  /** Whether a card that is not valid yet is judged when it is. */
  readonly mayWait: boolean;
  readonly keys: KeyTable;
}

/** Thrown with the reason why a case cannot be judged. */
class Unjudged extends Error {}

function jsonOf(value: unknown): unknown {
  return typeof value === 'string' ? parseStrictJson(value) : value;
}

function createWorld({ clock, files }: Vectors): World {
  const named = Object.entries(files);
  const records = named.flatMap(([name, file]) =>
    name.startsWith('jwks:') ? recordsOf(file, issuerOf(name)) : [],
  );
  const lists = named.flatMap(([name, file]) =>
    name.startsWith('crl:') ? listsOf(file, issuerOf(name)) : [],
  );
  return { clock, mayWait: true, keys: createKeyTable(withCardLists(records, lists), clock) };
}

/** What stands behind the colon, without the place under which issuers publish. */
function issuerOf(name: string): string {
  return name.slice(name.indexOf(':') + 1).replace(/\/\.well-known\/.*$/, '');
}

/** None of a set that is none: its issuer's cards are nobody's. */
function recordsOf(file: unknown, issuer: string): readonly KeyRecord[] {
  return orNothing(() => parseCardSet(jsonOf(file), issuer, sha256).records);
}

/** None of a list that is not sound: then its key's cards cannot be judged. One that is named after no issuer is for all. */
function listsOf(file: unknown, name: string): readonly HeldCardList[] {
  return orNothing(() => [parseCardList(jsonOf(file), name.startsWith('https:') ? name : null)]);
}

function orNothing<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof YimaError) return [];
    throw error;
  }
}

/** The answer's reason; a foreign code that is valid has no policy here. */
function reasonOf(text: string, world: World): string {
  const reason = reasonAt(text, world.clock, world);
  if (reason !== 'not_yet_valid' || !world.mayWait) return reason;
  const { notBefore } = parseCode(text, { inflate: inflateZlib, inflateRaw });
  return reasonAt(text, notBefore ?? world.clock, world);
}

function reasonAt(text: string, clock: number, { keys }: World): string {
  const context: VerifyContext = {
    now: clock,
    steady: clock,
    status: { find: () => undefined },
    policies: createPolicyTable([], ''),
    maxTrustAgeSeconds: null,
    clockFloor: null,
    showing: SHOWN_ANYWHERE,
    sightings: null,
  };
  const deps = { keys, verify: createNodeVerify(), inflate: inflateZlib, inflateRaw, kinds: KINDS, context };
  return verifyCode(text, deps).reason;
}

/** A JWS as the code that it would be shown as. */
function numeric(jws: string): string {
  return `shc:/${[...jws].map((char) => String(char.charCodeAt(0) - 45).padStart(2, '0')).join('')}`;
}

function judgeJws(jws: string, world: World, isExpected: boolean): string {
  if (isExpected && jws.length > MAX_JWS_CHARS) {
    throw new Unjudged(
      `its ${jws.length} characters are more than one symbol holds, and chunks are not read`,
    );
  }
  return reasonOf(numeric(jws), world);
}

function judgeFile(text: string, world: World, isExpected: boolean): string {
  if (text.trim() !== text) return 'damaged';
  const json: unknown = parseStrictJson(text);
  const cards = isJsonObject(json) ? json['verifiableCredential'] : undefined;
  if (!Array.isArray(cards) || cards.length === 0) return 'damaged';
  const reasons = cards.map((card) => judgeJws(String(card), world, isExpected));
  return reasons.find((reason) => reason !== 'no_policy') ?? 'no_policy';
}

/** Without a signature only the rungs of content and time are left. */
function judgePayload(text: string, { clock, mayWait }: World): string {
  const { fault, issuer, notBefore, expiresAt } = readShcPayload(text);
  if (fault !== null) return `invalid_claims (${fault})`;
  if (issuer === null) return 'issuer_unknown';
  if (expiresAt !== null && clock - SKEW_SECONDS >= expiresAt) return 'expired';
  return !mayWait && clock + SKEW_SECONDS < (notBefore ?? 0) ? 'not_yet_valid' : 'no_policy';
}

/** Each type's reason for the first of its texts that is not accepted, `no_policy` when all are. */
function judge(test: Case, texts: readonly string[], world: World): string {
  const isExpected = test.codes.length === 0;
  const judges: Readonly<Record<string, (text: string) => string>> = {
    qrnumeric: (text) => reasonOf(text, world),
    jws: (text) => judgeJws(text, world, isExpected),
    healthcard: (text) => judgeFile(text, world, isExpected),
    jwspayload: (text) => judgePayload(text, world),
  };
  const judgeText = judges[test.type];
  if (judgeText === undefined) throw new Unjudged(`the type ${test.type} is not read here`);
  return texts.map(judgeText).find((reason) => reason !== 'no_policy') ?? 'no_policy';
}

function textsOf({ codes, files }: Case, { files: held }: Vectors): readonly string[] {
  const beside = codes.find((code) => OUT_OF_SCOPE.has(code));
  if (beside !== undefined) throw new Unjudged(`${beside} is out of scope`);
  return files.map((name) => {
    const text = held[name];
    if (typeof text !== 'string') throw new Unjudged(`the vectors do not hold ${name}`);
    return text;
  });
}

/** @param fileText one JSON object: clock, cases, files */
export async function shc(fileText: string): Promise<SuiteResult> {
  const vectors = JSON.parse(fileText) as Vectors;
  const world = createWorld(vectors);
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  for (const test of vectors.cases) {
    const expected = test.codes.length === 0 ? 'accepted' : `refused (${test.codes.join(', ')})`;
    try {
      const reason = reasonFor(test, vectors, world);
      if ((reason === 'no_policy') === (test.codes.length === 0)) count.passed++;
      else {
        count.failed++;
        lines.push(`${test.name} failed: expected ${expected}, found ${reason}`);
      }
    } catch (error) {
      if (!(error instanceof Unjudged)) throw error;
      count.skipped++;
      lines.push(`${test.name} (${test.type}) skipped: ${error.message}`);
    }
  }
  return { ...count, lines };
}

/** A parser's refusal is a reason like any other. */
function reasonFor(test: Case, vectors: Vectors, world: World): string {
  try {
    const mayWait = !test.codes.includes('NOT_YET_VALID');
    return judge(test, textsOf(test, vectors), { ...world, mayWait });
  } catch (error) {
    if (error instanceof YimaError) return error.code;
    throw error;
  }
}
