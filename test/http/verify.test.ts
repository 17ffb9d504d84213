import t from 'tap';
import { ADMIT, NOT_OURS } from './support/answers.js';
import { bearer, buildTwinApp } from './support/twin-deps.js';

const URL = '/v1/verify';

t.test('an answer arrives whole, whatever the decision, with status 200', async (t) => {
  const app = await buildTwinApp(t);
  const headers = bearer('verify');
  const admitted = await app.inject({ method: 'POST', url: URL, headers, payload: { code: 'YM1:AA' } });
  t.equal(admitted.statusCode, 200);
  t.same(admitted.json(), ADMIT);
  const refused = await app.inject({ method: 'POST', url: URL, headers, payload: { code: 'hello' } });
  t.equal(refused.statusCode, 200);
  t.same(refused.json(), NOT_OURS);
  t.match(refused.headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
});

t.test('the verifier gets the text unchanged, also what no code can be', async (t) => {
  const seen: string[] = [];
  const app = await buildTwinApp(t, {
    verify: (code) => {
      seen.push(code);
      return NOT_OURS;
    },
  });
  const codes = ['', ' YM1:A ', 'YM1:张三', '\u0000', 'x'.repeat(10_000), '\ud800'];
  for (const code of codes) {
    const payload = JSON.stringify({ code });
    const headers = { ...bearer('verify'), 'content-type': 'application/json' };
    t.equal((await app.inject({ method: 'POST', url: URL, headers, payload })).statusCode, 200);
  }
  t.same(seen, codes);
});

t.test('a request without a judgeable code is a problem', async (t) => {
  const app = await buildTwinApp(t);
  for (const payload of [
    {},
    { code: 1 },
    { code: null },
    { code: ['YM1:'] },
    { code: 'a', more: 1 },
    [],
    'text',
  ]) {
    const response = await app.inject({
      method: 'POST',
      url: URL,
      headers: { ...bearer('verify'), 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
    t.equal(response.statusCode, 400, JSON.stringify(payload));
    t.equal(response.json().code, 'invalid_request');
  }
});

t.test('bodies over 16 KiB are too large here', async (t) => {
  const app = await buildTwinApp(t);
  const payload = { code: 'A'.repeat(16_384) };
  const response = await app.inject({ method: 'POST', url: URL, headers: bearer('verify'), payload });
  t.equal(response.statusCode, 413);
  t.equal(response.json().code, 'too_large');
});

t.test('a verifier that breaks is an internal error that tells nothing', async (t) => {
  const app = await buildTwinApp(t, {
    verify: () => {
      throw new Error('secret detail');
    },
  });
  const response = await app.inject({
    method: 'POST',
    url: URL,
    headers: bearer('verify'),
    payload: { code: 'YM1:' },
  });
  t.equal(response.statusCode, 500);
  t.same(Object.keys(response.json()).sort(), ['code', 'requestId', 'status', 'title', 'type']);
  t.notMatch(response.body, 'secret');
});
