import { test } from 'tap';
import { createNodeVerify, sha256 } from '../../../src/adapters/crypto-node.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import {
  type Bundle,
  type BundleProof,
  checkBundleLogged,
  encodeBundle,
  loggedDocument,
  parseBundle,
} from '../../../src/core/trust/bundle.js';
import { bundleLeaf, documentLeaf, manifestHash } from '../../../src/core/trust/log/leaves.js';
import { checkContinues } from '../../../src/core/trust/log/log-mark.js';
import { readLogKeys } from '../../../src/core/trust/log/witnesses.js';
import { NOW } from '../../support/fixtures.js';
import { cosignedBy, createTestLog, logPolicy, noteKey } from '../../support/log-world.js';
import { authorityEntry, deskKeys, listPayload, rootPayload, sign } from '../../support/trust-desk.js';

const [ROOT, HUB, A] = [deskKeys(2), deskKeys(2), deskKeys(2)];
const root = sign('root', rootPayload(ROOT, HUB), ROOT);
const hub = sign('list', listPayload('cn.example', [authorityEntry('33', A)]), HUB);
const a = sign('list', listPayload('33', []), A);
const DOCUMENTS = { roots: [root], lists: [a, hub] };

function read(text: string): Bundle {
  const steps = parseBundle(text, sha256);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

type Continued = BundleProof['continues'][number];

function ruleOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return error instanceof YimaError ? (error.rule ?? error.code) : String(error);
  }
}

function logged(log: ReturnType<typeof createTestLog>, documents = DOCUMENTS): number {
  const rows = [...documents.roots, ...documents.lists].map(loggedDocument);
  for (const row of rows) log.append(documentLeaf(row));
  return log.append(bundleLeaf(manifestHash(rows, sha256)));
}

function world() {
  const log = createTestLog();
  log.append('before');
  const index = logged(log);
  log.append('after');
  const witnesses = [noteKey('w.example/1'), noteKey('w.example/2'), noteKey('w.example/3')];
  const keys = readLogKeys(logPolicy(log.own, witnesses, 2), sha256);
  const proof = (checkpoint: string, change: Partial<BundleProof> = {}): BundleProof => ({
    checkpoint,
    index,
    proof: log.inclusion(index),
    continues: [],
    ...change,
  });
  const check = (bundle: Bundle, now = NOW) =>
    checkBundleLogged(bundle, keys, createNodeVerify(), sha256, { now, maxAgeSeconds: 3_600 });
  return { log, index, witnesses, proof, check };
}

test('a bundle reads back exactly', async (t) => {
  const { log, proof, witnesses } = world();
  const plain = encodeBundle({ ...DOCUMENTS, log: null });
  t.same(read(plain), { ...DOCUMENTS, log: null });
  const checkpoint = cosignedBy(log.checkpoint(), witnesses, NOW);
  const full = {
    ...DOCUMENTS,
    log: proof(checkpoint, { continues: [{ from: 1, proof: log.consistency(1) }] }),
  };
  t.same(read(encodeBundle(full)), full);
});

test('what is no bundle is refused', async (t) => {
  const text = encodeBundle({ ...DOCUMENTS, log: null });
  const [head = '', ...documents] = text.slice(0, -1).split('\n');
  const lines = (...each: readonly string[]): string => `${each.join('\n')}\n`;
  const third = sign('root', rootPayload(ROOT, HUB, { version: 3 }), ROOT);
  const withLog = (change: Partial<BundleProof>): string =>
    encodeBundle({
      ...DOCUMENTS,
      log: { checkpoint: '', index: 0, proof: [], continues: [], ...change },
    });
  t.same(
    read(withLog({})).log,
    { checkpoint: '', index: 0, proof: [], continues: [] },
    'the form itself is sound',
  );
  const rows: readonly (readonly [string, string])[] = [
    ['bundle_form', ''],
    ['bundle_form', text.slice(0, -1)],
    ['bundle_form', lines(head, ...documents.slice(1))],
    ['bundle_form', lines(head, ...documents, documents[1] ?? '')],
    ['bundle_form', lines(head, documents[0] ?? '', documents[2] ?? '', documents[1] ?? '')],
    ['bundle_form', lines(head, documents[1] ?? '', documents[0] ?? '', documents[2] ?? '')],
    ['bundle_form', lines(head.replace('"version":1', '"version":2'), ...documents)],
    ['bundle_form', lines(head.replace('"lists":2', '"lists":2,"lists":2'), ...documents)],
    ['bundle_form', lines(head.replace('"lists":2', '"lists":100000'), ...documents)],
    ['bundle_form', lines(head.replace('"log":null', '"log":{}'), ...documents)],
    ['bundle_form', lines(head.replace('"log":null', '"log":null,"more":1'), ...documents)],
    ['bundle_form', encodeBundle({ roots: [root, third], lists: [], log: null })],
    ['bundle_form', encodeBundle({ roots: [root, root], lists: [], log: null })],
    ['bundle_form', withLog({ proof: [new Uint8Array(31)] })],
    ['bundle_form', withLog({ proof: [new Uint8Array(33)] })],
    ['bundle_form', withLog({ proof: Array<Uint8Array>(64).fill(new Uint8Array(32)) })],
    ['bundle_form', withLog({ continues: Array<Continued>(65).fill({ from: 0, proof: [] }) })],
    ['bundle_form', withLog({}).replace('"continues":[', '"continues":[{"from":1,"proof":[],"more":1}')],
    ['bundle_form', withLog({}).replace('"index":0', '"index":-1')],
    ['not_canonical', lines(head, ` ${documents[0]}`, ...documents.slice(1))],
    ['bundle_length', 'x'.repeat(64 * 1024 * 1024 + 1)],
  ];
  for (const [rule, bad] of rows)
    t.equal(
      ruleOf(() => read(bad)),
      rule,
      bad.slice(0, 60),
    );
});

