// The national hub's code in place of another authority's: the same carried claims and colour under the hub's own signature, for a short
// while. What is not proven, not another authority's own, or bound to a phone is never translated.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import type { Claims, Kind } from '../credential/kind.js';
import { kindFields } from '../credential/kind-fields.js';
import { REGION } from '../credential/kinds/common-fields.js';
import { SOURCE_ISSUER } from '../credential/kinds/own-fields.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import type { Issued, TranslationRequest } from './commands.js';
import { type CheckedRequest, checkPrintable, DEFAULT_FORMS } from './issue-request.js';
import type { Plan } from './ledger.js';
import type { LogEntry } from './log.js';
import type { Store, StoredCredential } from './store.js';

/** What a code says that was judged valid here, and that its authority signed itself. */
export interface SourceCode {
  readonly issuer: string;
  readonly kind: Kind;
  /** As the code carries them. */
  readonly claims: Claims;
  /** Epoch seconds; null: without end. */
  readonly expiresAt: number | null;
  /** The published status value: a level, since revoked and suspended codes are not valid. */
  readonly level: number;
}

/** @throws YimaError `claims_rejected` when the code is not fit to be translated, with the reason as rule */
export type ReadSource = (code: string) => SourceCode;

export interface CheckedTranslation extends CheckedRequest {
  readonly source: { readonly issuer: string; readonly sha256: string };
}

/** A translated code does not hear of it when its source is revoked, so it lives shortly. */
const LONGEST_SECONDS = 30 * 60;

/**
 * @param readSource null: this node is not the hub
 * @throws YimaError `forbidden` away from the hub, `invalid_request` with the field, `claims_rejected` for the code
 */
export function checkTranslation(
  { code, operator, evidence }: TranslationRequest,
  readSource: ReadSource | null,
  sha256: Sha256,
  now: number,
): CheckedTranslation {
  if (readSource === null) {
    throw new YimaError(
      'forbidden',
      'Only the national hub translates codes; ask it, or read the code as it is.',
    );
  }
  checkPrintable(operator, 64, 'operator');
  checkPrintable(evidence, 128, 'evidence');
  const { issuer, kind, claims, expiresAt, level } = readSource(code);
  if (!kindFields(kind).byName.has(SOURCE_ISSUER)) {
    throw rejected('kind_not_translated', 'Codes of this kind are read everywhere as they are.');
  }
  const end = now + LONGEST_SECONDS;
  const earliest = expiresAt === null ? end : Math.min(expiresAt, end);
  if (earliest <= now) throw rejected('expired', 'The code has run out; the holder renews it first.');
  return {
    kind,
    region: String(claims[REGION.name]),
    claims: { ...claims, [SOURCE_ISSUER]: issuer },
    forms: DEFAULT_FORMS,
    issuedAt: now,
    expiresAt: earliest,
    level,
    source: { issuer, sha256: hexEncode(sha256(utf8Encode(code))) },
  };
}

/** What it was translated from, and the state that it so begins in. */
export function translatedEntry(
  { credential: { id, issuedAt, revoked, suspended, level } }: StoredCredential,
  { source }: CheckedTranslation,
  actor: string,
): LogEntry {
  const body = { credential: id, source: source.issuer, sha256: source.sha256, revoked, suspended, level };
  return { at: issuedAt, actor, type: 'translated', body };
}

/** Nobody gets the code before its colour stands in the lists, also when the store's answer was lost. */
export function withLevel(
  plan: Plan<Issued>,
  publish: (stored: StoredCredential) => void,
  store: Store,
): Plan<Issued> {
  const [id] = plan.change.credentials?.map((credential) => credential.id) ?? [];
  if (id === undefined) return plan;
  return {
    ...plan,
    unsure: async () => {
      const settled = await store.findCredential(id);
      if (settled !== undefined) publish(settled);
    },
    done: (rows) => {
      const issued = plan.done(rows);
      publish(issued);
      return issued;
    },
  };
}

/** @param rule stable: a reason code, `kind_not_translated`, `not_a_local_code` or `bound_to_device` */
export function rejected(rule: string, message: string): YimaError {
  return new YimaError('claims_rejected', message, { field: 'code', rule });
}
