import t from 'tap';
import {
  carriedClaims,
  checkClaims,
  decodeClaims,
  encodeClaims,
} from '../../../src/core/credential/claims.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { sampleClaims } from '../../support/sample-claims.js';

t.test('a code that carries a date of birth beside the masked number is refused', async (t) => {
  for (const [name, key, field] of [
    ['id-card', 22, 'birth'],
    ['driving-licence', 23, 'birth'],
    ['marriage-certificate', 31, 'spouseBirth'],
  ] as const) {
    const kind = KINDS.byName(name);
    if (kind === undefined) throw new Error(`no kind ${name}`);
    const carried = carriedClaims(kind, checkClaims(kind, sampleClaims(name), 'request'));
    const values = new Map<unknown, unknown>(encodeClaims(kind, carried)).set(key, -25_567);
    const refusal = { code: 'invalid_claims', rule: 'unknown_field' };
    t.throws(() => decodeClaims(kind, values), { ...refusal, field: String(key) });
    t.throws(() => checkClaims(kind, { ...carried, [field]: '1900-01-01' }, 'carried'), {
      ...refusal,
      field,
    });
  }
});
