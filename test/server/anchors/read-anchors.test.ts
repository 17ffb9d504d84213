// Sources of foreign keys as files: a real signed directory whole, and what a source is refused for.

import { readFileSync } from 'node:fs';
import t from 'tap';
import { publicJwk } from '../../../src/core/signature/public-jwk.js';
import { anchorEntries, sharedKids } from '../../../src/core/trust/anchors/anchors.js';
import { readAnchorFiles } from '../../../src/server/anchors/anchor-files.js';
import { readAnchors } from '../../../src/server/anchors/read-anchors.js';
import { CARD_ISS, createCardIssuer } from '../../support/foreign.js';
import { sharedFile, sharedPath } from '../../support/shared.js';

const path = (extension: string): string => sharedPath(`vci_snapshot.${extension}`) ?? '';
const skip = path('json') === '' && 'the folder of published vectors is absent (1 directory)';
const FINGERPRINT = 'c3e44e40a20e6d54a5ad247e9ddd07763708cec1aa9acd47a408a3cc28f320fb';

const { record } = createCardIssuer();
const jwks = { keys: [{ ...publicJwk(record.key), kid: record.kid, use: 'sig' }] };
const bytes = (json: unknown): Uint8Array => Buffer.from(JSON.stringify(json));
const plain = (json: unknown, issuer: string | null = null) =>
  readAnchors({ data: bytes(json), signed: null, issuer });

t.test(
  'the directory of the VCI: signature checked, every key imported or named with its reason',
  { skip },
  async (t) => {
    const files = { file: path('json'), signature: path('sig'), certificate: path('crt'), issuer: null };
    const read = readAnchorFiles({ ...files, fingerprint: FINGERPRINT });
    const { form, signer, records, refused, cardLists } = read;
    t.match({ form, signer }, { form: 'card-directory', signer: FINGERPRINT });
    t.equal(read.issuers, 651);
    t.equal(records.length + refused.length, 961);
    t.strictSame(
      refused.map(({ rule }) => rule),
      ['jwk_member', 'jwk_member'],
      'two keys whose y lacks a byte',
    );
    t.equal(sharedKids(records).size, 46);
    t.equal(cardLists.length, 6);
    const entries = anchorEntries(records);
    t.equal(entries.flatMap(({ keys }) => keys).length, records.length);
    t.ok(entries.length <= 4_096, 'as many as one list holds');

    const data = readFileSync(files.file);
    const signed = { signature: readFileSync(files.signature), certificate: readFileSync(files.certificate) };
    const flipped = Uint8Array.from(data);
    flipped[1_000] = (flipped[1_000] ?? 0) ^ 1;
    for (const [change, rule] of [
      [{ data: flipped }, 'signature'],
      [{ data: data.subarray(0, -1) }, 'signature'],
      [{ signed: { ...signed, signature: signed.signature.subarray(1), fingerprint: null } }, 'signature'],
      [{ signed: { ...signed, signature: new Uint8Array(0), fingerprint: null } }, 'signature'],
      [{ signed: { ...signed, certificate: data, fingerprint: null } }, 'certificate'],
      [{ signed: { ...signed, fingerprint: FINGERPRINT.replace('c', 'd') } }, 'fingerprint'],
      [{ signed: null }, 'signature_missing'],
    ] as const) {
      const source = { data, signed: { ...signed, fingerprint: null }, issuer: null, ...change };
      t.throws(() => readAnchors(source), { code: 'list_refused', rule }, rule);
    }
    const colons = FINGERPRINT.toUpperCase().replace(/..(?=.)/g, '$&:');
    t.equal(readAnchorFiles({ ...files, fingerprint: colons }).signer, FINGERPRINT);
  },
);

t.test('a source is told by what it holds', async (t) => {
  t.match(plain(jwks, CARD_ISS), { form: 'card-issuer', records: [{ kid: record.kid }], signer: null });
  t.match(plain({ ...jwks, iss: CARD_ISS }), { form: 'card-issuer', records: [{ issuer: CARD_ISS }] });
  t.match(plain({ id: 'did:web:x.example', assertionMethod: [] }), { form: 'did-document', records: [] });
  const crl = { kid: record.kid, method: 'rid', ctr: 1, rids: ['a'] };
  t.match(plain(crl), { form: 'card-revocations', cardLists: [{ issuer: null }] });
  const rubbish = readAnchors({ data: Buffer.from('hello'), signed: null, issuer: null });
  t.match(rubbish, { form: 'dcc-certificates', refused: [{ rule: 'certificate' }] });
});

t.test('what is no source is refused whole', async (t) => {
  t.throws(() => plain(jwks), { code: 'list_refused' });
  t.throws(() => plain({ issuerInfo: [], time: '2026-01-01T00:00:00Z' }), { code: 'list_refused' });
  for (const text of ['{', '{"keys":[],"keys":[]}', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`]) {
    t.throws(() => readAnchors({ data: Buffer.from(text), signed: null, issuer: CARD_ISS }), {
      code: 'damaged',
    });
  }
  t.throws(() => readAnchors({ data: new Uint8Array(16 * 1024 * 1024 + 1), signed: null, issuer: null }), {
    code: 'list_refused',
  });
  const none = { file: '/absent', signature: null, certificate: null, fingerprint: null, issuer: null };
  t.throws(() => readAnchorFiles(none), { code: 'invalid_request' });
  t.throws(() => readAnchorFiles({ ...none, signature: '/absent' }), { code: 'invalid_request' });
  t.throws(() => readAnchorFiles({ ...none, fingerprint: FINGERPRINT }), { code: 'invalid_request' });
});

const dcc = sharedFile('eu-dcc.ndjson');
const skipDcc = dcc === undefined && 'the folder of published vectors is absent (1 certificate)';

t.test(
  'signer certificates become entries for any issuer, with their window',
  { skip: skipDcc },
  async (t) => {
    const [line = ''] = (dcc ?? '').split('\n');
    const { cert } = JSON.parse(line) as { cert: string };
    const { form, issuers, records } = readAnchors({
      data: Buffer.from(cert, 'base64'),
      signed: null,
      issuer: null,
    });
    t.match({ form, issuers }, { form: 'dcc-certificates', issuers: 0 });
    const [entry] = anchorEntries(records);
    t.match(entry, { sub: null, format: 'eu-dcc', keys: [{ kid: /^[\w-]{11}$/ }], scope: { region: '' } });
    t.ok((entry?.nbf ?? 0) > 0 && (entry?.exp ?? 0) > (entry?.nbf ?? 0));
  },
);
