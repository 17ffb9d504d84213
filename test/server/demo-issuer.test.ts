// Demo codes are codes of an issuer that nobody but a node with the demo knows.

import { join } from 'node:path';
import t from 'tap';
import { ISSUER } from '../../src/core/codec/names.js';
import { parseYm1 } from '../../src/core/envelope/ym1.js';
import { demoGrant } from '../../src/server/demo-issuer.js';
import { openQuietNode, playDemo, privateFolder, quietConfig, verdict } from '../support/open-node.js';

const OFF = { YIMA_DEMO: 'off' };

t.test('a code of the demo is admitted while the demo is on, and unknown to a node without it', async (t) => {
  const dataDir = join(privateFolder(t), 'data');
  const playing = await openQuietNode(t, dataDir);
  const code = await playDemo(playing);
  t.equal(parseYm1(code).issuer, 'demo.330102');
  t.equal(await verdict(playing, code), 'admit/ok');
  await playing.close();

  const gate = await openQuietNode(t, dataDir, OFF);
  t.equal(
    await verdict(gate, code),
    'refuse/issuer_unknown',
    'the same data, and the key file is still there',
  );
  await gate.close();
  t.equal(await verdict(await openQuietNode(t, dataDir), code), 'admit/ok', 'the demo goes on with its key');
});

t.test('the demo key is in no list of keys that others see', async (t) => {
  const node = await openQuietNode(t, join(privateFolder(t), 'data'));
  const kid = parseYm1(await playDemo(node)).kids[0] ?? '';
  t.match(kid, /^[\w-]{11}$/);
  for (const url of ['/.well-known/jwks.json', '/v1/keys']) {
    const { payload } = await node.localApp.inject(url);
    t.match(payload, '"kid"');
    t.notMatch(payload, kid, url);
    t.notMatch(payload, 'demo.', url);
  }
});

t.test('a demo key signs health codes of one county, under an issuer id of its form', async (t) => {
  for (const [issuer, region, expected] of [
    ['330102', '330102', { issuer: 'demo.330102', scope: { region: '330102' } }],
    ['hz', '33', { issuer: 'demo.hz', scope: { region: '330102' } }],
    [`${'a'.repeat(26)}.${'b'.repeat(5)}`, 'all', { issuer: `demo.${'a'.repeat(26)}` }],
  ] as const) {
    const config = quietConfig('x', { YIMA_ISSUER: issuer, YIMA_REGION: region });
    const grant = demoGrant(config);
    t.match(grant, expected);
    t.match(grant.issuer, ISSUER);
    t.strictSame([grant.use, grant.scope.kinds], ['credential', ['health-code']]);
  }
});
