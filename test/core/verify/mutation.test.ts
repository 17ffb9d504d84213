// Properties: no single change of a valid code is admitted, and no text at all makes the verifier throw.

import fc from 'fast-check';
import t from 'tap';
import { deflateZlib, inflateZlib } from '../../../src/adapters/crypto-node.js';
import { decodeBase45, encodeBase45 } from '../../../src/core/codec/base45.js';
import { decodeBase64url, encodeBase64url } from '../../../src/core/codec/base64url.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import { isReasonCode } from '../../../src/core/errors/reasons.js';
import { createDevice } from '../../support/device.js';
import {
  contentOf,
  createDccSigner,
  createGate,
  createIssuer,
  dccClaims,
  signHc1,
} from '../../support/fixtures.js';
import {
  cardClaims,
  createCardIssuer,
  createPassIssuer,
  numeric,
  passClaims,
  passText,
  signCard,
  signCardJws,
  signPass,
  signPassMessage,
} from '../../support/foreign.js';

const RUNS = { numRuns: 400 };
const issuers = [createIssuer(), createIssuer({}, 'ES256')];
const dcc = createDccSigner();
const cards = createCardIssuer();
const passes = createPassIssuer();
const gate = createGate([...issuers, dcc, cards, passes].map(({ record }) => record));
const own = issuers.flatMap(({ signer }) => [
  encodeYm1(contentOf(), signer),
  encodeYimaJws(contentOf(), signer),
]);
const foreign = signHc1(dccClaims(), dcc.signer);
const card = signCard(cardClaims(), cards);
const pass = signPass(passClaims(), passes);
const devices = [createDevice('ES256'), createDevice('Ed25519')];
const live = issuers.flatMap(({ signer }) => devices.map((device) => device.present(device.bind(signer))));
const all = [...own, ...live, foreign, card, pass];

/** What a code is before anything is changed: ours admitted, foreign ones held. */
function isAccepted(text: string): boolean {
  const { decision } = gate.verify(text);
  return decision === 'admit' || decision === 'hold';
}

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

t.test('unchanged codes are accepted', async (t) => {
  for (const text of all) t.ok(isAccepted(text), text.slice(0, 4));
});

t.test('every single bit of a YM1 and of a YM2 counts', async (t) => {
  for (const text of [...own, ...live].filter((code) => code.startsWith('YM'))) {
    const prefix = text.slice(0, 4);
    const bytes = decodeBase45(text.slice(4));
    const accepted: number[] = [];
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      if (isAccepted(`${prefix}${encodeBase45(flipBit(bytes, bit))}`)) accepted.push(bit);
    }
    t.strictSame(accepted, []);
  }
});

t.test('every single bit of an HC1’s message counts', async (t) => {
  const message = inflateZlib(decodeBase45(foreign.slice(4)), 4096);
  const accepted: number[] = [];
  for (let bit = 0; bit < 8 * message.length; bit++) {
    if (isAccepted(`HC1:${encodeBase45(deflateZlib(flipBit(message, bit)))}`)) accepted.push(bit);
  }
  t.strictSame(accepted, []);
});

t.test('every single bit of a health card’s JWS and of a pass’s message counts', async (t) => {
  const jws = signCardJws(cardClaims(), cards);
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const accepted: string[] = [];
  for (const [name, part, put] of [
    ['header', header, (text: string) => `${text}.${payload}.${signature}`],
    ['payload', payload, (text: string) => `${header}.${text}.${signature}`],
    ['signature', signature, (text: string) => `${header}.${payload}.${text}`],
  ] as const) {
    const bytes = decodeBase64url(part);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const spoiled = put(encodeBase64url(flipBit(bytes, bit)));
      if (isAccepted(numeric(spoiled))) accepted.push(`${name} ${bit}`);
    }
  }
  const message = signPassMessage(passClaims(), passes.signer);
  for (let bit = 0; bit < 8 * message.length; bit++) {
    if (isAccepted(passText(flipBit(message, bit)))) accepted.push(`pass ${bit}`);
  }
  t.strictSame(accepted, []);
});

t.test('no single character can be replaced, dropped, doubled or added', async (t) => {
  const change = fc.record({
    text: fc.constantFrom(...all),
    at: fc.nat(1_500),
    char: fc.oneof(
      fc.constantFrom(...'ABZaz09 -_+/=.:%*$\n\t\u0000\uFEFF'),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
    how: fc.constantFrom('replace', 'drop', 'double', 'insert'),
  });
  fc.assert(
    fc.property(change, ({ text, at, char, how }) => {
      const i = at % (text.length + 1);
      const old = text[i] ?? '';
      const middle = { replace: char, drop: '', double: old + old, insert: char + old }[how] ?? '';
      const mutant = text.slice(0, i) + middle + text.slice(i + 1);
      return mutant === text || !isAccepted(mutant);
    }),
    { numRuns: 1_500 },
  );
  t.pass('none');
});

t.test('two codes cannot be spliced', async (t) => {
  const accepted: string[] = [];
  for (const codes of [own.filter((code) => code.startsWith('YM1:')), live]) {
    const [first = '', second = ''] = codes;
    for (let cut = 5; cut < first.length; cut++) {
      const spliced = first.slice(0, cut) + second.slice(cut);
      if (spliced !== first && spliced !== second && isAccepted(spliced)) accepted.push(spliced);
    }
  }
  t.strictSame(accepted, []);
});

t.test('any text gets an answer, and none of them is admit', async (t) => {
  const prefix = fc.constantFrom(
    '',
    'YM1:',
    'YM2:',
    'HC1:',
    'shc:/',
    'shc:/1/2/',
    'NZCP:/1/',
    'eyJ',
    'eyJhbGciOiJFZDI1NTE5In0.',
    'ym1:',
    '{"payload":',
  );
  const body = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => encodeBase45(bytes)),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => encodeBase45(deflateZlib(bytes))),
    fc.base64String({ maxLength: 300 }),
    fc.bigInt({ min: 0n, max: 10n ** 300n }).map(String),
    fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'), maxLength: 300 }),
  );
  fc.assert(
    fc.property(prefix, body, (head, rest) => {
      const { decision, reason, checks } = gate.verify(head + rest);
      return decision !== 'admit' && isReasonCode(reason) && checks.length === 8;
    }),
    RUNS,
  );
  t.pass('all answered');
});
