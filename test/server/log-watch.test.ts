import { Registry } from 'prom-client';
import t from 'tap';
import type { LogAudit } from '../../src/core/issue/log-audit.js';
import { createLogger } from '../../src/http/logging.js';
import { startLogWatch } from '../../src/server/log-watch.js';
import { createFakeTimers } from './support/fake-timers.js';

const SOUND: LogAudit = {
  ok: true,
  entries: 3,
  brokenAt: null,
  head: 'ab',
  strayCredentials: [],
  strayApiKeys: [],
  strayProposals: [],
  strayRules: [],
  strayChanges: [],
  strayAppeals: [],
  strayOffers: [],
  strayTrust: [],
};
const DAY_MS = 86_400_000;

function open(audits: readonly (LogAudit | Error)[]) {
  const timers = createFakeTimers();
  const metrics = new Registry();
  const lines: string[] = [];
  const rest = [...audits];
  const watch = startLogWatch({
    audit: async () => {
      const next = rest.shift();
      if (next === undefined || next instanceof Error) throw next ?? new Error('no more');
      return next;
    },
    after: timers.after,
    clock: () => 1_000,
    logger: createLogger('info', { write: (line) => lines.push(line) }),
    metrics,
  });
  const told = async (name: string): Promise<number | undefined> => {
    const gauge = await metrics.getSingleMetric(name)?.get();
    return gauge?.values[0]?.value;
  };
  const pass = async (ms: number): Promise<void> => {
    timers.pass(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { watch, lines, told, pass, left: () => rest.length };
}

t.test('the store is held against its log soon after the start and then each day', async (t) => {
  const { told, pass, lines } = open([SOUND, { ...SOUND, ok: false, strayCredentials: ['x', 'y'] }]);
  t.same(await told('yima_log_audit_ok'), Number.NaN, 'nothing is said before the first check');
  await pass(5_000);
  t.equal(await told('yima_log_audit_ok'), 1);
  t.equal(await told('yima_log_audit_timestamp_seconds'), 1_000);
  t.same(lines, []);
  await pass(DAY_MS);
  t.equal(await told('yima_log_audit_ok'), 0);
  t.match(JSON.parse(lines[0] ?? '{}'), { level: 'error', strays: { credentials: 2, apiKeys: 0 } });
  t.notMatch(lines.join(), /"x"/, 'ids are for the command that is named');
});

t.test('a check that fails is told and tried again; a closed node checks no more', async (t) => {
  const { watch, told, pass, lines, left } = open([new Error('no disk'), SOUND, SOUND]);
  await pass(5_000);
  t.equal(lines.length, 1);
  t.same(await told('yima_log_audit_ok'), Number.NaN);
  await pass(DAY_MS);
  t.equal(await told('yima_log_audit_ok'), 1);
  watch.stop();
  await pass(DAY_MS);
  t.equal(left(), 1);
});
