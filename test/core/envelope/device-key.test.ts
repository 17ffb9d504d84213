// Device keys: one form in CBOR, one in JSON; P-256 loses its y and gets it back.

import fc from 'fast-check';
import t from 'tap';
import {
  coseDeviceKey,
  devicePublicKey,
  jwkDeviceKey,
  parseCoseDeviceKey,
  parseJwkDeviceKey,
} from '../../../src/core/envelope/device-key.js';
import { decompressP256 } from '../../../src/core/envelope/p256-decompress.js';
import { CURVES, integerFromBytes, isOnCurve } from '../../../src/core/signature/weierstrass.js';
import { createIssuer } from '../../support/fixtures.js';

t.test('both forms give the key back, for either parity of y', async (t) => {
  const keys = [createIssuer(), ...Array.from({ length: 8 }, () => createIssuer({}, 'ES256'))];
  for (const { signer } of keys) {
    const key = signer.publicKey;
    const fromCose = parseCoseDeviceKey(coseDeviceKey(key));
    const fromJwk = parseJwkDeviceKey(jwkDeviceKey(key));
    t.same(fromCose && devicePublicKey(fromCose), key);
    t.same(fromJwk && devicePublicKey(fromJwk), key);
  }
});

t.test('other algorithms bind no device', async (t) => {
  const key = { algorithm: 'ES384', x: new Uint8Array(48), y: new Uint8Array(48) } as const;
  t.throws(() => coseDeviceKey(key), { code: 'internal' });
  t.throws(() => jwkDeviceKey(key), { code: 'internal' });
});

t.test('an x off the curve has no y, an x on it has two', async (t) => {
  const { p } = CURVES.ES256;
  let off = 0;
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (x) => {
      const [even, odd] = [decompressP256(x, false), decompressP256(x, true)];
      if (even === null || odd === null) {
        off++;
        return even === null && odd === null;
      }
      const [low, high, at] = [integerFromBytes(even), integerFromBytes(odd), integerFromBytes(x)];
      return (
        low + high === p &&
        low % 2n === 0n &&
        isOnCurve(CURVES.ES256, at, low) &&
        isOnCurve(CURVES.ES256, at, high)
      );
    }),
    { numRuns: 60 },
  );
  t.ok(off > 0, 'both cases were met');
  t.equal(decompressP256(new Uint8Array(32).fill(0xff), true), null, 'x is not below p');
  t.throws(() => devicePublicKey({ algorithm: 'ES256', x: new Uint8Array(32).fill(0xff), y: true }), {
    code: 'invalid_claims',
    field: 'cnf',
  });
});
