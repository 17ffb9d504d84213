// What a node knows already, and its figures.

import t from 'tap';
import { issueRequest } from '../support/office.js';
import { openQuietNode, playDemo, post, privateFolder, verdict } from '../support/open-node.js';

t.test('a node remembers what it has verified, and counts it', async (t) => {
  const node = await openQuietNode(t, privateFolder(t));
  const code = await playDemo(node);
  t.equal(await verdict(node, code), 'admit/ok');
  t.equal(await verdict(node, code), 'admit/ok');
  const { payload } = await node.adminApp.inject({ url: '/metrics', headers: { host: 'localhost' } });
  t.match(payload, /^yima_known_codes 1$/m);
  t.match(payload, /^yima_known_codes_lookups_total\{result="hit"\} 2$/m, 'issuing verified it first');
  t.match(payload, /^yima_known_codes_lookups_total\{result="miss"\} 1$/m);
});

t.test('a known code is revoked as soon as any other', async (t) => {
  const node = await openQuietNode(t, privateFolder(t));
  const { id, encodings } = await post(node.localApp, '/v1/credentials', issueRequest());
  const [{ code }] = encodings as [{ code: string }];
  t.equal(await verdict(node, code), 'admit/ok');
  await post(node.localApp, `/v1/credentials/${id}/status`, { action: 'revoke', reason: 'lost' });
  t.equal(await verdict(node, code), 'refuse/revoked');
});

t.test('it can be told to remember nothing', async (t) => {
  const node = await openQuietNode(t, privateFolder(t), { YIMA_KNOWN_CODES: '0' });
  const code = await playDemo(node);
  t.equal(await verdict(node, code), 'admit/ok');
  t.notMatch(
    (await node.adminApp.inject({ url: '/metrics', headers: { host: 'localhost' } })).payload,
    'known_codes',
  );
});
