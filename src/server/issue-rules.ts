// What the configuration says of issuing, by kind: how much an office may in a day, and which share waits for a second person.

import { SETTINGS } from '../config/settings.js';
import type { Config } from '../config.js';
import type { KindTable } from '../core/credential/kind.js';
import { YimaError } from '../core/errors/yima-error.js';

/** @throws YimaError `config_invalid` for a kind that does not exist: its rule would hold for nothing, in silence */
export function checkIssueRules(
  { issuesPerDay, secondLook }: Pick<Config, 'issuesPerDay' | 'secondLook'>,
  kinds: KindTable,
): void {
  for (const [setting, rules] of [
    [SETTINGS.issuesPerDay, issuesPerDay],
    [SETTINGS.secondLook, secondLook],
  ] as const) {
    const unknown = [...rules.keys()].find((name) => kinds.byName(name) === undefined);
    if (unknown === undefined) continue;
    const message = `${setting.name}: there is no kind ${unknown}; yima kinds lists them`;
    throw new YimaError('config_invalid', message, { field: setting.name });
  }
}
