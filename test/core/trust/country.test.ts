// A simulated country: everybody's codes are read everywhere, nobody signs beyond his own, keys roll over and are cut off, and nobody
// else notices. YIMA_FULL=1: the whole country.

import { test } from 'tap';
import {
  type Country,
  type CountryAuthority,
  countryKey,
  createCountry,
  nextList,
  signerEntry,
} from '../../../bench/support/country.js';
import { createNodeVerify, sha256 } from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import type { JsonObject } from '../../../src/core/codec/json.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import type { StatusView } from '../../../src/core/status/view.js';
import {
  parseSignedDocument,
  type SignedDocument,
} from '../../../src/core/trust/documents/signed-document.js';
import { createAdmission } from '../../../src/core/trust/documents/trusted-key.js';
import type { KeyRecord, KeyTable } from '../../../src/core/trust/key-record.js';
import { createKeyTable, patchKeyTable, recordText } from '../../../src/core/trust/key-table.js';
import { createTrustNetwork, type TrustNetwork } from '../../../src/core/trust/network/network.js';
import { verifyCode } from '../../../src/core/verify/verify-code.js';
import { contentOf, createGate, momentAt, NOW } from '../../support/fixtures.js';

const FULL = process.env['YIMA_FULL'] === '1';
const SIZE = FULL
  ? { ministries: 46, cities: 340, counties: 2_800 }
  : { ministries: 6, cities: 40, counties: 120 };
const KIND = 'health-code';

/** A verifier somewhere in the country. */
interface Place {
  readonly network: TrustNetwork;
  readonly table: () => KeyTable;
  readonly take: (document: SignedDocument) => void;
  readonly reason: (code: string, now?: number) => string;
}

function run<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

function openPlace({ root, authorities }: Country): Place {
  const network = createTrustNetwork({
    // That keys are sound is tested elsewhere, and costs milliseconds a key.
    admit: createAdmission({ sha256 }, () => undefined),
    verify: createNodeVerify(),
    pin: root.hash,
  });
  const { deps } = createGate([]);
  let table = createKeyTable([], NOW);
  const take = ({ text }: SignedDocument): void => {
    const acceptance = run(network.judge(parseSignedDocument(text, sha256), NOW));
    table = patchKeyTable(table, run(network.apply(acceptance)), NOW);
  };
  for (const document of [root, ...[...authorities.values()].map(({ list }) => list)]) take(document);
  const reason = (code: string, now = NOW): string => {
    const status: StatusView = { find: () => ({ value: 0, asOf: momentAt(now) }) };
    const context = { ...deps.context, now, steady: now, status };
    return verifyCode(code, { ...deps, keys: table, context }).reason;
  };
  return { network, table: () => table, take, reason };
}

/** A code of an authority, whatever its lists allow. */
function issue(
  { name, statusBase, credentialKey }: CountryAuthority,
  {
    region = name,
    kind = KIND,
    key = credentialKey,
  }: Partial<Record<'region' | 'kind', string>> & {
    key?: CountryAuthority['credentialKey'];
  } = {},
): string {
  const content = contentOf(kind);
  const claims = { ...content.claims.json, region };
  return encodeYimaJws(
    contentOf(kind, {
      issuer: name,
      status: { list: 1, index: 7, uri: `${statusBase}lists/1` },
      claims: { ...content.claims, json: claims },
    }),
    key.signer,
  );
}

const country = createCountry(SIZE, NOW);
const named = (name: string): CountryAuthority => {
  const authority = country.authorities.get(name);
  if (authority === undefined) throw new Error(`no authority ${name}`);
  return authority;
};
const counties = [...country.authorities.values()].filter(({ region }) => region.length === 6);
const SAMPLE = counties.filter((_, i) => i % Math.ceil(counties.length / 40) === 0);
const entriesOf = ({ list }: CountryAuthority): readonly JsonObject[] =>
  list.payload['entries'] as readonly JsonObject[];
const texts = ({ network }: Place): readonly string[] => [...network.records()].map(recordText).sort();
const kidOf = ({ signer }: CountryAuthority['credentialKey']): string => encodeBase64url(signer.kid);
const revocation = (key: string): JsonObject => ({ key, at: NOW, reason: 'stolen' });

/** What the tests change is changed for the tests after them too: each takes counties of a province of its own. */
const countyOf = (province: string): CountryAuthority => {
  const county = counties.find(({ name }) => name.startsWith(province));
  if (county === undefined) throw new Error(`no county in ${province}`);
  return county;
};

test('the whole country resolves, with nothing dropped', async (t) => {
  const { network, table } = openPlace(country);
  const authorities = [...network.authorities().values()];
  t.equal(authorities.length, 1 + 32 + SIZE.ministries + SIZE.cities + SIZE.counties);
  t.ok(authorities.every(({ standing }) => standing === 'counts'));
  t.same(
    authorities.flatMap(({ dropped }) => dropped),
    [],
  );
  t.equal([...network.records()].length, country.keys);
  t.equal(table().records.length, country.keys);
});

test('codes of the counties are read at another place, and none is signed for somebody else', async (t) => {
  const place = openPlace(country);
  for (const county of SAMPLE) {
    t.equal(place.reason(issue(county)), 'ok', `${county.name}: its own`);
    const other = SAMPLE[(SAMPLE.indexOf(county) + 1) % SAMPLE.length] ?? county;
    t.equal(
      place.reason(issue(county, { region: other.name })),
      'issuer_out_of_scope',
      `${county.name}: another's`,
    );
    t.equal(
      place.reason(issue({ ...county, credentialKey: other.credentialKey })),
      'issuer_unknown',
      `${county.name}: in its name`,
    );
  }
});

