import t from 'tap';
import { createBaseClaims, STATUS_BASE } from '../../../src/core/trust/status-bases.js';
import { createDccSigner, createIssuer } from '../../support/fixtures.js';

t.test('a status base belongs to its first issuer, ours from the beginning', async (t) => {
  const mayStand = createBaseClaims({ issuer: '330102', statusBase: 'https://us.example/l/' });
  const named = (issuer: string, statusBase: string | null, state: 'active' | 'revoked' = 'active') =>
    mayStand(createIssuer({ issuer, statusBase, state }).record);
  t.equal(named('330105', 'https://us.example/l/'), false);
  t.equal(named('330102', 'https://us.example/l/'), true);
  t.equal(named('330105', 'https://them.example/l/'), true);
  t.equal(named('330106', 'https://them.example/l/'), false);
  t.equal(named('330105', 'https://them.example/l/'), true);
  t.equal(named('330106', null), true, 'no base, no claim');
  t.equal(named('330106', 'https://us.example/l/', 'revoked'), true, 'a tombstone brings no status');
  t.equal(mayStand(createDccSigner().record), true);
});

t.test('no part of a base leads out of what it begins with', async (t) => {
  for (const inside of [
    'https://h.example/33/',
    'https://h.example/.well-known/a..b/',
    'https://h.example/.../',
  ])
    t.match(inside, STATUS_BASE);
  for (const outside of ['https://h.example/33/../34/', 'https://h.example/33/./', 'https://h.example/../'])
    t.notMatch(outside, STATUS_BASE);
});
