// Every hostile text, in process and through POST /v1/verify of the real app: the reason expected, never admitted, never thrown.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import t, { type Test } from 'tap';
import { REASONS } from '../../src/core/errors/reasons.js';
import type { Answer } from '../../src/core/verify/answer.js';
import { batchBody, injectBatch } from '../http/support/batch.js';
import { bearer, buildTwinApp } from '../http/support/twin-deps.js';
import { signYm1 } from '../support/fixtures.js';
import { CODE_ROWS } from './codes.js';
import { SOUND_PAYLOAD } from './rows/cbor.js';
import { goodJws, goodYm1 } from './spoil.js';
import { createStopwatch } from './stopwatch.js';
import { type CodeRow, createWorld, type World } from './world.js';

const world = createWorld();

function assertAnswer(t: Test, answer: Answer, { name, expected }: CodeRow): void {
  const { decision } = REASONS[expected];
  if (answer.decision === 'admit') t.fail(`${name}: is admitted`);
  t.match(answer, { reason: expected, decision }, name);
}

t.test('what the rows spoil is good before', async (t) => {
  const sound = signYm1(null, world.ed.signer, { payloadBytes: SOUND_PAYLOAD });
  for (const code of [goodYm1(world), goodJws(world), sound]) {
    t.equal(world.gate.verify(code).decision, 'admit');
  }
});

t.test('no two rows have one name', async (t) => {
  t.equal(new Set(CODE_ROWS.map(({ name }) => name)).size, CODE_ROWS.length);
});

t.test('in process, and nothing that a code names is fetched', async (t) => {
  const connections: unknown[] = [];
  const onConnection = (connection: unknown): void => {
    connections.push(connection);
  };
  subscribe('net.client.socket', onConnection);
  t.teardown(() => unsubscribe('net.client.socket', onConnection));
  const watch = createStopwatch();
  for (const row of CODE_ROWS) {
    const text = row.make(world);
    const answer = await watch.time(row.name, () => world.gate.verify(text));
    assertAnswer(t, answer, row);
  }
  t.equal(connections.length, 0);
  watch.report(t);
});

t.test('over HTTP', async (t) => {
  const app = await buildTwinApp(t, { verify: (code) => world.gate.verify(code) });
  const watch = createStopwatch();
  for (const row of CODE_ROWS) {
    const { name, make, overHttp } = row;
    const payload = { code: make(world) };
    const request = { method: 'POST', url: '/v1/verify', headers: bearer('verify'), payload } as const;
    const response = await watch.time(name, async () => app.inject(request));
    if (overHttp === undefined) assertAnswer(t, response.json(), row);
    else t.match(response.json(), overHttp, name);
    if (response.statusCode !== (overHttp?.status ?? 200)) t.fail(`${name}: status ${response.statusCode}`);
  }
  watch.report(t);
});

t.test('in a batch', async (t) => {
  const app = await buildTwinApp(t, { verify: (code) => world.gate.verify(code) });
  const lines = CODE_ROWS.map((row) => ({ row, line: { id: row.name.slice(0, 64), code: row.make(world) } }));
  const answers = await injectBatch(app, batchBody(lines.map(({ line }) => line)));
  t.equal(answers.length, lines.length);
  for (const [i, { row, line }] of lines.entries()) {
    const { id, ...answer } = answers[i] ?? {};
    if (row.overHttp === undefined) {
      t.equal(id, line.id);
      assertAnswer(t, answer as unknown as Answer, row);
    } else t.match(answer, { line: i + 1, problem: { code: row.overHttp.code } }, row.name);
  }
});

t.test('inadmissible keys in a trust file are refused, each with its rule', async (t) => {
  const { records, refused }: World['trustFile'] = world.trustFile;
  t.strictSame(records, []);
  t.strictSame(
    refused.map(({ rule }) => rule),
    [...Array.from({ length: 14 }, () => 'ed25519_small_order'), 'ed25519_torsion'],
  );
});
