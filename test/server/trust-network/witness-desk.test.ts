// A witness that is flooded: what waits is bounded, and what waited is answered.

import { test } from 'tap';
import { createWitnessDesk, type WitnessDeskDeps } from '../../../src/server/trust-network/witness-desk.js';

test('a witness lets 64 requests wait and refuses more, until some are answered', async (t) => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const deps = {
    clock: () => 0,
    network: { root: () => null },
    store: {
      trustLogMarks: async () => {
        await gate;
        return [];
      },
    },
  } as unknown as WitnessDeskDeps;
  const ask = createWitnessDesk(deps);
  const hash = Buffer.alloc(32).toString('base64');
  const body = `old 0\n\nlog.example\n1\n${hash}\n\n\u2014 log.example ${Buffer.alloc(68).toString('base64')}\n`;
  const waiting = Array.from({ length: 64 }, () => ask(body));
  await t.rejects(ask(body), { code: 'overloaded' });
  open();
  const answers = await Promise.all(waiting);
  t.ok(answers.every(({ status }) => status === 404));
  t.match(await ask(body), { status: 404 });
});