test('a county that may sign one kind signs no other', async (t) => {
  const place = openPlace(country);
  const county = countyOf('44');
  const city = named(county.parent ?? '');
  const entries = entriesOf(city).map((entry) =>
    entry['sub'] === county.name
      ? { ...entry, scope: { ...(entry['scope'] as JsonObject), kinds: ['driving-licence'] } }
      : entry,
  );
  t.equal(place.reason(issue(county)), 'ok', 'as long as it may sign all');
  place.take(nextList(city, { entries }));
  t.equal(place.reason(issue(county)), 'issuer_out_of_scope', 'a health code');
  t.equal(place.reason(issue(county, { kind: 'driving-licence' })), 'ok', 'a driving licence');
});

test('a county goes over to a new key, and no code is refused in between', async (t) => {
  const place = openPlace(country);
  const county = countyOf('33');
  const next = countryKey();
  const old = signerEntry(county);
  const fresh = signerEntry({ ...county, credentialKey: next });
  const codes = [issue(county)];
  const steps: readonly (readonly [string, string, boolean])[] = [
    ['active', 'announced', false],
    ['active', 'active', true],
    ['retired', 'active', true],
  ];
  for (const [oldState, newState, signsAnew] of steps) {
    place.take(
      nextList(county, {
        entries: [
          { ...old, state: oldState },
          { ...fresh, state: newState },
        ],
      }),
    );
    codes.push(issue(county, signsAnew ? { key: next } : {}));
    t.ok(
      codes.every((code) => place.reason(code) === 'ok'),
      `${oldState} and ${newState}: all that was ever issued is read`,
    );
  }
  place.take(nextList(county, { entries: [{ ...old, state: 'removed' }, fresh] }));
  t.equal(place.reason(codes[0] ?? ''), 'key_retired', 'only when it is removed');
  t.equal(place.reason(codes.at(-1) ?? ''), 'ok');
});

test('a province revokes the key of a county, and nothing else changes', async (t) => {
  const place = openPlace(country);
  const county = countyOf('35');
  const codes = SAMPLE.map((each) => [each, issue(each)] as const);
  const before = texts(place);
  const answers = codes.map(([, code]) => place.reason(code));
  const stolen = issue(county);
  t.equal(place.reason(stolen), 'ok');
  place.take(nextList(named('35'), { revoked: [revocation(county.credentialKey.thumbprint)] }));
  t.equal(place.reason(stolen), 'key_revoked');
  const kid = kidOf(county.credentialKey);
  const isOthers = (text: string): boolean => !text.includes(kid);
  t.same(texts(place).filter(isOthers), before.filter(isOthers), 'every other record');
  t.equal(texts(place).length, before.length, 'and the revoked one stands');
  for (const [i, [each, code]] of codes.entries()) {
    if (each !== county) t.equal(place.reason(code), answers[i], `${each.name} as before`);
  }
});

test('a sibling cannot revoke what is not below it', async (t) => {
  const place = openPlace(country);
  const county = countyOf('36');
  const before = texts(place);
  place.take(nextList(named('37'), { revoked: [revocation(county.credentialKey.thumbprint)] }));
  t.same(texts(place), before);
  t.equal(place.reason(issue(county)), 'ok');
});

test('codes are doubtful once the lists that vouch for them have ended', async (t) => {
  const place = openPlace(country);
  const county = countyOf('43');
  const code = issue(county, { kind: 'driving-licence' });
  const [{ trustedUntil } = { trustedUntil: null }] = place
    .table()
    .find('yima', county.name, kidOf(county.credentialKey));
  const end = trustedUntil ?? 0;
  t.equal(end, Number(county.list.payload['exp']));
  t.equal(place.reason(code, end), 'ok', 'the last second');
  t.equal(place.reason(code, end + 1), 'trust_stale', 'the second after');
  place.take(nextList(named('43'), { revoked: [revocation(county.credentialKey.thumbprint)] }));
  t.equal(place.reason(code, end + 1), 'key_revoked', 'revoked comes first');
});

test('a city whose custodians are revoked falls with its counties, and nobody beside', async (t) => {
  const place = openPlace(country);
  const county = countyOf('42');
  const city = named(county.parent ?? '');
  const isBelow = ({ issuer }: KeyRecord): boolean => issuer?.startsWith(city.name) === true;
  const beside = (): readonly string[] =>
    [...place.network.records()]
      .filter((record) => !isBelow(record))
      .map(recordText)
      .sort();
  const before = beside();
  place.take(
    nextList(named('42'), { revoked: city.custodians.map(({ thumbprint }) => revocation(thumbprint)) }),
  );
  t.equal(place.reason(issue(county)), 'issuer_unknown');
  t.equal(place.reason(issue(city, { region: county.name })), 'issuer_unknown');
  t.same(beside(), before);
  // Who comes later never learns what the city once vouched for.
  const others = [...country.authorities].filter(([, { name }]) => !name.startsWith(city.name));
  const late = openPlace({ ...country, authorities: new Map(others) });
  t.same(texts(late), texts(place), 'the same at a place that never saw its list');
});
