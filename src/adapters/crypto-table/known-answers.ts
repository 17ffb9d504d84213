// What the module must answer before it is trusted with anything: RFC 8032, section 7.1, and each of the ways to be wrong.

import { hexDecode } from '../../core/codec/bytes.js';
import type { PublicKey } from '../../core/signature/public-key.js';

export interface KnownAnswer {
  readonly key: PublicKey;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly isSound: boolean;
}

/** Tests 1 to 3: key, message, R, s. */
const PUBLISHED = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155',
    '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da',
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac',
    '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

/** Test 1's s + L: the same equation, another text. */
const UNREDUCED_S = '4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b';
const IDENTITY = `01${'00'.repeat(31)}`;
const ZERO = '00'.repeat(32);

export const KNOWN_ANSWERS: readonly KnownAnswer[] = PUBLISHED.flatMap(([x, text, r, s]) => {
  const key: PublicKey = { algorithm: 'Ed25519', x: hexDecode(x) };
  const message = hexDecode(text);
  const row = (first: string, second: string, isSound: boolean, said = message): KnownAnswer => ({
    key,
    message: said,
    signature: hexDecode(first + second),
    isSound,
  });
  return [
    row(r, s, true),
    row(r, s, false, hexDecode(`${text}00`)),
    row(`${r.slice(0, -2)}00`, s, false),
    row(r, `${s.slice(0, -4)}0000`, false),
    row(r, UNREDUCED_S, false),
    row(IDENTITY, ZERO, false),
  ];
});
