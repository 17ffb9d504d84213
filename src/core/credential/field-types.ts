// One row a field type: which JSON value it accepts, its CBOR form, and how it reads on a screen.

import { dateFromDays, daysFromDate, localDateTime } from '../codec/calendar.js';
import { parseRegion, provinceName } from '../codec/region.js';
import type { Text } from '../errors/reasons.js';
import { parseCitizenNumber } from './citizen-number.js';
import { claimError } from './claim-rules.js';
import { parseCreditCode } from './credit-code.js';
import type { Field, FieldType } from './kind.js';
import { parseLicenceId } from './licence-id.js';
import { findTextFault, isOverlong, isPlainText } from './text-rule.js';

/** `request`: what an issuing office sends, full values. `carried`: what a code holds, in its one permitted form. */
export type Stage = 'request' | 'carried';

/** Of the field `idType` names. */
export const CITIZEN_ID_TYPE = '111';
export const CREDIT_ID_TYPE = '001';
/** Characters of a holder's number of any other type. */
export const MAX_OTHER_ID = 32;

export interface FieldTypeRow {
  /**
   * The value in its one JSON form.
   * @param idType the claim that says which number a `holder-id` is
   * @throws YimaError `invalid_claims` with field and rule
   */
  readonly check: (value: unknown, field: Field, stage: Stage, idType: unknown) => string | number;
  /** A checked value as CBOR carries it. */
  readonly toCbor: (value: string | number, field: Field) => string | number;
  /** What CBOR carried, as JSON; `check` judges the result, undefined is never accepted. */
  readonly fromCbor: (value: unknown, field: Field) => unknown;
  readonly show: (value: string | number, field: Field) => string | Text;
}

const FIRST_DAY = daysFromDate('1800-01-01') ?? 0;
const LAST_DAY = daysFromDate('2999-12-31') ?? 0;
const LAST_INSTANT = 253_402_300_799; // 9999-12-31T23:59:59Z: milliseconds of our time lie above it
const WORD_CHARACTER = /[\p{L}\p{N}]/u;
const CODE = /^[\x21-\x7e]+$/;

function asString(value: unknown, field: Field): string {
  if (typeof value !== 'string') throw claimError('wrong_type', field.name);
  return value;
}

function asInteger(value: unknown, field: Field, max: number): number {
  if (typeof value !== 'number') throw claimError('wrong_type', field.name);
  if (!Number.isSafeInteger(value) || value < 0 || value > max) throw claimError('out_of_range', field.name);
  return value;
}

/** `-0` would be a second spelling of 0. */
function plainZero(value: number): number {
  return value === 0 ? 0 : value;
}

/** A name of separators alone names nobody, and has nothing to mask. */
function refuseEmptyWords(text: string, field: Field): void {
  if (field.mask !== undefined && text.includes('*')) throw claimError('masked', field.name);
  const mustName = field.required === true || field.mask !== undefined;
  if (mustName && !WORD_CHARACTER.test(text)) throw claimError('format', field.name);
}

function checkText(value: unknown, field: Field, stage: Stage): string {
  const raw = asString(value, field);
  const maxLength = field.maxLength ?? 0;
  const mayChange = stage === 'request' && !isOverlong(raw, maxLength) && !isPlainText(raw);
  const text = mayChange ? raw.normalize('NFC') : raw;
  const fault = findTextFault(text, maxLength);
  if (fault !== null) throw claimError(fault, field.name);
  if (stage === 'request') refuseEmptyWords(text, field);
  return text;
}

function checkCodeText(value: unknown, field: Field, maxLength: number): string {
  const text = asString(value, field);
  if (text.length === 0) throw claimError('empty', field.name);
  if (text.length > maxLength) throw claimError('too_long', field.name);
  if (!CODE.test(text)) throw claimError('format', field.name);
  if (field.mask !== undefined && text.includes('*')) throw claimError('masked', field.name);
  return text;
}

/** A number with a check character: the right length but no sense is most likely a slip of the pen. */
function checkNumber(value: unknown, field: Field, parse: (text: string) => unknown, length: number): string {
  const text = asString(value, field);
  if (parse(text) !== null) return text;
  if (text.includes('*')) throw claimError('masked', field.name);
  throw claimError(length === 0 || text.length === length ? 'check_character' : 'format', field.name);
}

