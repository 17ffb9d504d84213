// Live codes over HTTP: where they are shown is what the checkpoint says, or the key that it asks with.

import fc from 'fast-check';
import t, { type Test } from 'tap';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import type { Scope } from '../../src/core/issue/principal.js';
import { SHOWN_ANYWHERE } from '../../src/core/verify/showing.js';
import type { App } from '../../src/http/app-types.js';
import { createDevice, quietSightings } from '../support/device.js';
import { createGate, createIssuer, NOW } from '../support/fixtures.js';
import { bothWays } from './support/ask.js';
import { batchBody, injectBatch } from './support/batch.js';
import { bearer, buildTwinApp } from './support/twin-deps.js';

const { signer, record } = createIssuer();
const device = createDevice();
const bound = device.bind(signer);
const NONCE = new Uint8Array(16).fill(9);

function openApp(t: Test): Promise<App> {
  const gate = createGate([record]);
  const sightings = quietSightings();
  return buildTwinApp(t, {
    verify: (code, showing = SHOWN_ANYWHERE) => gate.verify(code, { showing, sightings }),
  });
}

const ask = (body: object, ...scopes: readonly Scope[]) => ({
  method: 'POST' as const,
  url: '/v1/verify',
  headers: { ...bearer(...scopes), 'content-type': 'application/json' },
  payload: JSON.stringify(body),
});

t.test('one site may scan again, another is told to look, past the door and through it', async (t) => {
  for (const [name, send] of await bothWays(await openApp(t))) {
    const code = device.present(bound, NOW + (name === 'past the door' ? 1 : 2));
    const reason = async (site: string) => (await send(ask({ code, site }, 'verify'))).json();
    t.match(await reason('east'), { reason: 'ok', assurance: 'device-signed', replay: 'local' });
    t.match(await reason('east'), { decision: 'admit' });
    t.match(await reason('west'), { decision: 'hold', reason: 'replayed', credential: { outcome: 'valid' } });
    t.match(await reason('东门'), { reason: 'replayed' });
  }
});

t.test('without a site the API key stands for it', async (t) => {
  for (const [name, send] of await bothWays(await openApp(t))) {
    const code = device.present(bound, NOW + (name === 'past the door' ? 1 : 2));
    const reason = async (...scopes: readonly Scope[]) =>
      (await send(ask({ code }, ...scopes))).json()['reason'];
    t.equal(await reason('verify'), 'ok');
    t.equal(await reason('verify'), 'ok');
    t.equal(await reason('verify', 'issue'), 'replayed', 'another key');
  }
});

t.test('a nonce that was asked for must be in it', async (t) => {
  const app = await openApp(t);
  const nonce = encodeBase64url(NONCE);
  const reason = async (code: string) => (await app.inject(ask({ code, nonce }, 'verify'))).json().reason;
  t.equal(await reason(device.present(bound, NOW, NONCE)), 'ok');
  t.equal(await reason(device.present(bound)), 'presentation_expired');
});

t.test('each line of a batch has its own site', async (t) => {
  const app = await openApp(t);
  const code = device.present(bound);
  const nonce = encodeBase64url(NONCE);
  const answers = await injectBatch(
    app,
    batchBody([
      { id: '1', code, site: 'east' },
      { id: '2', code, site: 'west' },
      { id: '3', code, site: 'east' },
      { id: '4', code },
      { id: '5', code, site: '' },
      { id: '6', code, site: 'x'.repeat(65) },
      { id: '7', code, nonce: 'AAAA' },
      { id: '8', code: device.present(bound, NOW, NONCE), nonce },
    ]),
  );
  t.match(answers, [
    { id: '1', reason: 'ok' },
    { id: '2', reason: 'replayed' },
    { id: '3', reason: 'ok' },
    { id: '4', reason: 'replayed' },
    { id: '5', problem: { code: 'invalid_request', field: 'site' } },
    { id: '6', problem: { code: 'invalid_request', field: 'site' } },
    { id: '7', problem: { code: 'invalid_request', field: 'nonce' } },
    { id: '8', reason: 'ok' },
  ]);
});

t.test('no single change of a live code gets past', async (t) => {
  const app = await openApp(t);
  const live = device.present(bound);
  const change = fc.record({
    at: fc.nat(live.length),
    char: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:a\u0000'),
    how: fc.constantFrom('replace', 'drop', 'double', 'insert'),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, char, how }) => {
      const old = live[at] ?? '';
      const middle = { replace: char, drop: '', double: old + old, insert: char + old }[how] ?? '';
      const code = live.slice(0, at) + middle + live.slice(at + 1);
      const { decision } = (await app.inject(ask({ code, site: 'east' }, 'verify'))).json();
      return code === live ? decision === 'admit' : decision === 'refuse' || decision === 'indeterminate';
    }),
    { numRuns: 300 },
  );
  t.pass('all are refused');
});
