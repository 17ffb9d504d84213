// An API key for the first minutes on loopback, in a 0600 file of the data folder, so that curl works at once. It lives a day, and
// not beyond the demo.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Principal } from '../core/issue/principal.js';
import type { Access } from '../http/deps.js';

const LIFETIME_SECONDS = 86_400;

/** @returns the path of the file; its key is kept while it is live */
export async function writeDemoKey(access: Access, dataDir: string): Promise<string> {
  const path = demoKeyPath(dataDir);
  if (liveKey(access, path) !== undefined) return path;
  const { secret } = await access.create('local', {
    name: 'demo',
    scopes: ['issue', 'verify', 'revoke'],
    expiresAt: Math.floor(Date.now() / 1000) + LIFETIME_SECONDS,
  });
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true }); // an older file would keep its own mode
  writeFileSync(temporary, `${secret}\n`, { mode: 0o600 });
  renameSync(temporary, path);
  return path;
}

/** Ends what an earlier start with the demo has left. */
export async function removeDemoKey(access: Access, dataDir: string): Promise<void> {
  const path = demoKeyPath(dataDir);
  const key = liveKey(access, path);
  if (key !== undefined) await access.revoke('local', key.id);
  rmSync(path, { force: true });
}

function demoKeyPath(dataDir: string): string {
  return join(dataDir, 'demo.key');
}

function liveKey(access: Access, path: string): Principal | undefined {
  try {
    return access.check(readFileSync(path, 'utf8').trim());
  } catch {
    return undefined; // no such file
  }
}
