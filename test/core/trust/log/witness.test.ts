import { test } from 'tap';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import { encodeBase64 } from '../../../../src/core/codec/base64.js';
import type { TreeHead } from '../../../../src/core/trust/log/check-proofs.js';
import { cosignedAt, parseCheckpoint, signCheckpoint } from '../../../../src/core/trust/log/checkpoint.js';
import { judgeCheckpoint, parseCheckpointRequest } from '../../../../src/core/trust/log/witness.js';
import { NOW } from '../../../support/fixtures.js';
import { createTestLog, noteKey } from '../../../support/log-world.js';

const EMPTY: TreeHead = { size: 0, root: sha256(new Uint8Array()) };

function createWitness(log: ReturnType<typeof createTestLog>) {
  const own = noteKey('33.example/witness');
  const state = { last: EMPTY };
  const ask = (body: string) => {
    const verdict = judgeCheckpoint(
      parseCheckpointRequest(body),
      {
        logKeys: (origin) => (origin === log.own.key.name ? [log.own.key] : []),
        lastHead: () => state.last,
        key: own.key,
        sign: own.signer.sign,
        verify: createNodeVerify(),
        sha256,
      },
      NOW,
    );
    if (verdict.head !== null) state.last = verdict.head;
    return verdict;
  };
  return { own, state, ask };
}

function bodyOf(old: number, proof: readonly Uint8Array[], checkpoint: string): string {
  return `${[`old ${old}`, ...proof.map(encodeBase64)].join('\n')}\n\n${checkpoint}`;
}

test('a witness cosigns what continues, and tells what it knows otherwise', async (t) => {
  const log = createTestLog();
  for (const leaf of ['a', 'b', 'c']) log.append(leaf);
  const { own, state, ask } = createWitness(log);
  const first = ask(bodyOf(0, [], log.checkpoint()));
  t.match(first, { status: 200, head: { size: 3 } });
  const cosigned = parseCheckpoint(`${log.checkpoint()}${first.body}`);
  t.equal(cosignedAt(cosigned, own.key, createNodeVerify()), NOW);

  for (const leaf of ['d', 'e', 'f', 'g']) log.append(leaf);
  const other = createTestLog();
  for (const leaf of ['x', 'y', 'z', 'v', 'w', 'u', 't']) other.append(leaf);
  const known = state.last;
  const proof = log.consistency(3);
  const rows: readonly (readonly [number, string])[] = [
    [404, bodyOf(3, proof, createTestLog('else.example/log').checkpoint(0))],
    [403, bodyOf(3, proof, other.checkpoint())],
    [400, bodyOf(9, [], log.checkpoint())],
    [409, bodyOf(0, [], log.checkpoint())],
    [409, bodyOf(2, log.consistency(2), log.checkpoint())],
    [422, bodyOf(3, [], log.checkpoint())],
    [422, bodyOf(3, proof.slice(1), log.checkpoint())],
    [422, bodyOf(3, [...proof, EMPTY.root], log.checkpoint())],
  ];
  for (const [status, body] of rows) {
    const verdict = ask(body);
    t.match(verdict, { status, head: null });
    if (status === 409) t.match(verdict, { body: '3\n', contentType: 'text/x.tlog.size' });
  }
  t.equal(state.last, known, 'and it still knows what it knew');
  t.match(ask(bodyOf(3, proof, log.checkpoint())), { status: 200, head: { size: 7 } });
  t.match(ask(bodyOf(7, [], log.checkpoint())), { status: 200, head: null }, 'the same again');
});

test('two trees of one size are a conflict', async (t) => {
  const log = createTestLog();
  log.append('a');
  const { ask } = createWitness(log);
  ask(bodyOf(0, [], log.checkpoint()));
  const twin = createTestLog();
  twin.append('b');
  const split = signCheckpoint(log.own.key, twin.head(), log.own.signer.sign);
  t.match(ask(bodyOf(1, [], split)), { status: 409, body: '1\n', head: null });
});

test('an empty log has one root, whatever is kept before its first checkpoint', async (t) => {
  const log = createTestLog();
  const zeros = { size: 0, root: new Uint8Array(32) };
  const leaf = sha256(new Uint8Array(1));
  const sign = (head: TreeHead): string => signCheckpoint(log.own.key, head, log.own.signer.sign);
  for (const kept of [EMPTY, zeros]) {
    const rows: readonly (readonly [number, string])[] = [
      [200, bodyOf(0, [], sign(EMPTY))],
      [422, bodyOf(0, [], sign(zeros))],
      [422, bodyOf(0, [], sign({ size: 0, root: leaf }))],
      [422, bodyOf(0, [leaf], sign({ size: 1, root: leaf }))],
    ];
    for (const [status, body] of rows) {
      const { ask, state } = createWitness(log);
      state.last = kept;
      t.match(ask(body), { status, head: null });
      t.equal(state.last, kept);
    }
  }
});

test('another body than the protocol names is refused', async (t) => {
  const log = createTestLog();
  const sound = log.checkpoint();
  const bodies = [
    '',
    sound,
    `old\n\n${sound}`,
    `old 01\n\n${sound}`,
    `old -1\n\n${sound}`,
    `new 1\n\n${sound}`,
    `old 0\nAAAA\n\n${sound}`,
    `old 0\n${'A'.repeat(44)}\n\n${sound}`,
    `old 0\n${`${encodeBase64(EMPTY.root)}\n`.repeat(64)}\n${sound}`,
    `old 0\n\n${sound.slice(0, -1)}`,
    `old 0\n\n${sound}${'x'.repeat(100_000)}`,
  ];
  for (const body of bodies) t.throws(() => parseCheckpointRequest(body), { code: 'invalid_request' });
});
