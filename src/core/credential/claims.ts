// Claims against their kind's table: checked, carried in a code, read back, shown. Nothing outside the table passes.

import type { Text } from '../errors/reasons.js';
import { isMaskedCitizenNumber } from './citizen-number.js';
import { claimError } from './claim-rules.js';
import { CITIZEN_ID_TYPE, CREDIT_ID_TYPE, MAX_OTHER_ID, type Stage } from './field-types.js';
import type { Claims, Field, Kind } from './kind.js';
import { type KindFields, kindFields, type PreparedField } from './kind-fields.js';
import { maskId, maskName } from './mask.js';
import { findTextFault } from './text-rule.js';

/** A claim as a screen shows it: masked where the kind says so, in field order. */
export interface DisplayedClaim {
  readonly name: string;
  readonly label: Text;
  /** In Chinese where the value is a word, e.g. `居民身份证`. */
  readonly value: string;
  /** The value in both languages, only where it is a word. */
  readonly text?: Text;
}

type Value = string | number;

const MASKS = { name: maskName, id: maskId } as const;
const MASKED_ID = /^[\x21-\x7e]+$/;

/** Own members only: a claim never comes from a prototype. */
function ownValue(claims: Readonly<Record<string, unknown>>, name: string | undefined): unknown {
  return name !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** The mask that applies to this value, or undefined: an organisation's name and credit code are public. */
function maskOf(field: Field, idType: unknown): ((text: string) => string) | undefined {
  const isPublic = idType === CREDIT_ID_TYPE && (field.type === 'holder-id' || field.type === 'text');
  return field.mask === undefined || isPublic ? undefined : MASKS[field.mask];
}

function isMaskedForm(text: string, field: Field, idType: unknown): boolean {
  if (field.mask === 'name') return findTextFault(text, field.maxLength ?? 0) === null;
  const isCitizen =
    field.type === 'citizen-number' || (field.type === 'holder-id' && idType === CITIZEN_ID_TYPE);
  if (isCitizen) return isMaskedCitizenNumber(text);
  return text.length <= (field.maxLength ?? MAX_OTHER_ID) && MASKED_ID.test(text);
}

function checkMasked(value: unknown, field: Field, idType: unknown, mask: (text: string) => string): string {
  if (typeof value !== 'string') throw claimError('wrong_type', field.name);
  if (!value.includes('*')) throw claimError('not_masked', field.name);
  if (!isMaskedForm(value, field, idType) || mask(value) !== value) throw claimError('format', field.name);
  return value;
}

function checkValue(each: PreparedField, value: unknown, stage: Stage, idType: unknown): Value {
  const { field, row } = each;
  const mask = field.carry === 'masked' ? maskOf(field, idType) : undefined;
  if (mask !== undefined && stage === 'carried') return checkMasked(value, field, idType, mask);
  return row.check(value, field, stage, idType);
}

function refuseUnknown({ byName }: KindFields, claims: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(claims).find((name) => !byName.has(name));
  if (unknown !== undefined) throw claimError('unknown_field', unknown);
}

/**
 * The claims in their one JSON form, fields in the kind's order. `request` normalises text to NFC and wants full
 * values; `carried` wants what a code holds: NFC already, masked where the kind carries a value masked, and nothing
 * that is never carried.
 * @throws YimaError `invalid_claims` with `field` and `rule`: unknown or missing fields, and values outside the table
 */
export function checkClaims(kind: Kind, claims: Readonly<Record<string, unknown>>, stage: Stage): Claims {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) throw claimError('not_object');
  const fields = kindFields(kind, stage);
  refuseUnknown(fields, claims);
  const checked: Record<string, Value> = {};
  for (const each of fields.list) {
    const { name, required } = each.field;
    if (Object.hasOwn(claims, name)) {
      checked[name] = checkValue(each, claims[name], stage, ownValue(claims, each.idType));
    } else if (required === true) throw claimError('required', name);
  }
  return checked;
}

/** What a code carries of checked claims: its `carry: 'masked'` in masked form, `'never'` left out. */
export function carriedClaims(kind: Kind, claims: Claims): Claims {
  const carried: Record<string, Value> = {};
  for (const { field, idType } of kindFields(kind).list) {
    const value = ownValue(claims, field.name) as Value | undefined;
    if (value === undefined) continue;
    const mask = field.carry === 'masked' ? maskOf(field, ownValue(claims, idType)) : undefined;
    carried[field.name] = mask === undefined ? value : mask(String(value));
  }
  return carried;
}

/** Checked claims under their integer keys, values in CBOR form; `decodeClaims` gives the same claims back. */
export function encodeClaims(kind: Kind, claims: Claims): Map<number, unknown> {
  const values = new Map<number, unknown>();
  for (const { field, row } of kindFields(kind).list) {
    const value = ownValue(claims, field.name) as Value | undefined;
    if (value !== undefined) values.set(field.key, row.toCbor(value, field));
  }
  return values;
}

/**
 * The claims of a code from their CBOR form, checked as `carried`.
 * @throws YimaError `invalid_claims` with `field` and `rule`, as `checkClaims`; an unknown key too
 */
export function decodeClaims(kind: Kind, values: ReadonlyMap<unknown, unknown>): Claims {
  const { byKey } = kindFields(kind);
  const claims: Record<string, unknown> = {};
  for (const [key, value] of values) {
    const each = byKey.get(key);
    if (each === undefined)
      throw claimError('unknown_field', typeof key === 'number' ? String(key) : undefined);
    claims[each.field.name] = each.row.fromCbor(value, each.field);
  }
  return checkClaims(kind, claims, 'carried');
}

/** Checked claims of either stage for a screen, in field order: what a code carries, masked where the kind says so. */
export function showClaims(kind: Kind, claims: Claims): readonly DisplayedClaim[] {
  const displayed: DisplayedClaim[] = [];
  for (const { field, row, idType } of kindFields(kind).list) {
    const value = ownValue(claims, field.name) as Value | undefined;
    if (value === undefined) continue;
    const mask = maskOf(field, ownValue(claims, idType));
    const shown = mask === undefined ? row.show(value, field) : maskOnce(String(value), mask);
    const { name, label } = field;
    if (typeof shown === 'string') displayed.push({ name, label, value: shown });
    else displayed.push({ name, label, value: shown['zh-CN'], text: shown });
  }
  return displayed;
}

/** A value with an asterisk is masked already: full values of masked fields may hold none. */
function maskOnce(value: string, mask: (text: string) => string): string {
  return value.includes('*') ? value : mask(value);
}
