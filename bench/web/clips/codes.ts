// One person's health code in four symbols: ours on paper, ours live on a phone, and an EU certificate that says the same, at our
// level and at the one that its specification recommends. Signatures are made up, so that every run draws the same.

import { sha256 } from '../../../src/adapters/crypto-node.js';
import { type QrLevel, qrMatrix } from '../../../src/adapters/qr.js';
import { concatBytes, hexDecode } from '../../../src/core/codec/bytes.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import type { Signer } from '../../../src/core/signature/ports.js';
import { keyId } from '../../../src/core/signature/thumbprint.js';
import { presentBy } from '../../../test/support/device.js';
import { contentOf, dccClaims, NOW, signHc1 } from '../../../test/support/fixtures.js';

/** The base point of P-256: a sound key, whose secret is 1. */
const PUBLIC_KEY = {
  algorithm: 'ES256',
  x: hexDecode('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'),
  y: hexDecode('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'),
} as const;

const STILL: Signer = {
  algorithm: 'ES256',
  publicKey: PUBLIC_KEY,
  kid: keyId(PUBLIC_KEY, sha256),
  sign: (message) => concatBytes(sha256(message), Uint8Array.of(0), sha256(sha256(message)).subarray(1)),
};

export interface ClipCode {
  readonly name: string;
  readonly text: string;
  readonly version: number;
  readonly level: QrLevel;
  readonly size: number;
  readonly modules: Uint8Array;
}

function codeOf(name: string, text: string, level: QrLevel = 'M'): ClipCode {
  return { name, text, ...qrMatrix(text, level) };
}

/** A negative test of the same person at the same time, with every field that the schema asks for (EU DCC 1.3.0). */
function sameAsDcc(): string {
  const test = new Map<string, unknown>([
    ['tg', '840539006'],
    ['tt', 'LP6464-4'],
    ['sc', '2026-09-21T14:13:20Z'],
    ['tr', '260415000'],
    ['tc', '杭州市上城区示例医院'],
    ['co', 'CN'],
    ['is', '330102'],
    ['ci', 'URN:UVCI:01:CN:33010219000101002X#2'],
  ]);
  const certificate = new Map<string, unknown>([
    ['t', [test]],
    ['dob', '1900-01-01'],
    [
      'nam',
      new Map([
        ['fn', '张'],
        ['gn', '小三'],
        ['fnt', 'ZHANG'],
        ['gnt', 'XIAOSAN'],
      ]),
    ],
    ['ver', '1.3.0'],
  ]);
  return signHc1(
    dccClaims([
      [1, 'CN'],
      [-260, new Map([[1, certificate]])],
    ]),
    STILL,
  );
}

export function clipCodes(): readonly ClipCode[] {
  const bound = encodeYm1(contentOf('health-code', { deviceKey: PUBLIC_KEY }), STILL);
  const foreign = sameAsDcc();
  return [
    codeOf('YM1', encodeYm1(contentOf(), STILL)),
    codeOf('YM2', presentBy(STILL, bound, NOW)),
    codeOf('HC1', foreign),
    codeOf('HC1', foreign, 'Q'),
  ];
}
