// EU DCC test data (dgc-testdata as one case a line): each EXPECTED flag is judged on its rung alone, from the input of that
// rung, even where the ladder would have stopped earlier.

import { createNodeVerify, inflateZlib } from '../../src/adapters/crypto-node.js';
import { parseDccCertificates } from '../../src/adapters/dcc-certificates.js';
import { decodeBase45 } from '../../src/core/codec/base45.js';
import { equalBytes, hexDecode } from '../../src/core/codec/bytes.js';
import { createPolicyTable } from '../../src/core/credential/policy-table.js';
import { inflateHc1, parseHc1Claims, parseHc1Message, stripHc1Prefix } from '../../src/core/envelope/hc1.js';
import type { ParsedCode } from '../../src/core/envelope/parsed-code.js';
import { YimaError } from '../../src/core/errors/yima-error.js';
import type { KeyRecord } from '../../src/core/trust/key-record.js';
import { scopeCovers } from '../../src/core/trust/scope.js';
import { checkTime } from '../../src/core/verify/check-time.js';
import { SHOWN_ANYWHERE } from '../../src/core/verify/showing.js';
import type { SuiteResult } from './suite.js';

/** One line of the file; what a case does not give is null. */
interface Case {
  readonly id: string;
  readonly prefix: string | null;
  /** null: what follows `HC1:` in `prefix`. */
  readonly base45: string | null;
  /** Hex. */
  readonly compressed: string | null;
  /** Hex. */
  readonly cose: string | null;
  /** Base64 of the DER certificate. */
  readonly cert: string;
  readonly clock: string;
  readonly expected: Readonly<Record<string, boolean>>;
}

type Judge = (test: Case) => boolean;

const verify = createNodeVerify();

function stage(hex: string | null, before: () => Uint8Array): Uint8Array {
  return hex === null || hex === '' ? before() : hexDecode(hex);
}

/** Thrown when a case does not hold what its flag is about. */
const MISSING = new Error('the case lacks the input of this rung');

function given(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') throw MISSING;
  return text;
}

function decoded(test: Case): Uint8Array {
  return decodeBase45(test.base45 ?? stripHc1Prefix(given(test.prefix)));
}

function inflated(test: Case): Uint8Array {
  return inflateHc1(
    stage(test.compressed, () => decoded(test)),
    inflateZlib,
  );
}

function message(test: Case): ReturnType<typeof parseHc1Message> {
  return parseHc1Message(stage(test.cose, () => inflated(test)));
}

/** The certificate's key; none when it may not enter the trust table. */
function record(test: Case): KeyRecord | undefined {
  return parseDccCertificates(Buffer.from(given(test.cert), 'base64')).records[0];
}

/** Whether what a rung gives is what the file holds for the next one, where it holds that. */
function agrees(bytes: Uint8Array, hex: string | null): boolean {
  return hex === null || hex === '' || equalBytes(bytes, hexDecode(hex));
}

/** The claims with what `checkTime` reads besides. */
function parsed(test: Case): ParsedCode {
  const { payload, ...signed } = message(test);
  const rest = { algorithm: null, bytes: payload, notBefore: null, status: null, deviceKey: null } as const;
  return { envelope: 'HC1', format: 'eu-dcc', ...rest, ...signed, ...parseHc1Claims(payload) };
}

/** ISO 8601 with or without an offset; without one it is UTC. */
function epochSeconds(clock: string): number {
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/.test(clock);
  const milliseconds = Date.parse(hasOffset ? clock : `${clock}Z`);
  if (Number.isNaN(milliseconds)) throw new Error(`clock ${clock}`);
  return Math.floor(milliseconds / 1000);
}

function unprefixes(test: Case): boolean {
  const rest = stripHc1Prefix(given(test.prefix));
  return test.base45 === null || rest === test.base45;
}

function verifies(test: Case): boolean {
  const key = record(test);
  const { kids, message: signed, signature, payload } = message(test);
  parseHc1Claims(payload);
  return key !== undefined && kids.includes(key.kid) && verify(key.key, signed, signature);
}

function isInTime(test: Case): boolean {
  const key = record(test);
  const now = epochSeconds(given(test.clock));
  const limits = {
    policies: createPolicyTable([], ''),
    clockFloor: null,
    maxTrustAgeSeconds: null,
    showing: SHOWN_ANYWHERE,
    sightings: null,
  };
  const context = { now, steady: 0, ...limits, status: { find: () => undefined } };
  return key !== undefined && checkTime(parsed(test), undefined, key, context) === null;
}

function mayBeSigned(test: Case): boolean {
  const key = record(test);
  const { kind } = parsed(test);
  return key !== undefined && scopeCovers(key.scope, String(kind), null);
}

const JUDGES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['EXPECTEDUNPREFIX', unprefixes],
  ['EXPECTEDB45DECODE', (test) => agrees(decoded(test), test.compressed)],
  ['EXPECTEDCOMPRESSION', (test) => agrees(inflated(test), test.cose)],
  ['EXPECTEDVERIFY', verifies],
  ['EXPECTEDEXPIRATIONCHECK', isInTime],
  ['EXPECTEDKEYUSAGE', mayBeSigned],
]);

/** A refusal is `false`, a missing input null; anything else thrown is the suite's own failure. */
function judgement(judge: Judge, test: Case): boolean | null {
  try {
    return judge(test);
  } catch (error) {
    if (error === MISSING) return null;
    if (error instanceof YimaError) return false;
    throw error;
  }
}

/** @param fileText one JSON object a line */
export async function euDcc(fileText: string): Promise<SuiteResult> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  const unjudged = new Map<string, number>();
  for (const line of fileText.split('\n').filter((text) => text.trim() !== '')) {
    const test = JSON.parse(line) as Case;
    for (const [flag, expected] of Object.entries(test.expected)) {
      const judge = JUDGES.get(flag);
      if (judge === undefined) {
        unjudged.set(flag, (unjudged.get(flag) ?? 0) + 1);
        continue;
      }
      const found = judgement(judge, test);
      if (found === expected) count.passed++;
      else if (found === null) {
        count.skipped++;
        lines.push(`skipped ${test.id} ${flag}: ${MISSING.message}`);
      } else {
        count.failed++;
        lines.push(`${test.id} ${flag}: expected ${expected}, found ${found}`);
      }
    }
  }
  for (const [flag, times] of unjudged) {
    count.skipped += times;
    lines.push(
      `skipped ${times} ${flag}: no rung of ours (schema, JSON, encoding and picture are out of scope)`,
    );
  }
  return { ...count, lines };
}
