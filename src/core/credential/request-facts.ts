// What the claims of a request say together: dates against today and each other, and against the citizen number, which is
// known in full at the desk alone.

import { type CitizenNumber, parseCitizenNumber } from './citizen-number.js';
import { claimError } from './claim-rules.js';
import { CITIZEN_ID_TYPE } from './field-types.js';
import type { Claims, Field, Kind } from './kind.js';
import { kindFields } from './kind-fields.js';

/** Of GB/T 2261.1, 0 and 9 leave the sex open and so contradict nothing. */
const STATED_SEX: readonly unknown[] = ['male', 'female'];

/** The citizen number that the named field holds, or null where it holds another document's number or nothing. */
function findCitizenNumber(kind: Kind, claims: Claims, name: string): CitizenNumber | null {
  const each = kindFields(kind, 'request').byName.get(name);
  if (each === undefined || !Object.hasOwn(claims, name)) return null;
  const isCitizen = each.field.type === 'citizen-number' || claims[each.idType ?? ''] === CITIZEN_ID_TYPE;
  return isCitizen ? parseCitizenNumber(String(claims[name])) : null;
}

function checkDates({ name, happened, notBefore }: Field, claims: Claims, today: string): void {
  const date = String(claims[name]);
  if (happened === true && date > today) throw claimError('ahead_of_today', name);
  if (notBefore === undefined || !Object.hasOwn(claims, notBefore)) return;
  if (date < String(claims[notBefore])) throw claimError('before_start', name);
}

function checkPart({ name, partOf }: Field, kind: Kind, claims: Claims): void {
  if (partOf === undefined) return;
  const number = findCitizenNumber(kind, claims, partOf.number);
  if (number === null || claims[name] === number[partOf.part]) return;
  if (partOf.part === 'birth' || STATED_SEX.includes(claims[name])) throw claimError('contradiction', name);
}

/**
 * Refuses what each claim may say alone but not beside the others.
 * @param claims checked as `request`
 * @param today 'YYYY-MM-DD', China Standard Time
 * @throws YimaError `invalid_claims` with `field` and `rule`
 */
export function checkRequestFacts(kind: Kind, claims: Claims, today: string): void {
  for (const { field } of kindFields(kind, 'request').list) {
    if (!Object.hasOwn(claims, field.name)) continue;
    checkDates(field, claims, today);
    checkPart(field, kind, claims);
  }
}
