// Folders whose files this node believes: only their owner and root may write to them.

import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { checkOnlyOursToWrite } from '../adapters/data-folder.js';
import { YimaError } from '../core/errors/yima-error.js';

/**
 * The files with one of these extensions, in name order; none where the folder is absent.
 * @param field the setting that names the folder
 * @throws YimaError `config_invalid` when the folder cannot be read, or others may write to it or to a file
 */
export function trustedFiles(
  folder: string,
  extensions: ReadonlySet<string>,
  field: string,
): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const message = `The folder ${folder} cannot be read. Look at its permissions.`;
    throw new YimaError('config_invalid', message, { field, cause });
  }
  checkOnlyOursToWrite(folder, field);
  const paths = names.filter((name) => extensions.has(extname(name))).map((name) => join(folder, name));
  for (const path of paths) checkOnlyOursToWrite(path, field);
  return paths;
}