test('the log must hold exactly this bundle, lately seen by enough witnesses', async (t) => {
  const { log, index, witnesses, proof, check } = world();
  const [one, two] = witnesses as [(typeof witnesses)[0], (typeof witnesses)[0]];
  const checkpoint = cosignedBy(log.checkpoint(), [one, two], NOW);
  const sound: Bundle = { ...DOCUMENTS, log: proof(checkpoint) };
  t.equal(check(sound).size, log.size());
  const older = sign('list', listPayload('33', [], { iat: NOW - 5 }), A);
  const altered = createTestLog();
  for (let n = 0; n < log.size(); n++) altered.append(`${n}`);
  const rows: readonly (readonly [string, Bundle])[] = [
    ['log_missing', { ...sound, log: null }],
    ['bundle_not_logged', { ...sound, lists: [hub] }],
    ['bundle_not_logged', { ...sound, lists: [older, hub] }],
    ['bundle_not_logged', { ...sound, log: proof(checkpoint, { index: index - 1 }) }],
    ['bundle_not_logged', { ...sound, log: proof(checkpoint, { proof: log.inclusion(index).slice(1) }) }],
    ['bundle_not_logged', { ...sound, log: proof(cosignedBy(log.checkpoint(index), [one, two], NOW)) }],
    ['log_signature', { ...sound, log: proof(cosignedBy(altered.checkpoint(), [one, two], NOW)) }],
    ['quorum', { ...sound, log: proof(cosignedBy(log.checkpoint(), [one], NOW)) }],
    ['quorum', { ...sound, log: proof(log.checkpoint()) }],
    ['checkpoint_old', { ...sound, log: proof(cosignedBy(log.checkpoint(), [one, two], NOW - 3_601)) }],
    ['checkpoint_form', { ...sound, log: proof(checkpoint.replace(/\n\d+\n/, '\n-1\n')) }],
    ['log_signature', { ...sound, log: proof(checkpoint.replace(/\n(\d+)\n/, '\n1\n')) }],
  ];
  for (const [rule, bundle] of rows)
    t.equal(
      ruleOf(() => check(bundle)),
      rule,
    );
});

test('a log never shrinks, forks or jumps', async (t) => {
  const log = createTestLog();
  for (const leaf of ['a', 'b', 'c', 'd', 'e']) log.append(leaf);
  const other = createTestLog();
  for (const leaf of ['a', 'b', 'x', 'd', 'e']) other.append(leaf);
  const mark = log.head(3);
  const judge = (head: ReturnType<typeof log.head>, proof: readonly Uint8Array[] | null): string =>
    ruleOf(() => checkContinues(mark, head, proof, sha256));
  t.equal(judge(log.head(), log.consistency(3)), 'accepted');
  t.equal(judge(log.head(3), null), 'accepted');
  t.equal(
    ruleOf(() => checkContinues(null, log.head(), null, sha256)),
    'accepted',
    'the first one',
  );
  t.equal(judge(log.head(2), null), 'log_shrank');
  t.equal(judge(other.head(3), null), 'log_forked');
  t.equal(judge(log.head(), null), 'consistency');
  t.equal(judge(other.head(), other.consistency(3)), 'consistency');
  t.equal(judge(log.head(), log.consistency(2)), 'consistency');
});
