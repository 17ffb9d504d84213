// Programs of this machine that some tests drive: where they are, and whether a test may do without.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The whole path of a program, or undefined. */
export function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Whether `YIMA_REQUIRE` names it: then its tests run and fail instead of skipping. */
export function isRequired(name: string): boolean {
  return (process.env['YIMA_REQUIRE'] ?? '').split(',').includes(name);
}
