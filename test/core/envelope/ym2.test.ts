// `YM2:` presentations: what is written is read back, one content has one text, and browsers can sign it.

import { webcrypto } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createWebVerify } from '../../../src/adapters/crypto-web.js';
import { decodeBase45, encodeBase45 } from '../../../src/core/codec/base45.js';
import { decodeBase64url } from '../../../src/core/codec/base64url.js';
import { encodeCbor } from '../../../src/core/codec/cbor.js';
import { parseCoseSign1 } from '../../../src/core/codec/cose-sign1.js';
import { encodeYm1, openYm1 } from '../../../src/core/envelope/ym1.js';
import { encodeYm2, openYm2, presentationMessage } from '../../../src/core/envelope/ym2.js';
import { isLowS } from '../../../src/core/signature/signature-encoding.js';
import { createDevice, signYm2, signYm2Message, ym2Claims } from '../../support/device.js';
import { contentOf, createGate, createIssuer, NOW } from '../../support/fixtures.js';

const { signer, record } = createIssuer();
const ec = createDevice('ES256');
const ed = createDevice('Ed25519');
const NONCE = Uint8Array.from({ length: 16 }, (_, i) => i);
const DAMAGED = { code: 'damaged' };

t.test('everything that is written is read back', async (t) => {
  for (const device of [ec, ed]) {
    for (const nonce of [null, NONCE.subarray(0, 8), NONCE]) {
      const code = device.bind(signer);
      const { credential, presentation } = openYm2(device.present(code, NOW + 3, nonce));
      t.same(credential, openYm1(code));
      t.equal(presentation.algorithm, device.signer.algorithm);
      t.equal(presentation.issuedAt, NOW + 3);
      t.same(presentation.nonce, nonce);
      t.same(presentation.message, presentationMessage(credential, NOW + 3, nonce));
    }
  }
});

t.test('the presentation of a health code fits a QR symbol of version 14-M, with a nonce too', async (t) => {
  const status = { list: 10, index: 2 ** 20 - 1, uri: '' };
  for (const device of [ec, ed]) {
    const { length } = device.present(device.bind(signer, 'health-code', { status }), NOW, NONCE);
    t.ok(length <= 528, `${length} characters, ${device.signer.algorithm}`);
  }
});

t.test('a message is a COSE_Sign1 as any reader of COSE takes it', async (t) => {
  const code = ed.bind(signer);
  const bytes = decodeBase45(ed.present(code).slice(4));
  const { protectedHeaders, payload } = parseCoseSign1(bytes, { mode: 'strict' });
  t.same(protectedHeaders, new Map([[1, -19]]));
  t.same(payload, encodeCbor(ym2Claims(code)));
});

t.test('a browser’s key, which answers later and with either s, signs it', async (t) => {
  const { subtle } = webcrypto;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const pair = await subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const { x = '', y = '' } = await subtle.exportKey('jwk', pair.publicKey);
  const deviceKey = { algorithm: 'ES256', x: decodeBase64url(x), y: decodeBase64url(y) } as const;
  const credential = openYm1(encodeYm1(contentOf('health-code', { deviceKey }), signer));
  const message = presentationMessage(credential, NOW);
  const gate = createGate([record]);
  const met = new Set<boolean>();
  for (let i = 0; i < 64 && met.size < 2; i++) {
    const signature = new Uint8Array(await subtle.sign(algorithm, pair.privateKey, Uint8Array.from(message)));
    met.add(isLowS(signature));
    const text = encodeYm2(credential, NOW, null, signature);
    t.equal(gate.verify(text).reason, 'ok');
    const { presentation } = openYm2(text);
    t.ok(await createWebVerify()(deviceKey, presentation.message, presentation.signature));
  }
  t.equal(met.size, 2, 'both kinds of s were met');
});

