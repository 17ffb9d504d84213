// Checks an issue request against its kind and the node's own region, and fixes the credential's content and times.

import { endOfLocalDay, localDate } from '../codec/calendar.js';
import { parseRegion, regionCovers } from '../codec/region.js';
import { carriedClaims, checkClaims } from '../credential/claims.js';
import type { Claims, Kind, KindTable } from '../credential/kind.js';
import { findLastDay } from '../credential/last-day.js';
import { checkRequestFacts } from '../credential/request-facts.js';
import { YimaError } from '../errors/yima-error.js';
import type { IssueRequest } from './commands.js';
import { type Form, UNBOUND_FORMS, type UnboundForm } from './form.js';

export interface CheckedRequest {
  readonly kind: Kind;
  readonly region: string;
  /** What the code will carry. */
  readonly claims: Claims;
  readonly forms: readonly Form[];
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  /** The status value that it begins with. */
  readonly level: number;
}

/** Paper has no clock and no phone; a JWS goes to machines. Both have the kind's validity. */
export const DEFAULT_FORMS: readonly UnboundForm[] = ['screen'];
/** 9999-12-31T23:59:59Z: no envelope holds a later expiry. */
const LAST_SECOND = 253_402_300_799;

/**
 * @param scopeRegion region prefix the node may issue for
 * @throws YimaError `invalid_request` or `claims_rejected`, each with the field
 */
export function checkIssueRequest(
  request: IssueRequest,
  kinds: KindTable,
  scopeRegion: string,
  now: number,
): CheckedRequest {
  const kind = kinds.byName(request.kind);
  if (kind === undefined) {
    throw new YimaError('invalid_request', 'This kind is not known here; GET /v1/kinds lists them.', {
      field: 'kind',
    });
  }
  const region = parseRegion(request.region);
  if (region === null || !regionCovers(scopeRegion, region)) {
    throw new YimaError(
      'invalid_request',
      `The region must be a GB/T 2260 code under ${scopeRegion || 'any province'}.`,
      {
        field: 'region',
      },
    );
  }
  checkPrintable(request.operator, 64, 'operator');
  checkPrintable(request.evidence, 128, 'evidence');
  if (request.batch !== undefined) checkPrintable(request.batch, 64, 'batch');
  const claims = carriedFrom(kind, request, localDate(now));
  return fixed(kind, region, claims, request, now);
}

/**
 * The same for what was checked before, when it began to wait.
 * @param request with claims as the code carries them
 * @throws YimaError `claims_rejected` for a licence that has ended meanwhile
 */
export function checkHeldRequest(request: IssueRequest, kinds: KindTable, now: number): CheckedRequest {
  const kind = kinds.byName(request.kind);
  if (kind === undefined) throw new YimaError('conflict', 'This kind is not issued here any more.');
  return fixed(kind, request.region, request.claims as Claims, request, now);
}

function fixed(
  kind: Kind,
  region: string,
  claims: Claims,
  { forms, validSeconds }: IssueRequest,
  now: number,
): CheckedRequest {
  const expiresAt = expiry(kind, claims, validSeconds, now);
  return { kind, region, claims, forms: checkForms(forms), issuedAt: now, expiresAt, level: 0 };
}

function carriedFrom(kind: Kind, request: IssueRequest, today: string): Claims {
  const regionClaim = request.claims['region'];
  if (regionClaim !== undefined && regionClaim !== request.region) {
    throw new YimaError('claims_rejected', 'The claim must equal the request’s own region; leave it out.', {
      field: 'claims.region',
    });
  }
  try {
    const claims = checkClaims(kind, { ...request.claims, region: request.region }, 'request');
    checkRequestFacts(kind, claims, today);
    return carriedClaims(kind, claims);
  } catch (error) {
    if (!(error instanceof YimaError) || error.code !== 'invalid_claims') throw error;
    throw new YimaError('claims_rejected', error.message, {
      field: error.field === undefined ? 'claims' : `claims.${error.field}`,
      cause: error,
    });
  }
}

function checkForms(forms: readonly UnboundForm[] = DEFAULT_FORMS): readonly UnboundForm[] {
  const known = forms.every((form) => UNBOUND_FORMS.includes(form));
  if (forms.length === 0 || !known || new Set(forms).size !== forms.length) {
    throw new YimaError('invalid_request', `Name each form once, of ${UNBOUND_FORMS.join(', ')}.`, {
      field: 'forms',
    });
  }
  return forms;
}

/** Asked first: the other is a table of all that Unicode has. */
const ASCII = /^[\x20-\x7e]*$/;
const CONTROL = /\p{C}/u;

/** No control characters, so that a log line stays one line. @throws YimaError `invalid_request` with the field */
export function checkPrintable(text: string, maxLength: number, field: string): void {
  if (text.length < 1 || text.length > maxLength || (!ASCII.test(text) && CONTROL.test(text))) {
    throw new YimaError('invalid_request', `Give 1 to ${maxLength} printable characters.`, { field });
  }
}

/** exp never outlives the kind's limit, nor the licence's own last day (China Standard Time). */
function expiry(kind: Kind, claims: Claims, validSeconds: number | undefined, now: number): number | null {
  const asked = askedSeconds(kind, validSeconds, now);
  const lastDay = findLastDay(kind, claims);
  if (lastDay === null) return asked === null ? null : now + asked;
  const lastSecond = endOfLocalDay(lastDay.date);
  if (lastSecond === null) throw new YimaError('internal', 'A checked date is not a date.');
  if (lastSecond <= now) {
    throw new YimaError('claims_rejected', 'The licence has ended by this date; renew it first.', {
      field: `claims.${lastDay.field}`,
    });
  }
  return asked === null ? lastSecond : Math.min(now + asked, lastSecond);
}

/** null: without end. */
function askedSeconds(kind: Kind, validSeconds: number | undefined, now: number): number | null {
  const { defaultSeconds, maxSeconds } = kind.validity;
  if (validSeconds === undefined) return defaultSeconds;
  if (!Number.isInteger(validSeconds) || validSeconds < 1) {
    throw new YimaError('invalid_request', 'validSeconds is a whole number of seconds from 1.', {
      field: 'validSeconds',
    });
  }
  const most = Math.min(maxSeconds ?? LAST_SECOND, LAST_SECOND - now);
  if (validSeconds > most) {
    throw new YimaError('invalid_request', `This kind is valid for at most ${most} seconds from now.`, {
      field: 'validSeconds',
    });
  }
  return validSeconds;
}
