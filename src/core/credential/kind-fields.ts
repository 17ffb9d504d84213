// A kind's fields ready for look-up: built once a kind, by Map, so that `__proto__` is a name like any other.

import { FIELD_TYPES, type FieldTypeRow } from './field-types.js';
import type { Field, Kind } from './kind.js';

export interface PreparedField {
  readonly field: Field;
  readonly row: FieldTypeRow;
  /** Name of the field that says whose name or number this is; undefined where nothing depends on it. */
  readonly idType: string | undefined;
}

export interface KindFields {
  readonly list: readonly PreparedField[];
  readonly byName: ReadonlyMap<string, PreparedField>;
  readonly byKey: ReadonlyMap<unknown, PreparedField>;
}

const prepared = new WeakMap<Kind, KindFields>();

function idTypeOf(field: Field): string | undefined {
  return field.type === 'holder-id' || field.mask !== undefined
    ? (field.idType ?? 'holderIdType')
    : undefined;
}

function prepareFields(kind: Kind): KindFields {
  const list = kind.fields.map((field) => ({
    field,
    row: FIELD_TYPES[field.type],
    idType: idTypeOf(field),
  }));
  return {
    list,
    byName: new Map(list.map((each) => [each.field.name, each])),
    byKey: new Map(list.map((each) => [each.field.key, each])),
  };
}

/** The prepared fields of a kind, made at the first call and kept as long as the kind lives. */
export function kindFields(kind: Kind): KindFields {
  let fields = prepared.get(kind);
  if (fields === undefined) {
    fields = prepareFields(kind);
    prepared.set(kind, fields);
  }
  return fields;
}
