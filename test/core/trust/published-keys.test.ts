import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { parseTrustFile } from '../../../src/core/trust/jwks-file.js';
import { publishKeys } from '../../../src/core/trust/published-keys.js';
import { createIssuer, NOW } from '../../support/fixtures.js';

t.test('what a node publishes is a trust file that keeps every purpose, window and state', async (t) => {
  const records = [
    createIssuer({ notBefore: NOW, state: 'active' }).record,
    createIssuer({ notBefore: 0, notAfter: NOW + 60, state: 'retired' }).record,
    createIssuer({ use: 'status', notBefore: NOW }, 'ES256').record,
    createIssuer({ state: 'revoked' }).record,
  ];
  const [{ issuer, scope, statusBase }] = records as [(typeof records)[0]];
  const file = JSON.parse(JSON.stringify(publishKeys({ issuer, scope, statusBase }, records)));
  t.strictSame(parseTrustFile(file, sha256), { records, tombstones: [], refused: [] });
  t.ok(
    file.keys.every((key: { use: string }) => key.use === 'sig'),
    'as any JWK set',
  );
});
