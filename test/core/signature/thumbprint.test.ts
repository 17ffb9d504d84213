// Thumbprints: the printed vectors of two RFCs, and jose as the oracle.

import { calculateJwkThumbprint } from 'jose';
import t from 'tap';
import { generatePrivateJwk, sha256 } from '../../../src/adapters/crypto-node.js';
import { decodeBase64url, encodeBase64url } from '../../../src/core/codec/base64url.js';
import { hexDecode } from '../../../src/core/codec/bytes.js';
import { parsePublicJwk, publicJwk } from '../../../src/core/signature/public-jwk.js';
import { keyId, thumbprint } from '../../../src/core/signature/thumbprint.js';

t.test('RFC 7638, section 3.1: the RSA example', async (t) => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W' +
    '-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-' +
    'bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
  const key = { algorithm: 'PS256', n: decodeBase64url(n), e: decodeBase64url('AQAB') } as const;
  t.equal(encodeBase64url(thumbprint(key, sha256)), 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
});

t.test('RFC 8037, appendix A.3: the Ed25519 example', async (t) => {
  const x = hexDecode('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const key = { algorithm: 'Ed25519', x } as const;
  t.equal(encodeBase64url(thumbprint(key, sha256)), 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  t.equal(encodeBase64url(keyId(key, sha256)), 'kPrK_qmxVWY');
});

t.test('jose finds the same thumbprints', async (t) => {
  for (const algorithm of ['Ed25519', 'ES256'] as const) {
    const { d: _secret, ...jwk } = generatePrivateJwk(algorithm);
    const key = parsePublicJwk(jwk);
    t.equal(encodeBase64url(thumbprint(key, sha256)), await calculateJwkThumbprint({ ...publicJwk(key) }));
  }
});
