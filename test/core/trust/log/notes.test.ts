import { test } from 'tap';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import { YimaError } from '../../../../src/core/errors/yima-error.js';
import {
  cosignedAt,
  isSignedBy,
  parseCheckpoint,
  soundCosignatures,
  withSignatures,
} from '../../../../src/core/trust/log/checkpoint.js';
import { encodeNote, noteMessage, parseNote } from '../../../../src/core/trust/log/signed-note.js';
import {
  createVerifierKey,
  encodeVerifierKey,
  parseVerifierKey,
} from '../../../../src/core/trust/log/verifier-key.js';
import { checkWitnesses, readLogKeys } from '../../../../src/core/trust/log/witnesses.js';
import { NOW } from '../../../support/fixtures.js';
import { cosignedBy, createTestLog, logPolicy, noteKey } from '../../../support/log-world.js';

const verify = createNodeVerify();

/** The note and key of the documentation of golang.org/x/mod/sumdb/note (BSD-3-Clause). */
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NOTE =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/** C2SP tlog-cosignature, the example. */
const SOFA = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

function ruleOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return error instanceof YimaError ? (error.rule ?? error.code) : String(error);
  }
}

test('the published note verifies under the published key', async (t) => {
  const key = parseVerifierKey(VKEY, sha256);
  const note = parseNote(NOTE);
  t.ok(key);
  if (key === null) return;
  t.equal(encodeVerifierKey(key), VKEY);
  t.equal(note.signatures[0]?.id, key.id);
  t.ok(verify(key.key, noteMessage(note.text), note.signatures[0]?.bytes ?? new Uint8Array()));
  t.equal(encodeNote(note), NOTE);
  t.equal(parseVerifierKey(VKEY.replace('c74f20a3', 'c74f20a4'), sha256), null);
});

test('the published checkpoint reads and writes back', async (t) => {
  const checkpoint = parseCheckpoint(SOFA);
  t.match(checkpoint, { origin: 'example.com/behind-the-sofa', size: 20_852_163 });
  t.equal(encodeNote(checkpoint.note), SOFA);
  t.same(
    checkpoint.note.signatures.map(({ bytes }) => bytes.length),
    [64, 72],
  );
});

test('what is no note or checkpoint is refused', async (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['note_form', NOTE.slice(0, -1)],
    ['note_form', NOTE.replace('\n\n', '\n')],
    ['note_form', NOTE.replace('problem,', 'problem,\t')],
    ['note_form', NOTE.replace('problem,', 'problem,\r')],
    ['note_form', NOTE.replace('problem,', '\ud800')],
    ['note_signature', NOTE.replace('— ', '- ')],
    ['note_signature', NOTE.replace('PeterNeumann x', 'Peter Neumann x')],
    ['note_signature', NOTE.replace('PeterNeumann x', 'Peter+Neumann x')],
    ['note_signature', NOTE.replace('JnAM=', 'JnAM')],
    ['note_signature', NOTE.replace('JnAM=', 'JnAN=')],
    ['note_length', `${'x'.repeat(70_000)}\n\n— a AAAAAAA=\n`],
  ];
  for (const [rule, text] of rows)
    t.equal(
      ruleOf(() => parseNote(text)),
      rule,
      JSON.stringify(text.slice(-30)),
    );
  for (const size of ['020852163', '-1', '1e3', '', '99999999999999999999', '1.5']) {
    t.equal(
      ruleOf(() => parseCheckpoint(SOFA.replace('20852163', size))),
      'checkpoint_form',
      size,
    );
  }
  t.match(parseCheckpoint(SOFA.replace('jxq2I=\n', 'jxq2I=\nmore\nand more\n')), { size: 20_852_163 });
  for (const extension of ['\n', 'more\n\n', '\nmore\n']) {
    t.equal(
      ruleOf(() => parseCheckpoint(SOFA.replace('jxq2I=\n', `jxq2I=\n${extension}`))),
      'checkpoint_form',
      JSON.stringify(extension),
    );
  }
  t.equal(
    ruleOf(() => parseCheckpoint(SOFA.replace('jxq2I=', 'jxq2J='))),
    'checkpoint_form',
  );
  t.equal(
    ruleOf(() => parseCheckpoint(NOTE)),
    'checkpoint_form',
  );
});

test('signatures of the log and of witnesses count, those of others do not', async (t) => {
  const log = createTestLog();
  log.append('a');
  const [one, two, other] = [noteKey('w.example/1'), noteKey('w.example/2'), noteKey('w.example/1')];
  const checkpoint = parseCheckpoint(cosignedBy(log.checkpoint(), [one, other], NOW));
  t.ok(isSignedBy(checkpoint, log.own.key, verify));
  t.notOk(isSignedBy(checkpoint, noteKey(log.own.key.name, 'note').key, verify), 'another key of that name');
  t.equal(cosignedAt(checkpoint, one.key, verify), NOW);
  t.equal(cosignedAt(checkpoint, two.key, verify), null);
  const [first] = checkpoint.note.signatures.filter(({ id }) => id === one.key.id);
  const false1 = {
    name: one.key.name,
    id: one.key.id,
    bytes: (first?.bytes ?? new Uint8Array()).map((b) => b ^ 1),
  };
  const spoilt = parseCheckpoint(withSignatures(parseCheckpoint(log.checkpoint()), [false1]));
  t.equal(
    ruleOf(() => cosignedAt(spoilt, one.key, verify)),
    'cosignature',
  );
});

