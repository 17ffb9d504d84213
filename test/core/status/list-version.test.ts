import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import type { StatusList } from '../../../src/core/status/list-token.js';
import { isNewContent, versionOf } from '../../../src/core/status/list-version.js';

const NOW = 1_800_000_000;
const version = (change: Partial<StatusList> = {}) =>
  versionOf(
    { uri: '', bits: 2, bytes: new Uint8Array(4), issuedAt: NOW, expiresAt: null, renewAt: NOW, ...change },
    sha256,
  );
const later = { issuedAt: NOW + 1 };
const other = Uint8Array.of(0, 0, 0, 1);

t.test('a version is a time, a shape and a content', async (t) => {
  t.match(version(), { issuedAt: NOW, bits: 2, entries: 16 });
  t.throws(() => version({ bytes: new Uint8Array(0) }), { code: 'list_refused', rule: 'empty' });
});

t.test('new is what has other values, or another width', async (t) => {
  t.equal(isNewContent(undefined, version()), true);
  t.equal(isNewContent(version(), version()), false);
  t.equal(isNewContent(version(), version(later)), false, 'signed anew');
  t.equal(isNewContent(version(), version({ ...later, bytes: other })), true);
  t.equal(isNewContent(version(), version({ ...later, bytes: new Uint8Array(8) })), true, 'grown');
  t.equal(isNewContent(version(), version({ ...later, bits: 1 })), true, 'the same bytes mean more entries');
  t.equal(isNewContent(version(), version({ ...later, bits: 4, bytes: new Uint8Array(8) })), true, 'wider');
});

t.test('a version never goes back, and is never rewritten', async (t) => {
  const refused = (rule: string) => ({ code: 'list_refused', rule });
  t.throws(() => isNewContent(version(), version({ issuedAt: NOW - 1 })), refused('older'));
  t.throws(() => isNewContent(version(), version({ bytes: other })), refused('rewritten'));
  t.throws(() => isNewContent(version(), version({ bits: 1 })), refused('rewritten'));
  t.throws(() => isNewContent(version(), version({ ...later, bytes: new Uint8Array(3) })), refused('shrunk'));
  t.throws(() => isNewContent(version(), version({ ...later, bits: 8 })), refused('shrunk'));
});

t.test('of a list that becomes wider, places that only filled the last byte are not missed', async (t) => {
  const three = version({ bytes: new Uint8Array(1) });
  t.equal(three.entries, 4, 'three entries at 2 bits take a byte');
  t.equal(isNewContent(three, version({ ...later, bits: 8, bytes: new Uint8Array(3) })), true);
  t.throws(() => isNewContent(three, version({ ...later, bytes: new Uint8Array(0) })), {
    code: 'list_refused',
    rule: 'empty',
  });
});
