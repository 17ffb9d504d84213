// What codes name for ever: the issuer, and the address of their status lists. Fixed by the first start in a data folder, since
// codes that are out there cannot follow a change of settings.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Config } from '../config.js';
import { YimaError } from '../core/errors/yima-error.js';

type Identity = Pick<Config, 'issuer' | 'statusUrl'>;

const SETTING_NAMES = { issuer: 'YIMA_ISSUER', statusUrl: 'YIMA_PUBLIC_URL' } as const;

/**
 * The configuration with the identity that this data folder has had since its first start; a setting that was left out
 * follows it (another PORT moves links, never what codes name).
 * @param file kept in the data folder, whose lock the caller holds
 * @throws YimaError `config_invalid` with the setting that was given and differs
 */
export function settleIdentity(file: string, config: Config): Config {
  const { issuer, statusUrl } = config;
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, `${JSON.stringify({ issuer, statusUrl }, null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    });
    renameSync(`${file}.new`, file);
    return config;
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Identity;
  for (const key of ['issuer', 'statusUrl'] as const) {
    if (config.given[key] && config[key] !== kept[key]) throw otherIdentity(SETTING_NAMES[key], kept[key]);
  }
  return { ...config, ...kept };
}

/**
 * The configuration with the identity of a backup that is to be restored, which the data folder has from then on.
 * @throws YimaError `config_invalid` when the folder, or a setting that was given, names another
 */
export function keepIdentity(file: string, config: Config, { issuer, statusUrl }: Identity): Config {
  const ofBackup = { ...config, issuer, statusUrl };
  for (const key of ['issuer', 'statusUrl'] as const) {
    if (config.given[key] && config[key] !== ofBackup[key])
      throw otherIdentity(SETTING_NAMES[key], ofBackup[key]);
  }
  return settleIdentity(file, { ...ofBackup, given: { issuer: true, statusUrl: true } });
}

function otherIdentity(field: string, kept: string): YimaError {
  const message = `Codes issued from this data folder name ${kept}. Set ${field} to it, or name a new data folder.`;
  return new YimaError('config_invalid', message, { field });
}