t.test('header, claims and frame have one form', async (t) => {
  const code = ec.bind(signer);
  const claims = (...changes: readonly (readonly [number, unknown])[]): string =>
    signYm2(ym2Claims(code, changes), ec.signer);
  const good = signYm2Message(ym2Claims(code), ec.signer);
  const text = (bytes: readonly number[]): string => `YM2:${encodeBase45(Uint8Array.from(bytes))}`;
  const rows: Readonly<Record<string, string>> = {
    'no tag': text([...good.subarray(1)]),
    'tag 61 around': text([0xd8, 0x3d, ...good]),
    'bytes after the end': text([...good, 0]),
    'one byte less': text([...good.subarray(0, good.length - 1)]),
    'an unprotected header': text([...good.subarray(0, 6), 0xa1, 4, 0x40, ...good.subarray(7)]),
    'a kid': signYm2(ym2Claims(code), ec.signer, {
      header: new Map<number, unknown>([
        [1, -9],
        [4, ec.signer.kid],
      ]),
    }),
    'ES256 of RFC 9053': signYm2(ym2Claims(code), ec.signer, { header: new Map([[1, -7]]) }),
    HMAC: signYm2(ym2Claims(code), ec.signer, { header: new Map([[1, 5]]) }),
    'no time': claims([6, undefined]),
    'a time that is a text': claims([6, String(NOW)]),
    'a negative time': claims([6, -1]),
    milliseconds: claims([6, NOW * 1_000]),
    'a time past 2^53': claims([6, 2n ** 60n]),
    'no credential': claims([-65538, undefined]),
    'a credential as text': claims([-65538, code]),
    'a nonce of 7 bytes': claims([10, NONCE.subarray(0, 7)]),
    'a nonce of 17 bytes': claims([10, new Uint8Array(17)]),
    'a nonce of null': claims([10, null]),
    'a nonce as text': claims([10, 'abcdefgh']),
    'another claim': claims([1, '330102']),
    'an array': signYm2([NOW, openYm1(code)], ec.signer),
    'a long time': signYm2(null, ec.signer, {
      payloadBytes: Uint8Array.from([0xa2, 6, 0x1b, 0, 0, 0, 0, ...encodeCbor(ym2Claims(code)).subarray(3)]),
    }),
    'base45 in lower case': claims().toLowerCase().replace('ym2', 'YM2'),
    'over 4 KB': claims([-65538, new Uint8Array(2_900)]),
  };
  t.doesNotThrow(() => openYm2(claims()));
  for (const [title, spoiled] of Object.entries(rows)) {
    t.equal(createGate([record]).verify(spoiled).reason, 'damaged', title);
    if (title !== 'over 4 KB') t.throws(() => openYm2(spoiled), DAMAGED, title);
  }
});

t.test('one presentation has one text', async (t) => {
  const text = ed.present(ed.bind(signer));
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0123456789ABCXYZ $%*+-./:'), (at, char) => {
      const mutant = text.slice(0, at) + char + text.slice(at + 1);
      if (mutant === text || !mutant.startsWith('YM2:')) return true;
      try {
        const { credential, presentation } = openYm2(mutant);
        const { algorithm, issuedAt, nonce, signature } = presentation;
        const claims = ym2Claims('YM1:', [
          [6, issuedAt],
          [10, nonce ?? undefined],
          [-65538, credential],
        ]);
        const signer = algorithm === 'ES256' ? ec.signer : ed.signer;
        return signYm2(claims, signer, { sign: () => signature }) === mutant;
      } catch (error) {
        return (error as { code?: unknown }).code === 'damaged';
      }
    }),
    { numRuns: 400 },
  );
  t.pass('each other text is refused, or another presentation');
});

t.test('only what is bound can be presented', async (t) => {
  const unbound = openYm1(encodeYm1(contentOf(), signer));
  t.throws(() => presentationMessage(unbound, NOW), { code: 'internal' });
  t.throws(() => presentationMessage(new Uint8Array(80), NOW), DAMAGED);
  const bound = openYm1(ec.bind(signer));
  t.throws(() => presentationMessage(bound, NOW, new Uint8Array(7)), { code: 'internal' });
  t.throws(() => presentationMessage(bound, NOW + 0.5), { code: 'internal' }, 'a time in parts of seconds');
});
