// A kind's fields ready for look-up: built once a kind and stage, by Map, so that `__proto__` is a name like any other.

import { FIELD_TYPES, type FieldTypeRow, type Stage } from './field-types.js';
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

/** A code lacks the fields that are never carried, a request those that only a translation sets. */
type Stages = Readonly<Record<Stage, KindFields>>;

const prepared = new WeakMap<Kind, Stages>();

function idTypeOf(field: Field): string | undefined {
  return field.type === 'holder-id' || field.mask !== undefined
    ? (field.idType ?? 'holderIdType')
    : undefined;
}

function prepareFields(fields: readonly Field[]): KindFields {
  const list = fields.map((field) => ({
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

function prepareStages({ fields }: Kind): Stages {
  const requested = fields.filter((field) => field.carry !== 'translated');
  const carried = fields.filter((field) => field.carry !== 'never');
  return { request: prepareFields(requested), carried: prepareFields(carried) };
}

/**
 * The prepared fields of a kind at a stage, by default those that a code may carry; made at the first call and kept as
 * long as the kind lives.
 */
export function kindFields(kind: Kind, stage: Stage = 'carried'): KindFields {
  let stages = prepared.get(kind);
  if (stages === undefined) {
    stages = prepareStages(kind);
    prepared.set(kind, stages);
  }
  return stages[stage];
}
