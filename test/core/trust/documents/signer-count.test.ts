// Signers are counted as distinct keys, never as signatures.

import { test } from 'tap';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import { createSignedDocument } from '../../../../src/core/trust/documents/signed-document.js';
import { createSignerCount } from '../../../../src/core/trust/documents/signer-count.js';
import { type DeskKey, deskKey, deskKeys, listPayload, sign } from '../../../support/trust-desk.js';
import { ADMIT } from './reading.js';

const [A, B, C] = deskKeys(3) as [DeskKey, DeskKey, DeskKey];
const E = deskKey('ES256');
const PAYLOAD = listPayload('33', []);
const trusted = (keys: readonly DeskKey[]) => keys.map(({ jwk }) => ADMIT(jwk, 'yima'));
const verify = createNodeVerify();
const count = (by: readonly DeskKey[], among: readonly DeskKey[]): number =>
  createSignerCount(sign('list', PAYLOAD, by), verify).among(trusted(among));

test('each key counts once, and only those that are asked for', async (t) => {
  const rows: readonly (readonly [string, readonly DeskKey[], readonly DeskKey[], number])[] = [
    ['nobody', [], [A, B], 0],
    ['one', [A], [A, B], 1],
    ['all', [A, B, E], [A, B, E], 3],
    ['one that is named twice', [A], [A, A], 1],
    ['strangers', [C], [A, B], 0],
    ['one and a stranger', [A, C], [A, B], 1],
    ['no keys', [A, B], [], 0],
  ];
  for (const [name, by, among, expected] of rows) t.equal(count(by, among), expected, name);
});

test('a signature under the name of another key counts for neither', async (t) => {
  const [own] = sign('list', PAYLOAD, [A]).signatures;
  if (own === undefined) return t.fail('no signature');
  const borrowed = createSignedDocument('list', PAYLOAD, [own, { ...own, kid: B.thumbprint }], sha256);
  t.equal(createSignerCount(borrowed, verify).among(trusted([A, B])), 1);
  const other = createSignedDocument('list', { ...PAYLOAD, version: 2 }, [own], sha256);
  t.equal(createSignerCount(other, verify).among(trusted([A])), 0, 'nor one over another payload');
  const asRoot = createSignedDocument('root', PAYLOAD, [own], sha256);
  t.equal(createSignerCount(asRoot, verify).among(trusted([A])), 0, 'nor one over another type');
  const renamed = createSignedDocument('list', PAYLOAD, [{ ...own, algorithm: 'ES256' }], sha256);
  let asked = 0;
  const counting = createSignerCount(renamed, () => {
    asked++;
    return true;
  });
  t.equal(counting.among(trusted([A])), 0, 'nor one of another algorithm than the key');
  t.equal(asked, 0, 'which is not even tried');
});

test('a false signature does not end the count, and each is verified once', async (t) => {
  const document = sign('list', PAYLOAD, [A, B, E]);
  const signatures = document.signatures.map((each, i) =>
    i === 0 ? { ...each, signature: new Uint8Array(64) } : each,
  );
  let asked = 0;
  const signers = createSignerCount(createSignedDocument('list', PAYLOAD, signatures, sha256), (...call) => {
    asked++;
    return verify(...call);
  });
  t.equal(signers.among(trusted([A, B, E])), 2);
  t.equal(signers.among(trusted([E, B, A])), 2);
  t.equal(signers.among(trusted([C])), 0);
  t.equal(asked, 3);
});
