import { test } from 'tap';
import { createNodeSigner, generatePrivateJwk } from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { codeUseOf, createKeyBudget, type PresentKey } from '../../../src/core/issue/key-budget.js';
import { NOW } from '../../support/fixtures.js';

const LIMITS = {
  credential: { signatures: 5, seconds: 100 },
  'credential-long': { signatures: 5, seconds: 1_000 },
};

function ring(successors: number, signed = 0) {
  const make = (since: number): PresentKey => {
    const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
    return { kid: encodeBase64url(signer.kid), signer, since };
  };
  const state = { now: NOW, left: successors, rolls: 0, key: make(NOW), counts: 0 };
  const budget = createKeyBudget({
    present: () => state.key,
    roll: async () => {
      if (state.left === 0) return false;
      state.left -= 1;
      state.rolls += 1;
      await new Promise((resolve) => setImmediate(resolve));
      state.key = make(state.now);
      return true;
    },
    countSigned: async () => {
      state.counts += 1;
      return state.counts === 1 ? signed : 0;
    },
    clock: () => state.now,
    limits: LIMITS,
  });
  return { state, budget };
}

test('kinds that last over a year have keys of their own', async (t) => {
  const use = (name: string): string => codeUseOf(KINDS.byName(name));
  t.equal(use('health-code'), 'credential');
  t.equal(use('food-handler'), 'credential', 'a year');
  t.equal(use('food-business'), 'credential-long');
  t.equal(use('business-licence'), 'credential-long', 'without end');
  t.equal(codeUseOf(undefined), 'credential');
});

test('no key signs past its number, however many ask at once', async (t) => {
  const { state, budget } = ring(9);
  const signers = await Promise.all(Array.from({ length: 23 }, () => budget.reserve('credential', 1)));
  const each = new Map<unknown, number>();
  for (const signer of signers) each.set(signer, (each.get(signer) ?? 0) + 1);
  t.ok(
    [...each.values()].every((count) => count <= 5),
    [...each.values()].join(),
  );
  t.equal(
    [...each.values()].reduce((sum, count) => sum + count, 0),
    23,
  );
  t.ok(state.rolls >= 4);
});

test('what was signed before a start counts', async (t) => {
  const { state, budget } = ring(1, 4);
  const first = state.key.signer;
  t.equal(await budget.reserve('credential', 1), first);
  t.not(await budget.reserve('credential', 1), first);
  t.equal(state.rolls, 1);
});

test('a key signs until its time is over, and not a second longer', async (t) => {
  const { state, budget } = ring(1);
  const first = state.key.signer;
  state.now = NOW + 99;
  t.equal(await budget.reserve('credential', 1), first);
  t.match(await budget.spent('credential'), { signatures: 1, share: 0.99, until: NOW + 100 });
  state.now = NOW + 100;
  t.not(await budget.reserve('credential', 1), first);
  t.equal(state.rolls, 1);
});

test('it goes over before somebody asks', async (t) => {
  const { state, budget } = ring(1);
  await budget.keep('credential');
  t.equal(state.rolls, 0);
  state.now = NOW + 100;
  await budget.keep('credential');
  t.equal(state.rolls, 1);
});

test('without a successor nothing is signed, and the refusal says what to do', async (t) => {
  const { state, budget } = ring(0, 5);
  const refusal = { code: 'conflict', rule: 'key_exhausted', message: /yima keys list/ };
  await t.rejects(budget.reserve('credential', 1), refusal);
  state.left = 1;
  t.ok(await budget.reserve('credential', 1), 'and goes on once there is one');
});

test('a count that failed is made again', async (t) => {
  let fails = true;
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const budget = createKeyBudget({
    present: () => ({ kid: 'a', signer, since: NOW }),
    roll: async () => false,
    countSigned: async () => {
      if (fails) throw new Error('the store');
      return 0;
    },
    clock: () => NOW,
    limits: LIMITS,
  });
  await t.rejects(budget.reserve('credential', 1));
  fails = false;
  t.equal(await budget.reserve('credential', 1), signer);
});
