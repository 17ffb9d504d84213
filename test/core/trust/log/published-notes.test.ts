import { test } from 'tap';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import { hexDecode } from '../../../../src/core/codec/bytes.js';
import type { TreeHead } from '../../../../src/core/trust/log/check-proofs.js';
import { isSignedBy } from '../../../../src/core/trust/log/checkpoint.js';
import { encodeNote, noteMessage, parseNote } from '../../../../src/core/trust/log/signed-note.js';
import {
  createVerifierKey,
  encodeVerifierKey,
  parseVerifierKey,
} from '../../../../src/core/trust/log/verifier-key.js';
import { judgeCheckpoint, parseCheckpointRequest } from '../../../../src/core/trust/log/witness.js';
import { NOW } from '../../../support/fixtures.js';
import { noteKey } from '../../../support/log-world.js';
import { FORMATS_BAD_KEYS, FORMATS_KEYS, GO_NOTE, TORCHWOOD } from './published-notes.js';

const verify = createNodeVerify();

test('both published signatures of one note hold, each under its own key alone', async (t) => {
  const text = `${GO_NOTE.text}\n${GO_NOTE.lines.join('')}`;
  const note = parseNote(text);
  t.equal(encodeNote(note), text);
  for (const [i, vkey] of GO_NOTE.keys.entries()) {
    const key = parseVerifierKey(vkey, sha256);
    t.ok(key, vkey);
    if (key === null) continue;
    t.equal(encodeVerifierKey(key), vkey);
    for (const [j, { name, id, bytes }] of note.signatures.entries()) {
      t.equal(name === key.name && id === key.id, i === j);
      t.equal(verify(key.key, noteMessage(note.text), bytes), i === j, `${vkey} and signature ${j}`);
    }
  }
});

test('more signatures than a note may have are refused, a hundred are read', async (t) => {
  const [line] = GO_NOTE.lines;
  const note = (count: number): string => `${GO_NOTE.text}\n${line.repeat(count)}`;
  t.equal(parseNote(note(100)).signatures.length, 100);
  t.throws(() => parseNote(note(101)), { code: 'list_refused', rule: 'note_length' });
});

test('published keys are read as their type, published false ones and every part of a key are not', async (t) => {
  for (const { text, type } of FORMATS_KEYS) {
    const key = parseVerifierKey(text, sha256);
    t.equal(key?.type, type, text);
    if (key !== null) t.equal(encodeVerifierKey(key), text);
  }
  for (const bad of [...GO_NOTE.badKeys, ...FORMATS_BAD_KEYS])
    t.equal(parseVerifierKey(bad, sha256), null, bad);
  const [vkey] = GO_NOTE.keys;
  for (let start = 0; start < vkey.length; start++) {
    for (let end = start + 1; end <= vkey.length; end++) {
      if (end - start === vkey.length) continue;
      if (parseVerifierKey(vkey.slice(start, end), sha256) !== null) t.fail(vkey.slice(start, end));
    }
    const next = String.fromCharCode(vkey.charCodeAt(start) + 1);
    if (parseVerifierKey(vkey.slice(0, start) + next + vkey.slice(start + 1), sha256) !== null)
      t.fail(`changed at ${start}`);
  }
});

test('published requests to a witness: one goes first, and what was judged before it conflicts after it', async (t) => {
  const log = createVerifierKey(TORCHWOOD.origin, 'note', hexDecode(TORCHWOOD.logKey), sha256);
  const own = noteKey('33.example/witness');
  const ask = (body: string, last: TreeHead) => {
    const request = parseCheckpointRequest(body);
    t.ok(isSignedBy(request.checkpoint, log, verify), 'the published log has signed it');
    const deps = { key: own.key, sign: own.signer.sign, verify, sha256 };
    return judgeCheckpoint(request, { ...deps, logKeys: () => [log], lastHead: () => last }, NOW);
  };
  const empty = { size: 0, root: new Uint8Array(32) };
  const first = ask(TORCHWOOD.first, empty);
  t.match(first, { status: 200, head: { size: 1 } });
  if (first.head === null) return;
  t.match(ask(TORCHWOOD.toThree, first.head), { status: 200, head: { size: 3 } });
  const five = ask(TORCHWOOD.toFive, first.head);
  t.match(five, { status: 200, head: { size: 5 } });
  if (five.head === null) return;
  t.match(ask(TORCHWOOD.toThree, five.head), { status: 409, body: '5\n', head: null }, 'no roll back');
  const changed = TORCHWOOD.toFive.replace('KgQAAAA', 'KgUAAAA');
  t.match(ask(changed, first.head), { status: 422, head: null });
});
