// A backup is restored where nothing but Redis knows what was revoked since, and a verifier goes on following.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeBackup } from '../../../src/server/backup/backup-file.js';
import { restoreNode } from '../../../src/server/backup/restore-node.js';
import type { YimaNode } from '../../../src/server/node.js';
import { openQuietNode, post, privateFolder, quietConfig, verdict } from '../../support/open-node.js';
import { startRedis, withoutRedis } from '../../support/redis-server.js';
import { sampleClaims } from '../../support/sample-claims.js';
import { ROOT } from '../../support/shared.js';
import { until } from '../../support/until.js';

interface Issued {
  readonly id: string;
  readonly encodings: readonly [{ readonly code: string }];
}

async function issue(node: YimaNode, kind = 'business-licence'): Promise<Issued> {
  const order = { kind, region: '330102', claims: sampleClaims(kind), operator: 'desk', evidence: 'file' };
  return (await post(node.localApp, '/v1/credentials', order)) as unknown as Issued;
}

const revoke = (node: YimaNode, { id }: Issued) =>
  post(node.localApp, `/v1/credentials/${id}/status`, { action: 'revoke', reason: 'test' });

t.test(
  'Redis tells a restored node what was revoked, and verifiers go on',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    const settings = { YIMA_REDIS_URL: redis.url };
    const dataDir = privateFolder(t);
    const office = await openQuietNode(t, dataDir, settings);
    const gateDir = privateFolder(t);
    mkdirSync(join(gateDir, 'trust'), { mode: 0o700 });
    const keys = (await office.localApp.inject('/.well-known/jwks.json')).payload;
    writeFileSync(join(gateDir, 'trust', 'office.json'), keys, { mode: 0o600 });
    const gate = await openQuietNode(t, gateDir, {
      ...settings,
      YIMA_ISSUER: 'gate',
      YIMA_PUBLIC_URL: 'http://gate.example',
    });

    const [kept, revoked] = [await issue(office), await issue(office)];
    const { issuer, statusUrl } = quietConfig(dataDir);
    const file = join(dataDir, 'backup.db');
    makeBackup(join(dataDir, 'yima.db'), file, { issuer, statusUrl, madeAt: 1 }, join(ROOT, 'migrations'));
    const later = await issue(office, 'food-handler');
    t.match(await revoke(office, revoked), { published: true });
    await until(
      'the gate has heard of it',
      async () => (await verdict(gate, revoked.encodings[0].code)) === 'refuse/revoked',
    );
    await office.close();
    for (const name of readdirSync(dataDir).filter((each) => /^yima\.db/.test(each)))
      rmSync(join(dataDir, name));

    const asked = { file, tokens: [], withoutStatuses: false, confirm: async () => undefined };
    const now = Math.floor(Date.now() / 1000);
    const result = await restoreNode(quietConfig(dataDir, settings), { ...asked, now });
    t.match(result, { keptRevoked: 1, lostLists: 1, closedLists: 1 });

    const again = await openQuietNode(t, dataDir, settings);
    t.match(await revoke(again, kept), { published: true }, 'the feed goes on');
    for (const code of [kept, revoked, later].map(({ encodings }) => encodings[0].code)) {
      t.equal(await verdict(again, code), 'refuse/revoked');
      await until('the gate follows', async () => (await verdict(gate, code)) === 'refuse/revoked');
    }
    const fresh = (await issue(again)).encodings[0].code;
    await until('a new list is known there too', async () => (await verdict(gate, fresh)) === 'admit/ok');
  },
);
