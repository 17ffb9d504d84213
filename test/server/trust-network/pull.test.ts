import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Test, test } from 'tap';
import { createGuardedGet } from '../../../src/adapters/peer/guarded-get.js';
import { resolveBySystem } from '../../../src/adapters/peer/resolve.js';
import { encodeBundle } from '../../../src/core/trust/bundle.js';
import { after } from '../../../src/server/after.js';
import { lookAtMirror, takeBundle } from '../../../src/server/trust-network/look-at-mirror.js';
import { startPull } from '../../../src/server/trust-network/pull.js';
import { buildTwinApp } from '../../http/support/twin-deps.js';
import { signerEntry } from '../../support/trust-desk.js';
import { until } from '../../support/until.js';
import {
  A_NEXT,
  B_KEY,
  COUNTRY,
  createWorld,
  ENTRIES,
  type RunningService,
  revokedItem,
  startCountry,
  startService,
  stateOf,
  successor,
} from '../support/trust-world.js';

/** A real hub behind a real socket. */
async function startMirror(t: Test) {
  const service = await startCountry(createWorld());
  const app = await buildTwinApp(t, {
    trust: { desk: service.desk, news: service.news, isHub: true, isWitness: false },
  });
  return { service, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

async function startLiar(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function depsOf(member: RunningService, deadlineMs = 5_000) {
  const ending = new AbortController();
  const get = createGuardedGet({
    resolve: resolveBySystem,
    allowPrivate: true,
    deadlineMs,
    ending: ending.signal,
  });
  return { get, desk: member.desk, news: member.news, member: '34', ending };
}

const NEXT_A = successor('a', COUNTRY.a, {
  entries: [ENTRIES.a, signerEntry('33', [A_NEXT], { statusBase: 'https://33.example/status-lists/' })],
});

test('a new member takes the bundle, then what is newer one by one', async (t) => {
  const { service, url } = await startMirror(t);
  const member = await startService(createWorld());
  const deps = depsOf(member);
  t.same(await lookAtMirror(url, 0, deps), { kind: 'taken', rule: null });
  t.equal(member.news.manifest(), service.news.manifest());
  t.same(await lookAtMirror(url, 0, deps), { kind: 'current', rule: null });
  await service.accept(NEXT_A);
  t.same(await lookAtMirror(url, 0, deps), { kind: 'taken', rule: null });
  t.equal(stateOf(member, A_NEXT), 'active');
  const seen = (await service.desk.members()).find(({ authority }) => authority === '34')?.seen;
  t.match(seen, { authority: 'root', version: 1 }, 'and the hub knows who runs what');
});

test('a mirror that is behind, forks or brings what cannot stand changes nothing', async (t) => {
  const { service, url } = await startMirror(t);
  const member = await startCountry(createWorld());
  await member.accept(NEXT_A);
  const before = member.news.manifest();
  t.same(await lookAtMirror(url, 0, depsOf(member)), { kind: 'behind', rule: null });
  await service.accept(successor('a', COUNTRY.a, { revoked: [revokedItem(A_NEXT)] }));
  t.same(await lookAtMirror(url, 0, depsOf(member)), { kind: 'refused', rule: 'fork' });
  t.equal(member.news.manifest(), before);
});

const MARKS = (marks: unknown): string => JSON.stringify({ marks });
const HASH = 'A'.repeat(43);
const NEWER = MARKS([{ authority: '33', version: 9, hash: HASH }]);

test('a lying mirror is refused with its reason, whatever it does', async (t) => {
  const member = await startCountry(createWorld());
  const before = member.news.manifest();
  const json = { 'content-type': 'application/json' };
  const answer =
    (body: string | Buffer, headers: Record<string, string> = json, status = 200): RequestListener =>
    (_request, response) => {
      response.writeHead(status, headers).end(body);
    };
  /** Says that there is something newer, and then this. */
  const promising =
    (then: RequestListener): RequestListener =>
    (request, response) => {
      if (request.url?.startsWith('/trust/marks')) answer(NEWER)(request, response);
      else then(request, response);
    };
  const jose = { 'content-type': 'application/jose+json' };
  const rows: readonly (readonly [string, RequestListener])[] = [
    ['marks_form', answer('{}')],
    ['marks_form', answer('{"marks":[],"marks":[]}'.replace('[]', '[1]'))],
    ['marks_form', answer(MARKS([{ authority: '../x', version: 1, hash: HASH }]))],
    ['marks_form', answer(MARKS([{ authority: '33', version: 1.5, hash: HASH }]))],
    [
      'marks_form',
      answer(MARKS(Array.from({ length: 11_001 }, () => ({ authority: '33', version: 1, hash: HASH })))),
    ],
    ['content_type', answer('{}', { 'content-type': 'text/html' })],
    ['redirect', answer('', { location: 'http://127.0.0.1:1/' }, 302)],
    ['http_status', answer('', json, 500)],
    ['not_modified', answer('', {}, 304)],
    ['too_large', answer(Buffer.alloc(3 * 1024 * 1024, 0x20))],
    ['too_large', answer(gzipSync(Buffer.alloc(64 * 1024 * 1024)), { ...json, 'content-encoding': 'gzip' })],
    ['encoding', answer(gzipSync(NEWER).subarray(0, 20), { ...json, 'content-encoding': 'gzip' })],
    ['connection', (request) => request.socket.destroy()],
    ['deadline', () => undefined],
    ['deadline', (_request, response) => void response.writeHead(200, json).write('{')],
    ['not_found', promising(answer('', json, 404))],
    ['not_json', promising(answer('not a document', jose))],
    ['rollback', promising(answer(successor('a', COUNTRY.a, {}).text, jose))],
    ['wrong_authority', promising(answer(COUNTRY.b.text, jose))],
  ];
  await member.accept(NEXT_A);
  await member.accept(successor('a', NEXT_A, {}));
  const now = member.news.manifest();
  t.not(now, before);
  for (const [rule, listener] of rows) {
    const url = await startLiar(t, listener);
    const look = await lookAtMirror(url, 0, depsOf(member, 400));
    if (rule === 'not_modified') t.equal(look.kind, 'current', 'the member asked for another than it has');
    else t.equal(look.rule, rule);
    t.equal(member.news.manifest(), now);
  }
});

test('a bundle of another network is refused', async (t) => {
  const { url } = await startMirror(t);
  const other = await startService(createWorld(), COUNTRY.a.hash);
  t.match(await takeBundle(url, depsOf(other)), { kind: 'refused', rule: 'pin' });
  const bundle = encodeBundle({ roots: [COUNTRY.root], lists: [COUNTRY.a, COUNTRY.b], log: null });
  const liar = await startLiar(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(bundle);
  });
  const member = await startService(createWorld());
  await takeBundle(liar, depsOf(member));
  t.same([...member.network.records()], [], 'without the hub its provinces are nobody');
});

test('one dead and one lying mirror beside a sound one hold nobody up; a revocation arrives while it is waited for', async (t) => {
  const { service, url } = await startMirror(t);
  const silent = await startLiar(t, () => undefined);
  const lying = await startLiar(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(NEWER);
  });
  const member = await startService(createWorld());
  const { ending, ...deps } = depsOf(member, 60_000);
  const looks: string[] = [];
  const pull = startPull({
    ...deps,
    sources: [silent, lying, url],
    after,
    chance: Math.random,
    steady: () => performance.now() / 1000,
    count: (source, { kind }) => looks.push(`${source === url ? 'sound' : 'lying'} ${kind}`),
  });
  await until('the key is known', () => stateOf(member, B_KEY) === 'active');
  await service.accept(successor('hub', COUNTRY.hub, { revoked: [revokedItem(B_KEY)] }));
  await until('the revocation is known', () => stateOf(member, B_KEY) === 'revoked');
  t.ok(looks.includes('sound taken'));
  t.notOk(looks.includes('lying taken'));
  ending.abort();
  await pull.stop();
});
