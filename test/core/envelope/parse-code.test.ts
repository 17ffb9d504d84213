// Which envelope a text has, and what is said of a text that has none.

import t from 'tap';
import { inflateRaw, inflateZlib } from '../../../src/adapters/crypto-node.js';
import { parseCode } from '../../../src/core/envelope/parse-code.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import { createDevice } from '../../support/device.js';
import { contentOf, createDccSigner, createIssuer, dccClaims, signHc1 } from '../../support/fixtures.js';
import {
  cardClaims,
  createCardIssuer,
  createPassIssuer,
  passClaims,
  signCard,
  signPass,
} from '../../support/foreign.js';

const { signer } = createIssuer();
const ym1 = encodeYm1(contentOf(), signer);
const jws = encodeYimaJws(contentOf(), signer);
const hc1 = signHc1(dccClaims(), createDccSigner().signer);

function codeOf(text: string): unknown {
  try {
    return parseCode(text, { inflate: inflateZlib, inflateRaw }).envelope;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

t.test('the prefix chooses the parser', async (t) => {
  t.equal(codeOf(ym1), 'YM1');
  t.equal(codeOf(jws), 'JWS');
  const device = createDevice();
  t.equal(codeOf(device.present(device.bind(signer))), 'YM1', 'of a presentation the credential is read');
  t.equal(codeOf(hc1), 'HC1');
  t.equal(codeOf(signCard(cardClaims(), createCardIssuer())), 'SHC');
  t.equal(codeOf(signPass(passClaims(), createPassIssuer())), 'NZCP');
});

t.test('formats that are known and not read say so', async (t) => {
  for (const text of ['shc:/1/2/5676290', 'shc:/12/17/']) t.equal(codeOf(text), 'unsupported', text);
});

t.test('everything else is not ours', async (t) => {
  const texts = [
    '',
    ' ',
    'hello',
    'https://example.com/a.b.c',
    'WIFI:S:x;;',
    'YM3:ABC',
    'HC2:ABC',
    'HL0:ABC',
    'NZCP:/2/ABC',
    '6BFOXN',
    '{"a":1}',
    'eyes wide open. Really.',
    'YM1',
    '健康码',
    '\u0000',
    '69012345678901',
  ];
  for (const text of texts) t.equal(codeOf(text), 'not_ours', text);
});

t.test('a code of ours that was spoiled on the way is damaged, and nothing is mended', async (t) => {
  for (const text of [` ${ym1}`, `\uFEFF${ym1}`, `\n${hc1}`, `${ym1} `, `${ym1}\n`, `\t${jws}`, `${jws}\n`]) {
    t.equal(codeOf(text), 'damaged', JSON.stringify(text.slice(0, 8)));
  }
  for (const text of [
    ym1.toLowerCase(),
    `ym1${ym1.slice(3)}`,
    hc1.toLowerCase(),
    'SHC:/567',
    'nzcp:/1/2KCE',
  ]) {
    t.equal(codeOf(text), 'damaged', text.slice(0, 8));
  }
  for (const text of [
    'YM1:',
    'HC1:',
    'eyJ',
    'eyJhbGciOiJub25lIn0..',
    'YM1:\uFEFF',
    'YM2:',
    'YM2:ABC',
    'shc:/',
    'shc:/5676290',
    'NZCP:/1/',
    'NZCP:/1/2KCE',
  ])
    t.equal(codeOf(text), 'damaged', text);
});

t.test('a text longer than any symbol is damaged at once', async (t) => {
  t.equal(codeOf('A'.repeat(4_296)), 'not_ours');
  t.equal(codeOf('A'.repeat(4_297)), 'damaged');
  t.equal(codeOf(`YM1:${'0'.repeat(50_000_000)}`), 'damaged');
});
