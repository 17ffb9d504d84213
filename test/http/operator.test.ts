import { Registry } from 'prom-client';
import t from 'tap';
import { buildAdminApp } from '../../src/http/admin-app.js';
import { createLogger } from '../../src/http/logging.js';
import { bearer, buildTwinApp, createTwinDeps, OPTIONS } from './support/twin-deps.js';

/** A node in one process tells its own figures. */
const adminDeps = ({ metrics }: { readonly metrics: Registry }) => ({
  metrics,
  health: { ready: () => ({ ok: true, reasons: [], feeds: [] }) },
});

const FEED = {
  issuer: '330103',
  ageSeconds: null,
  lag: 0,
  epoch: null,
  lastRebuild: { at: 1_790_000_000, reason: 'gap' },
};

t.test('live while the process runs; ready with reasons when not', async (t) => {
  let reasons: string[] = [];
  const health = { ready: () => ({ ok: reasons.length === 0, reasons, feeds: [FEED] }) };
  const admin = await buildAdminApp({ health, metrics: new Registry() }, OPTIONS);
  t.teardown(() => admin.close());
  const app = await buildTwinApp(t, { health });
  for (const surface of [admin, app]) {
    reasons = [];
    t.same((await surface.inject('/health/live')).json(), { live: true });
    t.same((await surface.inject('/health/ready')).json(), { ready: true, reasons: [], feeds: [FEED] });
    reasons = ['draining'];
    const response = await surface.inject('/health/ready');
    t.equal(response.statusCode, 503);
    t.same(response.json(), { ready: false, reasons: ['draining'], feeds: [FEED] });
  }
  const without = await buildTwinApp(t, { health: null });
  t.equal((await without.inject('/health/live')).statusCode, 404);
  t.equal((await app.inject('/metrics')).statusCode, 404, 'figures are not public');
});

t.test('figures count requests, decisions and problems by pattern, never by address', async (t) => {
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps);
  const local = await buildTwinApp(t, deps, { local: true });
  const admin = await buildAdminApp(adminDeps(deps), OPTIONS);
  t.teardown(() => admin.close());
  const verify = { method: 'POST', url: '/v1/verify', headers: bearer('verify') } as const;
  await app.inject({ ...verify, payload: { code: 'YM1:AA' } });
  await local.inject({ ...verify, payload: { code: 'YM1:AA' } });
  await app.inject({ ...verify, payload: { code: 'CANARY' } });
  await app.inject('/CANARY');
  await app.inject(`/v1/credentials/${'a'.repeat(26)}`);

  const response = await admin.inject('/metrics');
  t.match(response.headers['content-type'], /^text\/plain/);
  t.notMatch(response.body, 'CANARY');
  const lines = response.body.split('\n');
  for (const line of [
    'yima_decisions_total{decision="admit",reason="ok"} 2',
    'yima_decisions_total{decision="refuse",reason="not_ours"} 1',
    'yima_http_problems_total{code="not_found"} 1',
    'yima_http_problems_total{code="unauthenticated"} 1',
    'yima_http_request_duration_seconds_count{method="POST",route="/v1/verify",status="200"} 3',
    'yima_http_request_duration_seconds_bucket{method="POST",route="/v1/verify",status="200",le="+Inf"} 3',
    'yima_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
    'yima_http_request_duration_seconds_count{method="GET",route="/v1/credentials/:id",status="401"} 1',
  ]) {
    t.ok(lines.includes(line), line);
  }
  t.notMatch(
    (await admin.inject('/metrics')).body,
    'seconds_count{method="POST",route="/v1/verify",status="200"} 6',
  );
});

