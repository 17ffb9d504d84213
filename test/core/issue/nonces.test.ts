import t from 'tap';
import { randomBytes, sha256, timingSafeEqual } from '../../../src/adapters/crypto-node.js';
import { createNonces } from '../../../src/core/issue/nonces.js';
import { createProofUses } from '../../../src/core/issue/proof-uses.js';
import { refusal } from '../../support/refusal.js';

const NOW = 1_790_000_000;

function open() {
  const now = { at: NOW };
  const deps = { clock: () => now.at, random: randomBytes, sha256, equalSecrets: timingSafeEqual };
  return { now, deps, nonces: createNonces(deps) };
}

const INVALID = { code: 'invalid_request', rule: 'invalid_nonce' };
const failed = (run: () => void) => refusal(Promise.resolve().then(run));

t.test('a nonce is good for five minutes and for one purpose, which may come again', async (t) => {
  const { now, nonces } = open();
  const nonce = nonces.make();
  t.not(nonces.make(), nonce);
  nonces.use(nonce, 'a');
  nonces.use(nonce, 'a');
  t.match(await failed(() => nonces.use(nonce, 'b')), INVALID);
  now.at += 299;
  nonces.use(nonce, 'a');
  now.at += 1;
  t.match(await failed(() => nonces.use(nonce, 'a')), INVALID);
});

t.test('what is not exactly one of ours is none', async (t) => {
  const { nonces, deps } = open();
  const nonce = nonces.make();
  const bytes = Buffer.from(nonce, 'base64url');
  const flipped = (at: number): string => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy.toString('base64url');
  };
  for (let at = 0; at < 32; at++) t.match(await failed(() => nonces.use(flipped(at), 'a')), INVALID);
  for (const bad of [
    '',
    'x',
    `${nonce}A`,
    nonce.slice(1),
    `${nonce.slice(0, -1)}!`,
    `${nonce.slice(0, 42)}B`,
  ])
    t.match(await failed(() => nonces.use(bad, 'a')), INVALID, bad);
  const elsewhere = createNonces(deps).make();
  t.match(await failed(() => nonces.use(elsewhere, 'a')), INVALID, 'of another start');
});

t.test('used nonces are kept no longer than they are good, and only so many', async (t) => {
  const { now, nonces } = open();
  for (let n = 0; n < 20_000; n++) nonces.use(nonces.make(), 'a');
  t.match(await failed(() => nonces.use(nonces.make(), 'a')), { code: 'unavailable' });
  now.at += 300;
  nonces.use(nonces.make(), 'a');
  t.pass('and then there is room again');
});

t.test('a proof is good once, a key has sixty in two minutes', async (t) => {
  const now = { at: NOW };
  const uses = createProofUses(() => now.at);
  uses.use('phone', 'a');
  uses.use('other', 'a');
  t.match(await failed(() => uses.use('phone', 'a')), { code: 'unauthenticated', rule: 'replayed' });
  for (let n = 1; n < 60; n++) uses.use('phone', `id ${n}`);
  t.match(await failed(() => uses.use('phone', 'one more')), { code: 'rate_limited' });
  now.at += 120;
  t.match(await failed(() => uses.use('phone', 'a')), { code: 'unauthenticated' }, 'to the end of its time');
  now.at += 1;
  uses.use('phone', 'one more');
  t.pass();
});
