// Published vectors lie beside the checkout, never in it; where they are absent the tests that read them skip visibly.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export const ROOT = packageRoot();

/** The path of a vectors file, or undefined where the folder is absent. */
export function sharedPath(name: string): string | undefined {
  const path = join(ROOT, '..', 'shared', 'vectors', name);
  return existsSync(path) ? path : undefined;
}

export function sharedFile(name: string): string | undefined {
  const path = sharedPath(name);
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}
