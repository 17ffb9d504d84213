// An issuer and a checkpoint, whole nodes over one Redis.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { YimaNode } from '../../../src/server/node.js';
import { issueRequest } from '../../support/office.js';
import { openQuietNode, post, privateFolder, verdict } from '../../support/open-node.js';
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';

const addressOf = (name: string) => `https://${name}.yima.test`;

function open(t: Test, folder: string, name: string, redis: RedisServer): Promise<YimaNode> {
  return openQuietNode(t, folder, {
    YIMA_ISSUER: name,
    YIMA_REGION: name,
    YIMA_PUBLIC_URL: addressOf(name),
    YIMA_REDIS_URL: redis.url,
  });
}

/** A second node that trusts the first one's keys. */
async function openBoth(t: Test, redis: RedisServer) {
  const folder = privateFolder(t);
  const office = await open(t, folder, '330102', redis);
  const other = privateFolder(t);
  mkdirSync(join(other, 'trust'), { mode: 0o700 });
  const keys = (await office.app.inject('/.well-known/jwks.json')).payload;
  writeFileSync(join(other, 'trust', '330102.json'), keys, { mode: 0o600 });
  return { office, folder, checkpoint: await open(t, other, '330103', redis) };
}

async function issue({ localApp }: YimaNode): Promise<{ id: string; code: string }> {
  const issued = await post(localApp, '/v1/credentials', issueRequest('business-licence'));
  const [{ code = '' } = {}] = (issued['encodings'] ?? issued['codes']) as readonly { code?: string }[];
  return { id: String(issued['id']), code };
}

const change = ({ localApp }: YimaNode, id: string, action: string) =>
  post(localApp, `/v1/credentials/${id}/status`, { action, reason: 'test' });

const ready = async ({ adminApp }: YimaNode) => (await adminApp.inject('/health/ready')).json();
const figures = async ({ adminApp }: YimaNode) => (await adminApp.inject('/metrics')).payload;

t.test(
  'what the issuer revokes is refused elsewhere, and an emptied Redis heals',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    const { office, checkpoint } = await openBoth(t, redis);
    const [good, bad] = [await issue(office), await issue(office)];
    await until('the codes are known', async () => (await verdict(checkpoint, good.code)) === 'admit/ok');
    t.match(await change(office, bad.id, 'revoke'), { state: 'revoked', published: true, logSeq: 3 });
    await until('it is refused', async () => (await verdict(checkpoint, bad.code)) === 'refuse/revoked');
    t.match(await ready(checkpoint), {
      ready: true,
      feeds: [{ issuer: '330102', lag: 0, lastRebuild: null }],
    });

    await redis.cli('FLUSHALL');
    await until('both have healed', async () => {
      t.equal(await verdict(checkpoint, bad.code), 'refuse/revoked');
      t.equal(await verdict(checkpoint, good.code), 'admit/ok');
      return (await ready(checkpoint)).feeds[0].lastRebuild !== null;
    });
    t.match(await change(office, good.id, 'suspend'), { published: true });
    await until(
      'news come through',
      async () => (await verdict(checkpoint, good.code)) === 'refuse/suspended',
    );
    t.match(await figures(office), /yima_feed_rebuilds_total\{issuer="330102",reason="empty"\} 2/);
    const told = await figures(checkpoint);
    for (const line of [
      /yima_status_age_seconds\{issuer="330102"\} \d/,
      /yima_feed_lag_entries\{issuer="330102"\} 0/,
      /yima_feed_epoch_info\{issuer="330102",epoch="[0-9a-f]{32}"\} 1/,
      /yima_feed_rebuilds_total\{issuer="330102",reason="\w+"\} 1/,
      /yima_feed_last_rebuild_timestamp_seconds\{issuer="330102"\} 1/,
      /yima_feed_refused_total\{issuer="330102",reason="\w+"\} \d/,
      /yima_feed_kept_revoked_total\{issuer="330102"\} 0/,
      /yima_feed_published_seq\{issuer="330103"\} \d/,
      /yima_feed_publish_failures_total \d/,
      /yima_feed_ahead_of_database 0/,
      /yima_redis_up 1/,
    ])
      t.match(told, line);
  },
);

t.test(
  'without Redis a node starts, serves and says that nothing is published; later it is',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    await redis.kill();
    const { office, checkpoint } = await openBoth(t, redis);
    const { id, code } = await issue(office);
    t.equal(await verdict(office, code), 'admit/ok');
    t.match(await change(office, id, 'revoke'), { state: 'revoked', published: false });
    t.equal(await verdict(office, code), 'refuse/revoked');
    t.equal(await verdict(checkpoint, code), 'indeterminate/status_unknown');
    t.match(await figures(office), /yima_redis_up 0/);
    await redis.restart({ empty: true });
    await until('it has come through', async () => (await verdict(checkpoint, code)) === 'refuse/revoked');
  },
);

t.test(
  'what was committed when the issuer ended is published when it starts again',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    const { office, folder, checkpoint } = await openBoth(t, redis);
    const { id, code } = await issue(office);
    await until('the code is known', async () => (await verdict(checkpoint, code)) === 'admit/ok');
    redis.pause();
    t.match(await change(office, id, 'revoke'), { published: false });
    await office.close();
    redis.resume();
    const again = await open(t, folder, '330102', redis);
    await until('it has come through', async () => (await verdict(checkpoint, code)) === 'refuse/revoked');
    t.notMatch(await figures(again), /yima_feed_rebuilds_total\{issuer="330102"/);
  },
);

t.test(
  'while Redis hangs both answer, and what is known ages; then it heals',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    const { office, checkpoint } = await openBoth(t, redis);
    const [good, bad] = [await issue(office), await issue(office)];
    await until('the codes are known', async () => (await verdict(checkpoint, bad.code)) === 'admit/ok');
    const age = async () => Number((await ready(checkpoint)).feeds[0].ageSeconds);
    redis.pause();
    t.match(await change(office, bad.id, 'revoke'), { state: 'revoked', published: false });
    await until('it ages', async () => (await age()) >= 3);
    t.equal(await verdict(checkpoint, good.code), 'admit/ok', 'a licence may be older than that');
    redis.resume();
    await until(
      'the news come through',
      async () => (await verdict(checkpoint, bad.code)) === 'refuse/revoked',
    );
    await until('it is young again', async () => (await age()) <= 1);
  },
);