t.test('log lines hold their fixed members and nothing of a person', async (t) => {
  const lines: string[] = [];
  const logger = createLogger('debug', { write: (line) => lines.push(line) });
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps, { log: { logger, sample: 1 } });
  const canary = '诸葛亮亮330102199001010011';
  const issue = { method: 'POST', url: '/v1/credentials', headers: bearer('issue') } as const;
  const payload = {
    kind: 'health-code',
    region: '330102',
    claims: { name: canary },
    operator: canary,
    evidence: canary,
  };
  await app.inject({ ...issue, payload });
  await app.inject({ ...issue, payload: { ...payload, [canary]: canary } });
  await app.inject({ ...issue, payload: `{"${canary}":` });
  const verify = { method: 'POST', url: '/v1/verify', headers: bearer('verify') } as const;
  await app.inject({ ...verify, payload: { code: `YM1:${canary}` } });
  await app.inject({
    ...verify,
    url: `/v1/verify?code=${encodeURIComponent(canary)}`,
    payload: { code: canary },
  });
  await app.inject(`/${encodeURIComponent(canary)}`);
  await app.inject(`/v1/credentials/${encodeURIComponent(canary)}`);
  deps.registry.failWith = new Error(`could not store ${canary}`, { cause: new TypeError(canary) });
  await app.inject({ ...issue, payload });

  t.equal(lines.length, 8);
  const text = lines.join('');
  for (const secret of [
    canary,
    encodeURIComponent(canary),
    '诸葛',
    '330102199001010011',
    'secret',
    '127.0.0.1',
  ]) {
    t.notMatch(text, secret);
  }
  const known = [
    'level',
    'time',
    'reqId',
    'method',
    'route',
    'status',
    'ms',
    'principal',
    'decision',
    'reason',
    'problem',
    'err',
    'msg',
  ];
  for (const line of lines)
    t.same(
      Object.keys(JSON.parse(line)).filter((name) => !known.includes(name)),
      [],
    );
  t.match(JSON.parse(lines[3] ?? ''), {
    level: 'info',
    method: 'POST',
    route: '/v1/verify',
    status: 200,
    principal: 'key-verify',
    decision: 'admit',
    reason: 'ok',
  });
  t.match(JSON.parse(lines[7] ?? ''), {
    level: 'error',
    problem: 'internal',
    err: { name: 'Error', at: [String], cause: { name: 'TypeError' } },
  });
});

t.test('requests are sampled, errors are not', async (t) => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  const deps = createTwinDeps();
  const app = await buildTwinApp(t, deps, { log: { logger, sample: 0.25 } });
  for (let count = 0; count < 8; count++) await app.inject('/v1/kinds');
  t.equal(lines.length, 2);
  deps.registry.failWith = new Error('x');
  const payload = { kind: 'x', region: '330102', claims: {}, operator: 'a', evidence: 'b' };
  for (let count = 0; count < 3; count++) {
    await app.inject({ method: 'POST', url: '/v1/credentials', headers: bearer('issue'), payload });
  }
  t.equal(lines.length, 5);
});

t.test('the operator port answers under names of this machine alone', async (t) => {
  const admin = await buildAdminApp(adminDeps(createTwinDeps()), OPTIONS);
  t.teardown(() => admin.close());
  for (const url of ['/metrics', '/health/live', '/health/ready', '/nothing']) {
    for (const host of ['rebound.example', 'rebound.example:3001', '127.0.0.1.rebound.example', '10.0.0.1']) {
      const response = await admin.inject({ url, headers: { host } });
      t.equal(response.statusCode, 403, `${url} ${host}`);
      t.match(response.json(), { code: 'forbidden', detail: /localhost/ });
    }
  }
  for (const host of ['localhost:3001', '127.0.0.1:3001', '127.0.0.1', '[::1]:3001'])
    t.equal((await admin.inject({ url: '/metrics', headers: { host } })).statusCode, 200, host);
});

t.test('what is not offered is a refusal, not a fault: no error is logged, and it says why', async (t) => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  const app = await buildTwinApp(t, createTwinDeps(), { log: { logger, sample: 0 } });
  const response = await app.inject('/status-lists/1?time=1');
  t.match(response.json(), { status: 501, code: 'not_implemented', detail: /time/ });
  t.same(lines, []);
  const sampled = await buildTwinApp(t, createTwinDeps(), { log: { logger, sample: 1 } });
  await sampled.inject('/status-lists/1?time=1');
  const [line] = lines.map((each) => JSON.parse(each));
  t.match(line, { level: 'info', status: 501, problem: 'not_implemented' });
  t.equal(line.err, undefined);
});
