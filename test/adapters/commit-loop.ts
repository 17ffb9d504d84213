// A process of its own that commits until it is killed and writes each acknowledged number to standard output.
// Arguments: data folder, migrations folder, and at most how many commits.

import { writeSync } from 'node:fs';
import { openDataFolder } from '../../src/adapters/data-folder.js';
import { openDatabase } from '../../src/adapters/sqlite/database.js';
import { createSqliteStore } from '../../src/adapters/sqlite/store.js';
import { issueChange } from './store-rows.js';

const [, , path = '', migrations = '', most = 'Infinity'] = process.argv;
const folder = openDataFolder(path);
const store = createSqliteStore(openDatabase(folder.file('yima.db'), migrations));
writeSync(1, 'ready\n');
for (let done = 0; done < Number(most); done++) {
  const head = await store.head();
  await store.commit(issueChange(head, (head?.seq ?? 0) + 1));
  writeSync(1, `${(head?.seq ?? 0) + 1}\n`);
}
await store.close();
folder.close();