test('a quorum is of distinct witnesses, lately', async (t) => {
  const log = createTestLog();
  log.append('a');
  const [one, two, three] = [noteKey('w.example/1'), noteKey('w.example/2'), noteKey('w.example/3')];
  const keys = readLogKeys(logPolicy(log.own, [one, two, three], 2), sha256);
  const judge = (text: string, now = NOW, maxAgeSeconds: number | null = 600): string | number => {
    try {
      return checkWitnesses(parseCheckpoint(text), keys, verify, { now, maxAgeSeconds });
    } catch (error) {
      return error instanceof YimaError ? (error.rule ?? '') : String(error);
    }
  };
  const plain = log.checkpoint();
  t.equal(judge(cosignedBy(plain, [one, two], NOW)), NOW);
  t.equal(judge(plain), 'quorum');
  t.equal(judge(cosignedBy(plain, [one], NOW)), 'quorum');
  t.equal(judge(cosignedBy(cosignedBy(plain, [one], NOW), [one], NOW + 1)), 'quorum', 'one witness twice');
  t.equal(judge(cosignedBy(plain, [one, noteKey('w.example/9')], NOW)), 'quorum', 'one that nobody named');
  t.equal(judge(cosignedBy(plain, [one, two], NOW - 601)), 'checkpoint_old');
  t.equal(judge(cosignedBy(plain, [one, two], NOW - 601), NOW, null), NOW - 601);
  t.equal(judge(cosignedBy(cosignedBy(plain, [one], NOW), [two], NOW - 601)), 'checkpoint_old');
  t.equal(judge(cosignedBy(plain, [one, two], NOW + 61)), 'from_future');
  const ahead = cosignedBy(cosignedBy(plain, [one, two], NOW), [three], NOW + 61);
  t.equal(judge(ahead), NOW, 'a fast clock does not undo the others');
  t.equal(judge(cosignedBy(cosignedBy(plain, [one], NOW), [three], NOW + 61)), 'from_future', 'nor count');
  const otherLog = createTestLog();
  otherLog.append('a');
  t.equal(judge(cosignedBy(otherLog.checkpoint(), [one, two], NOW)), 'log_signature');
});

test('a policy names sound keys, each once', async (t) => {
  const log = noteKey('cn.example/log', 'note');
  const one = noteKey('w.example/1');
  const renamed = { ...one, text: encodeVerifierKey({ ...one.key, name: 'w.example/2' }) };
  const underTwoNames = encodeVerifierKey(
    createVerifierKey('w.example/2', 'cosignature', one.key.key.x, sha256),
  );
  const ownLog = encodeVerifierKey(createVerifierKey('w.example/2', 'cosignature', log.key.key.x, sha256));
  const read = (policy: Parameters<typeof readLogKeys>[0]): string =>
    ruleOf(() => readLogKeys(policy, sha256));
  t.equal(read(logPolicy(log, [one], 1)), 'accepted');
  t.equal(read(logPolicy(log, [one, one], 1)), 'witness_twice');
  t.equal(read(logPolicy(log, [renamed], 1)), 'witness_key', 'the id binds the name');
  t.equal(
    read(logPolicy(log, [one, { ...one, text: underTwoNames }], 2)),
    'witness_twice',
    'one key, two names',
  );
  t.equal(read(logPolicy(log, [one, noteKey(one.key.name)], 2)), 'witness_twice', 'two keys, one name');
  t.equal(read(logPolicy(log, [one, { ...one, text: ownLog }], 2)), 'witness_twice', 'the log sees itself');
  t.equal(read({ ...logPolicy(log, [one], 1), origin: 'else' }), 'log_key');
  t.equal(read(logPolicy(noteKey('cn.example/log'), [one], 1)), 'log_key', 'a cosigner is no log');
  t.equal(read(logPolicy(log, [noteKey('w.example/1', 'note')], 1)), 'witness_key');
  t.equal(
    read({ origin: log.key.name, key: VKEY.replace('Peter', 'Petra'), witnesses: { quorum: 0, keys: [] } }),
    'log_key',
  );
});

test('what a witness sends under another name is left out', async (t) => {
  const log = createTestLog();
  log.append('a');
  const [one, two, stranger] = [noteKey('w.example/1'), noteKey('w.example/2'), noteKey('w.example/9')];
  const checkpoint = parseCheckpoint(log.checkpoint());
  const signatures = parseCheckpoint(
    cosignedBy(log.checkpoint(), [one, stranger], NOW),
  ).note.signatures.slice(1);
  const falseOne = { name: two.key.name, id: two.key.id, bytes: signatures[0]?.bytes ?? new Uint8Array() };
  const kept = soundCosignatures(checkpoint, [...signatures, falseOne], [one.key, two.key], verify);
  t.same(
    kept.map(({ name }) => name),
    ['w.example/1'],
  );
});
