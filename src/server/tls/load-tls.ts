// The certificate of the public port, as the setting says: own, or from files.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { checkPrivate } from '../../adapters/keyfile/key-folder.js';
import type { Config } from '../../config.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { isPair, lanAddresses, type OwnTls, openOwnTls } from './own-certificate.js';
import type { TlsPair } from './tls-pair.js';

export type LoadedTls = TlsPair | OwnTls;

/**
 * @param now epoch seconds
 * @returns null: plain HTTP
 * @throws YimaError `key_file_unsafe` when others may read a key, `config_invalid` when files are missing or do not belong together
 */
export function loadTls({ tls, dataDir }: Pick<Config, 'tls' | 'dataDir'>, now: number): LoadedTls | null {
  if (tls === null) return null;
  if (tls === 'self') return openOwnTls(join(dataDir, 'tls'), lanAddresses(), now);
  const pair = { cert: read(tls.certFile), key: read(tls.keyFile), authority: null };
  checkPrivate(tls.keyFile);
  if (!isPair(pair) || !isUsable(pair))
    throw refused(
      'The key is not that of the certificate, or one of them is no PEM; the key may not be encrypted.',
    );
  return pair;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw refused(`${file} cannot be read.`, cause);
  }
}

function isUsable(pair: TlsPair): boolean {
  try {
    createSecureContext(pair);
    return true;
  } catch {
    return false;
  }
}

function refused(message: string, cause?: unknown): YimaError {
  return new YimaError('config_invalid', message, { field: 'YIMA_TLS', cause });
}