function checkDate(value: unknown, field: Field): string {
  const date = asString(value, field);
  const days = daysFromDate(date);
  if (days === null) throw claimError('format', field.name);
  if (days < FIRST_DAY || days > LAST_DAY) throw claimError('out_of_range', field.name);
  return date;
}

function checkRegion(value: unknown, field: Field): string {
  const region = asString(value, field);
  if (parseRegion(region) === null) throw claimError('unknown_region', field.name);
  return region;
}

function checkChoice(value: unknown, field: Field): string {
  const chosen = asString(value, field);
  if (!field.choices?.some((choice) => choice.value === chosen))
    throw claimError('unknown_choice', field.name);
  return chosen;
}

function checkHolderId(value: unknown, field: Field, _stage: Stage, idType: unknown): string {
  if (idType === CITIZEN_ID_TYPE) return checkNumber(value, field, parseCitizenNumber, 18);
  if (idType === CREDIT_ID_TYPE) return checkNumber(value, field, parseCreditCode, 18);
  return checkCodeText(value, field, MAX_OTHER_ID);
}

function choiceNumber(value: string | number, field: Field): number {
  const choice = field.choices?.find((each) => each.value === value);
  if (choice === undefined) throw claimError('unknown_choice', field.name);
  return choice.number;
}

/** Shown for every credential, and there are few: made once each, up to a number that no country has. */
const regionTexts = new Map<string, Text>();
const MAX_REGION_TEXTS = 8_192;

function regionText(value: string | number): string | Text {
  const region = String(value);
  const known = regionTexts.get(region);
  if (known !== undefined) return known;
  const province = provinceName(region);
  if (province === undefined) return region;
  const text = { 'zh-CN': `${province['zh-CN']} ${region}`, en: `${province.en} ${region}` };
  if (regionTexts.size < MAX_REGION_TEXTS) regionTexts.set(region, text);
  return text;
}

const AS_IT_IS = {
  toCbor: (value: string | number): string | number => value,
  fromCbor: (value: unknown): unknown => value,
  show: (value: string | number): string => String(value),
} as const;

export const FIELD_TYPES: Readonly<Record<FieldType, FieldTypeRow>> = {
  text: { ...AS_IT_IS, check: checkText },
  code: { ...AS_IT_IS, check: (value, field) => checkCodeText(value, field, field.maxLength ?? 0) },
  date: {
    check: checkDate,
    toCbor: (value, field) => {
      const days = daysFromDate(String(value));
      if (days === null) throw claimError('format', field.name);
      return days;
    },
    fromCbor: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= FIRST_DAY && value <= LAST_DAY
        ? dateFromDays(value)
        : undefined,
    show: (value) => String(value),
  },
  instant: {
    ...AS_IT_IS,
    check: (value, field) => plainZero(asInteger(value, field, LAST_INSTANT)),
    show: (value) => localDateTime(Number(value)),
  },
  integer: {
    ...AS_IT_IS,
    check: (value, field) => plainZero(asInteger(value, field, Number.MAX_SAFE_INTEGER)),
  },
  region: {
    check: checkRegion,
    toCbor: (value) => Number(value),
    fromCbor: (value) => (typeof value === 'number' ? String(value) : undefined),
    show: regionText,
  },
  'citizen-number': {
    ...AS_IT_IS,
    check: (value, field) => checkNumber(value, field, parseCitizenNumber, 18),
  },
  'credit-code': { ...AS_IT_IS, check: (value, field) => checkNumber(value, field, parseCreditCode, 18) },
  'licence-id': { ...AS_IT_IS, check: (value, field) => checkNumber(value, field, parseLicenceId, 0) },
  'holder-id': { ...AS_IT_IS, check: checkHolderId },
  choice: {
    check: checkChoice,
    toCbor: choiceNumber,
    fromCbor: (value, field) => field.choices?.find((choice) => choice.number === value)?.value,
    show: (value, field) => field.choices?.find((choice) => choice.value === value)?.text ?? String(value),
  },
};
