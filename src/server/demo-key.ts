// An API key for the first minutes on loopback, in a 0600 file of the data folder, so that curl works at once.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiKeys } from '../core/issue/api-keys.js';

/** @returns the path of the file; made once, kept while its key is live */
export async function writeDemoKey(access: ApiKeys, dataDir: string): Promise<string> {
  const path = join(dataDir, 'demo.key');
  const isLive = existsSync(path) && access.check(readFileSync(path, 'utf8').trim()) !== undefined;
  if (!isLive) {
    const { secret } = await access.create('local', {
      name: 'demo',
      scopes: ['issue', 'verify', 'revoke'],
      expiresAt: null,
    });
    writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  }
  return path;
}
