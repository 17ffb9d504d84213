// Our API keys at other authorities, in a file that only this user may read.

import { readFileSync } from 'node:fs';
import { checkPrivate } from '../../adapters/keyfile/key-folder.js';
import { SETTINGS } from '../../config/settings.js';
import { utf8Decode } from '../../core/codec/bytes.js';
import { isJsonObject, parseStrictJson } from '../../core/codec/json.js';
import { ISSUER } from '../../core/codec/names.js';
import { YimaError } from '../../core/errors/yima-error.js';

/** RFC 6750, section 2.1, of a length that a header takes. */
const TOKEN = /^[A-Za-z0-9._~+/-]{1,512}={0,2}$/;

/**
 * Reads `{issuer: key}`.
 * @param path null: there is no such file, and no key
 * @throws YimaError `key_file_unsafe` when others may read it; `config_invalid` when it cannot be read or is of another form. No
 *   message repeats what is in it
 */
export function readPartnerKeys(path: string | null): ReadonlyMap<string, string> {
  if (path === null) return new Map();
  const field = SETTINGS.partnerKeysFile.name;
  let json: unknown;
  try {
    checkPrivate(path);
    json = parseStrictJson(utf8Decode(readFileSync(path)));
  } catch (error) {
    if (error instanceof YimaError && error.code === 'key_file_unsafe') throw error;
    throw new YimaError('config_invalid', `${field}: ${path} cannot be read as JSON.`, { field });
  }
  const rows = isJsonObject(json) ? Object.entries(json) : [];
  const sound = rows.every(
    ([issuer, key]) => ISSUER.test(issuer) && typeof key === 'string' && TOKEN.test(key),
  );
  if (!isJsonObject(json) || !sound) {
    throw new YimaError('config_invalid', `${field}: ${path} must hold {"issuer": "its API key for us"}.`, {
      field,
    });
  }
  return new Map(rows as [string, string][]);
}
