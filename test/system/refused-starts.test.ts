// What a node will not start with: it says what is wrong and what to do, in one line, and ends with the code for it.

import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { dataFolder, freePorts, makeNode, runYima, startNode } from '../support/node-process.js';
import { createClient } from './support/client.js';

const REFUSED = 1;
const TRY_AGAIN = 75;

t.test('a data folder that another node holds', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, await freePorts());
  const second = runYima(['serve'], dataDir, { settings: await freePorts() });
  t.equal(second.code, TRY_AGAIN);
  t.match(second.talk, /^yima: Process \d+ is using the data folder\. Stop it, or name another folder\.\n$/);
  t.equal(second.out, '', 'it never served');
  const client = createClient(node, dataDir);
  const { encodings } = await client.issue('after');
  t.equal(await client.verify(encodings[0].code), 'admit/ok', 'the first is unharmed');
});

t.test('a setting that does not exist', async (t) => {
  const { code, talk } = runYima(['serve'], dataFolder(t), {
    settings: { PORT: '0', YIMA_LOG_LEVLE: 'debug' },
  });
  t.equal(code, REFUSED);
  t.match(talk, /YIMA_LOG_LEVLE.*nearest is YIMA_LOG_LEVEL/);
});

t.test('settings that are none, all named at once and none repeated', async (t) => {
  const { code, talk } = runYima(['serve'], dataFolder(t), {
    settings: { PORT: 'secret-1', YIMA_ISSUER: 'Secret 2' },
  });
  t.equal(code, REFUSED);
  t.match(talk, /PORT: expected/);
  t.match(talk, /YIMA_ISSUER: expected/);
  t.notMatch(talk, /secret/i);
});

t.test('a free port without a public address, which codes would have to name', async (t) => {
  const dataDir = dataFolder(t);
  const { code, talk } = runYima(['serve'], dataDir, { settings: { PORT: '0' } });
  t.equal(code, REFUSED);
  t.match(talk, /^yima: YIMA_PUBLIC_URL: needed when PORT is 0/);
  t.notOk(existsSync(dataDir), 'nothing was made');
});

t.test('a key that others may read', async (t) => {
  const dataDir = dataFolder(t);
  await makeNode(t, dataDir);
  const folder = join(dataDir, 'keys');
  const [name = ''] = readdirSync(folder);
  chmodSync(join(folder, name), 0o644);
  const readable = runYima(['serve'], dataDir);
  t.equal(readable.code, REFUSED);
  t.match(readable.talk, /^yima: Others may read .*Run: chmod -R go= /);
  chmodSync(join(folder, name), 0o600);
  chmodSync(folder, 0o755);
  t.equal(runYima(['serve'], dataDir).code, REFUSED, 'nor a folder that others may list');
  chmodSync(folder, 0o700);
  t.equal(runYima(['keys', 'list'], dataDir).code, 0, 'once mended it works again');
});

t.test('a port that is taken', async (t) => {
  const ports = await freePorts();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(Number(ports['PORT']), '127.0.0.1', resolve));
  t.teardown(() => new Promise((resolve) => taken.close(resolve)));
  const dataDir = dataFolder(t);
  const { code, talk } = runYima(['serve'], dataDir, { settings: ports });
  t.equal(code, TRY_AGAIN);
  t.match(talk, /^yima: Cannot listen on .*EADDRINUSE.*set HOST, PORT/);
  t.equal(runYima(['keys', 'list'], dataDir).code, 0, 'it lets go of the data folder');
});

t.test('a trust file that cannot be read: it might hold a revocation', async (t) => {
  const dataDir = dataFolder(t);
  await makeNode(t, dataDir);
  mkdirSync(join(dataDir, 'trust'), { mode: 0o700 });
  const path = join(dataDir, 'trust', 'partner.json');
  writeFileSync(path, '{"issuer":', { mode: 0o600 });
  const { code, talk } = runYima(['serve'], dataDir);
  t.equal(code, REFUSED);
  t.match(talk, `yima: The trust file ${path} is not taken.`);
  t.match(talk, 'take it out of the folder');
  writeFileSync(path, '{}');
  chmodSync(path, 0o666);
  t.match(runYima(['serve'], dataDir).talk, `Run: chmod go-w ${path}`);
});
