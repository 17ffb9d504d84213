// What a person compares of a SMART Health Card's FHIR bundle: who it is about, and the newest dose or sample. Nothing else is judged.

import { isJsonObject, type JsonObject } from '../codec/json.js';
import { showable } from './shown-text.js';

/** HL7 FHIR R4: the date of each resource that a card may be about. */
const DATES: ReadonlyMap<unknown, string> = new Map([
  ['Immunization', 'occurrenceDateTime'],
  ['Observation', 'effectiveDateTime'],
]);

const NOTHING: JsonObject = {};

/** @returns `familyName`, `givenName`, `birthDate`, `date`, as far as the bundle has them */
export function shownOfBundle(bundle: JsonObject): Readonly<Record<string, string>> {
  const resources = listOf(bundle['entry'])
    .map((entry) => entry['resource'])
    .filter(isJsonObject);
  const patient = resources.find((each) => each['resourceType'] === 'Patient') ?? NOTHING;
  const name = listOf(patient['name'])[0] ?? NOTHING;
  const given = Array.isArray(name['given']) ? name['given'].join(' ') : undefined;
  const dates = resources.flatMap((each) => {
    const date = each[DATES.get(each['resourceType']) ?? ''];
    return typeof date === 'string' ? [date] : [];
  });
  return showable({
    familyName: name['family'],
    givenName: given,
    birthDate: patient['birthDate'],
    date: dates.sort().at(-1),
  });
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
