import t from 'tap';
import { createNodeSigner, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { encodeClaims } from '../../src/core/credential/claims.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import type { CodeContent } from '../../src/core/envelope/code-content.js';
import { encodeYimaJws } from '../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import { createDevice } from '../support/device.js';
import { NOW } from '../support/fixtures.js';
import {
  cardClaims,
  createCardIssuer,
  createPassIssuer,
  passClaims,
  signCard,
  signPass,
} from '../support/foreign.js';
import { run } from './fake-terminal.js';

const NONCE = new Uint8Array(8).fill(7);
const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
const kind = KINDS.byName('health-code');
if (kind === undefined) throw new Error('health-code is shipped');
const claims = { holderName: '张三', holderIdType: '111', holderId: '330102********0011', region: '330102' };
const content: CodeContent = {
  issuer: '330102',
  issuedAt: 1_700_000_000,
  notBefore: null,
  expiresAt: 1_700_086_400,
  kind: { number: kind.number, name: kind.name },
  status: { list: 7, index: 1234, uri: 'https://codes.example/status-lists/7' },
  claims: { cbor: encodeClaims(kind, claims), json: claims },
  deviceKey: null,
};

t.test('shows what a code carries and says that nothing was verified, without asking anybody', async (t) => {
  const { code, out, asked } = await run(['inspect', encodeYm1(content, signer)]);
  t.equal(code, 0);
  t.match(out, /^Nothing was verified/);
  t.match(out, /Issuer +330102/);
  t.match(out, /list 7, index 1234/);
  t.match(out, /Name +张三/);
  t.match(out, /Identity document +111 \(Resident identity card\)/);
  t.match(out, /QR \d+-M/);
  t.equal(asked.length, 0);
});

t.test('of a live code the credential is shown, and what the device says', async (t) => {
  const device = createDevice();
  const text = device.present(
    encodeYm1({ ...content, deviceKey: device.signer.publicKey }, signer),
    NOW,
    NONCE,
  );
  const { out } = await run(['inspect', text]);
  t.match(out, /Envelope +YM1/);
  t.match(out, /Signed by a device +2026-09-2/);
  t.match(out, /Nonce of a site +BwcHBwcHBwc/);
  t.match(JSON.parse((await run(['inspect', text, '--json'])).out), {
    deviceBound: true,
    presentation: { algorithm: 'ES256', issuedAt: NOW, nonce: 'BwcHBwcHBwc' },
  });
  const plain = JSON.parse((await run(['inspect', encodeYm1(content, signer), '--json'])).out);
  t.equal(plain.presentation, null);
});

t.test('the two envelopes of one content show the same claims', async (t) => {
  const read = async (text: string) => JSON.parse((await run(['inspect', text, '--json'])).out);
  const ym1 = await read(encodeYm1(content, signer));
  const jws = await read(encodeYimaJws(content, signer));
  t.same(ym1.claims, jws.claims);
  t.match(ym1.claims[1], { name: 'holderIdType', value: '111', text: { 'zh-CN': '居民身份证' } });
  t.equal(ym1.claims[0].text, null);
  t.match(ym1, {
    verified: false,
    envelope: 'YM1',
    kind: 'health-code',
    fault: null,
    status: { list: 7, index: 1234 },
  });
  t.match(jws, { verified: false, envelope: 'JWS', status: { uri: content.status.uri, index: 1234 } });
});

t.test('claims of a kind nobody here knows are shown under their keys', async (t) => {
  const strange = { ...content, kind: { number: 999, name: 'strange' } };
  const { out } = await run(['inspect', encodeYm1(strange, signer), '--json']);
  const shown = JSON.parse(out);
  t.equal(shown.kind, 999);
  const keys = shown.claims.map(({ name }: { name: string }) => name);
  t.ok(keys.length === 4 && keys.every((name: string) => /^\d+$/.test(name)), 'integer keys');
  t.ok(shown.claims.some(({ value }: { value: unknown }) => value === '张三'));
});

t.test('a forged code is shown like any other, its text made harmless', async (t) => {
  const forged = {
    ...content,
    claims: {
      cbor: new Map<number, unknown>([
        [1, 'x\u001b[2J\u202ey'],
        [50, new Uint8Array(2)],
      ]),
      json: {},
    },
  };
  const { code, out } = await run(['inspect', encodeYm1(forged, signer)]);
  t.equal(code, 0);
  t.notOk(out.includes('\u001b') || out.includes('\u202e'));
});

t.test('foreign cards and passes are told under their own kinds', async (t) => {
  const card = signCard(cardClaims({}, { rid: 'abc' }), createCardIssuer());
  t.match(await run(['inspect', card]), {
    code: 0,
    out: /SHC[\s\S]*shc-immunization[\s\S]*rid abc[\s\S]*Anyperson/,
  });
  t.match(await run(['inspect', signPass(passClaims(), createPassIssuer())]), {
    code: 0,
    out: /nzcp-public-covid-pass/,
  });
});

t.test('what is no code exits as verify would', async (t) => {
  t.match(await run(['inspect', 'HELLO']), { code: 2, out: '' });
  t.match(await run(['inspect', 'YM1:ABC']), { code: 2, out: '' });
  t.match(await run(['inspect', 'shc:/1/3/12']), { code: 6, out: '' });
});
