import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { removeDemoKey, writeDemoKey } from '../../src/server/demo-key.js';
import { openQuietNode, privateFolder } from '../support/open-node.js';

const DAY = 86_400;

t.test(
  'the demo’s key lives a day in a private file, is kept while it is live, and goes with the demo',
  async (t) => {
    const dataDir = join(privateFolder(t), 'data');
    const { access } = await openQuietNode(t, dataDir);
    const path = join(dataDir, 'demo.key');
    const key = (): string => readFileSync(path, 'utf8').trim();
    writeFileSync(path, 'left by somebody\n', { mode: 0o644 });

    t.equal(await writeDemoKey(access, dataDir), path);
    t.equal(statSync(path).mode & 0o777, 0o600, 'whatever stood there before');
    const first = key();
    const [row] = await access.list();
    const left = (row?.expiresAt ?? 0) - Date.now() / 1000;
    t.ok(left > DAY - 60 && left <= DAY, `${left} seconds`);
    await writeDemoKey(access, dataDir);
    t.equal(key(), first);

    await access.revoke('local', row?.id ?? '');
    await writeDemoKey(access, dataDir);
    t.not(key(), first, 'a dead key is replaced');

    const second = key();
    await removeDemoKey(access, dataDir);
    t.equal(access.check(second), undefined);
    t.notOk(existsSync(path));
    await t.resolves(removeDemoKey(access, dataDir), 'nothing to remove is no fault');
  },
);
