import t from 'tap';
import { type PublicKey, samePublicKey } from '../../../src/core/signature/public-key.js';

const bytes = (...values: readonly number[]) => Uint8Array.from(values);

t.test('keys are one key when algorithm and every part agree', async (t) => {
  const keys: readonly PublicKey[] = [
    { algorithm: 'Ed25519', x: bytes(1) },
    { algorithm: 'Ed25519', x: bytes(2) },
    { algorithm: 'ES256', x: bytes(1), y: bytes(1) },
    { algorithm: 'ES256', x: bytes(1), y: bytes(2) },
    { algorithm: 'ES256', x: bytes(2), y: bytes(1) },
    { algorithm: 'ES384', x: bytes(1), y: bytes(1) },
    { algorithm: 'PS256', n: bytes(1), e: bytes(1) },
    { algorithm: 'PS256', n: bytes(1), e: bytes(2) },
    { algorithm: 'PS256', n: bytes(2), e: bytes(1) },
  ];
  for (const [i, a] of keys.entries()) {
    for (const [j, b] of keys.entries()) t.equal(samePublicKey(a, structuredClone(b)), i === j, `${i} ${j}`);
  }
});
