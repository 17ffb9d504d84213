// The kinds a node knows, by name and by number. To add a kind: one file in kinds/, one line here.

import { YimaError } from '../errors/yima-error.js';
import { checkKind } from './check-kind.js';
import type { Kind, KindTable } from './kind.js';
import { kindFields } from './kind-fields.js';
import { BUSINESS_LICENCE } from './kinds/business-licence.js';
import { DISABILITY_CARD } from './kinds/disability-card.js';
import { DRIVING_LICENCE } from './kinds/driving-licence.js';
import { FOOD_BUSINESS } from './kinds/food-business.js';
import { FOOD_HANDLER } from './kinds/food-handler.js';
import { HEALTH_CODE } from './kinds/health-code.js';
import { ID_CARD } from './kinds/id-card.js';
import { MARRIAGE_CERTIFICATE } from './kinds/marriage-certificate.js';
import { RESIDENCE_PERMIT } from './kinds/residence-permit.js';
import { SOCIAL_SECURITY_CARD } from './kinds/social-security-card.js';
import { SPECIAL_OPERATION } from './kinds/special-operation.js';
import { VEHICLE_LICENCE } from './kinds/vehicle-licence.js';

/**
 * A table of kinds, each checked and prepared for look-up.
 * @throws YimaError `config_invalid` when a kind contradicts itself, or two share a name or number
 */
export function createKindTable(kinds: readonly Kind[]): KindTable {
  for (const kind of kinds) {
    checkKind(kind);
    kindFields(kind);
  }
  const names = new Map(kinds.map((kind) => [kind.name, kind]));
  const numbers = new Map(kinds.map((kind) => [kind.number, kind]));
  if (names.size !== kinds.length || numbers.size !== kinds.length) {
    throw new YimaError('config_invalid', 'Give every kind a name and a number of its own.', {
      field: 'kinds',
    });
  }
  return {
    byName: (name) => names.get(name),
    byNumber: (number) => numbers.get(number),
    all: [...kinds],
  };
}

/** The kinds that are shipped. Their numbers are on the wire: never reused, never changed. */
export const KINDS: KindTable = createKindTable([
  HEALTH_CODE,
  BUSINESS_LICENCE,
  DRIVING_LICENCE,
  VEHICLE_LICENCE,
  ID_CARD,
  SOCIAL_SECURITY_CARD,
  MARRIAGE_CERTIFICATE,
  RESIDENCE_PERMIT,
  DISABILITY_CARD,
  FOOD_HANDLER,
  FOOD_BUSINESS,
  SPECIAL_OPERATION,
]);
