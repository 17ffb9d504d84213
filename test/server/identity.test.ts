import { join } from 'node:path';
import t from 'tap';
import { loadConfig } from '../../src/config.js';
import { settleIdentity } from '../../src/server/identity.js';
import { issueRequest } from '../support/office.js';
import { openQuietNode, post, privateFolder, verdict } from '../support/open-node.js';

t.test('the first start fixes issuer and status address; what is left out later follows it', async (t) => {
  const file = join(privateFolder(t), 'identity.json');
  const first = settleIdentity(file, loadConfig({ YIMA_ISSUER: 'city-1', PORT: '4000' }));
  t.match(first, { issuer: 'city-1', statusUrl: 'http://127.0.0.1:4000' });
  const later = settleIdentity(file, loadConfig({ PORT: '5000' }));
  t.match(later, {
    issuer: 'city-1',
    statusUrl: 'http://127.0.0.1:4000',
    publicUrl: 'http://127.0.0.1:5000',
  });
});

t.test('a setting that contradicts it is refused by its name', async (t) => {
  const file = join(privateFolder(t), 'identity.json');
  settleIdentity(file, loadConfig({ YIMA_PUBLIC_URL: 'https://a.example' }));
  t.doesNotThrow(() => settleIdentity(file, loadConfig({ YIMA_PUBLIC_URL: 'https://a.example' })));
  const rows = [{ YIMA_PUBLIC_URL: 'https://b.example' }, { YIMA_ISSUER: 'other' }];
  for (const env of rows) {
    const [field] = Object.keys(env);
    t.throws(() => settleIdentity(file, loadConfig(env)), { code: 'config_invalid', field });
  }
});

t.test('codes of every form survive a start on another port', async (t) => {
  const folder = privateFolder(t);
  const before = await openQuietNode(t, folder, { PORT: '4001' });
  const request = issueRequest('health-code', { forms: ['screen', 'jws'] });
  const issued = await post(before.localApp, '/v1/credentials', request);
  await before.close();
  const after = await openQuietNode(t, folder, { PORT: '4002' });
  for (const { code } of issued['encodings'] as { code: string }[])
    t.equal(await verdict(after, code), 'admit/ok');
});
