import fc from 'fast-check';
import t from 'tap';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import {
  canonicalScope,
  parseScope,
  scopeBefore,
  scopeCovers,
  scopeMembers,
} from '../../../src/core/issue/revocation-scope.js';
import { credentialRow, encodingRow, idOf } from '../../adapters/store-rows.js';

const KID = 'AAECAwQFBgc';

t.test('a scope in any order of its members has one text', (t) => {
  const one = parseScope({ region: '3301', credentials: [idOf(2), idOf(1)], batch: 'b' }, KINDS);
  const other = parseScope({ batch: 'b', credentials: [idOf(1), idOf(2)], region: '3301' }, KINDS);
  t.equal(canonicalScope(one), canonicalScope(other));
  t.equal(canonicalScope(one), `{"batch":"b","credentials":["${idOf(1)}","${idOf(2)}"],"region":"3301"}`);
  t.strictSame(parseScope(scopeMembers(one), KINDS), one, 'and is read back as it was');
  t.end();
});

t.test('the Corps is 66 in the text, however it was written', (t) => {
  t.equal(canonicalScope(parseScope({ region: '659001' }, KINDS)), '{"region":"669001"}');
  t.equal(canonicalScope(parseScope({ region: '6590' }, KINDS)), '{"region":"6690"}');
  t.end();
});

const refused: [string, unknown, string][] = [
  ['no object', 'all', 'scope'],
  ['nothing', {}, 'scope'],
  ['an unknown member', { everything: true }, 'scope'],
  ['a member of every object', JSON.parse('{"__proto__": 1}'), 'scope'],
  ['no ids', { credentials: [] }, 'scope.credentials'],
  ['too many ids', { credentials: Array.from({ length: 1_001 }, (_, n) => idOf(n)) }, 'scope.credentials'],
  ['an id in another form', { credentials: [idOf(1).toUpperCase()] }, 'scope.credentials'],
  ['an id twice', { credentials: [idOf(1), idOf(1)] }, 'scope.credentials'],
  ['an empty batch', { batch: '' }, 'scope.batch'],
  ['null', { batch: null }, 'scope.batch'],
  ['a line break', { operator: 'a\nb' }, 'scope.operator'],
  ['a long name', { office: 'a'.repeat(65) }, 'scope.office'],
  ['a key id of another length', { signingKey: 'AAEC' }, 'scope.signingKey'],
  ['a key id with trailing bits', { signingKey: 'AAECAwQFBgd' }, 'scope.signingKey'],
  ['an unknown kind', { kind: 'passport' }, 'scope.kind'],
  ['the empty region', { region: '' }, 'scope.region'],
  ['three digits', { region: '330' }, 'scope.region'],
  ['no province', { region: '99' }, 'scope.region'],
  ['half a second', { issuedBefore: 1.5 }, 'scope.issuedBefore'],
  ['the beginning of time', { issuedBefore: 0 }, 'scope.issuedBefore'],
  ['milliseconds', { issuedBefore: 1_790_000_000_000 }, 'scope.issuedBefore'],
];
for (const [what, value, field] of refused) {
  t.test(`refused: ${what}`, (t) => {
    t.throws(() => parseScope(value, KINDS), { code: 'invalid_request', field });
    t.end();
  });
}

const stored = {
  credential: credentialRow(1, { batch: 'b', issuedAt: 100 }),
  encodings: [encodingRow(1, { kid: KID })],
};
const members = {
  credentials: [[idOf(1)], [idOf(2)]],
  batch: ['b', 'c'],
  office: ['office', 'local'],
  operator: ['desk 4', 'desk 5'],
  signingKey: [KID, 'AAECAwQFBgg'],
  kind: ['health-code', 'driving-licence'],
  region: ['3301', '3302'],
  issuedBefore: [101, 100],
} as const;

for (const [name, [covering, missing]] of Object.entries(members)) {
  t.test(`${name} covers what it names, and nothing else`, (t) => {
    t.equal(scopeCovers(parseScope({ [name]: covering }, KINDS), stored), true);
    t.equal(scopeCovers(parseScope({ [name]: missing }, KINDS), stored), false);
    t.end();
  });
}

t.test('every member has to cover it', (t) => {
  const names = Object.keys(members) as (keyof typeof members)[];
  const chosen = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(0, 1)), {
    selector: ([name]) => name,
    minLength: 1,
  });
  fc.assert(
    fc.property(chosen, (choices) => {
      const scope = Object.fromEntries(choices.map(([name, at]) => [name, members[name][at]]));
      return scopeCovers(parseScope(scope, KINDS), stored) === choices.every(([, at]) => at === 0);
    }),
  );
  t.end();
});

t.test('a scope is narrowed to what was issued before a time, never widened', (t) => {
  const scope = parseScope({ kind: 'health-code', issuedBefore: 50 }, KINDS);
  t.equal(scopeBefore(scope, 100).issuedBefore, 50);
  t.equal(scopeBefore(scope, 20).issuedBefore, 20);
  t.equal(scopeBefore(parseScope({ batch: 'b' }, KINDS), 20).issuedBefore, 20);
  t.end();
});
