// Texts of the wrong size and spelling: each credential has one text, and no other is mended.

import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { goodJws, goodSegments, goodYm1, signSegments } from '../spoil.js';
import type { CodeRow, World } from '../world.js';

const TOO_LARGE = { status: 413, code: 'too_large' } as const;

const SIZES: readonly CodeRow[] = [
  { name: 'nothing', make: () => '', expected: 'not_ours' },
  { name: 'a prefix alone', make: () => 'YM1:', expected: 'damaged' },
  {
    name: 'one character more than a symbol holds',
    make: () => `YM1:${'0'.repeat(4_293)}`,
    expected: 'damaged',
  },
  { name: 'as much as a symbol holds', make: () => `YM1:${'0'.repeat(4_292)}`, expected: 'damaged' },
  { name: 'a token of 4,097 characters', make: () => `eyJ${'A'.repeat(4_094)}`, expected: 'damaged' },
  {
    name: 'a good code after 4,000 spaces',
    make: (w) => ' '.repeat(4_000) + goodYm1(w),
    expected: 'damaged',
  },
  { name: '15,000 characters', make: () => `YM1:${'A'.repeat(15_000)}`, expected: 'damaged' },
  { name: '1 MB', make: () => `YM1:${'A'.repeat(1_000_000)}`, expected: 'damaged', overHttp: TOO_LARGE },
  { name: '1 MB of NUL', make: () => '\0'.repeat(1_000_000), expected: 'damaged', overHttp: TOO_LARGE },
];

const SPELLINGS: readonly (readonly [name: string, spell: (good: string) => string, CodeRow['expected']?])[] =
  [
    ['a space behind', (good) => `${good} `],
    ['a space in front', (good) => ` ${good}`],
    ['a line end behind', (good) => `${good}\n`],
    ['a carriage return behind', (good) => `${good}\r\n`],
    ['a tab inside', (good) => `${good.slice(0, 50)}\t${good.slice(50)}`],
    ['a NUL behind', (good) => `${good}\0`],
    ['a byte order mark in front', (good) => `\uFEFF${good}`],
    ['a byte order mark behind', (good) => `${good}\uFEFF`],
    ['a zero-width space inside', (good) => `${good.slice(0, 9)}\u200B${good.slice(9)}`],
    ['a full-width digit inside', (good) => good.replace(/[0-9](?=[^0-9]*$)/, '０')],
    ['a lone surrogate inside', (good) => `${good.slice(0, 30)}\uD800${good.slice(31)}`],
    ['lower case', (good) => good.toLowerCase()],
    ['itself twice', (good) => good + good],
    ['a web address around it', (good) => `https://example.com/?c=${encodeURIComponent(good)}`, 'not_ours'],
  ];

function spellings(form: string, good: (world: World) => string): readonly CodeRow[] {
  return SPELLINGS.map(([name, spell, expected = 'damaged']) => ({
    name: `${form}: ${name}`,
    make: (world) => spell(good(world)),
    expected,
  }));
}

/** RFC 9285, section 6, and what its pseudocode lets pass. */
const BASE45: readonly CodeRow[] = (
  [
    ['a triple over 65535', ':::'],
    ['the least triple over 65535', 'GGW'],
    ['a pair over 255', 'V5'],
    ['a length that no bytes have', 'A'],
    ['padding', '=='],
    ['characters outside the alphabet', 'A!A'],
  ] as const
).map(([name, tail]) => ({
  name: `base45: ${name}`,
  make: (world) => {
    const code = goodYm1(world);
    return code.slice(0, code.length - ((code.length - 4) % 3)) + tail;
  },
  expected: 'damaged',
}));

/** The last character of a segment with its unused bits set. */
function withTrailingBits(segment: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return segment.slice(0, -1) + alphabet[alphabet.indexOf(segment.at(-1) ?? 'A') | 1];
}

/** A segment whose last character has unused bits, with the same meaning: the `claims` member may hold spaces. */
function looseSegment(world: World): string {
  const [, payload] = goodSegments(world);
  const json = Buffer.from(payload, 'base64url').toString();
  const bytes = Buffer.from(Buffer.byteLength(json) % 3 === 0 ? `${json} ` : json);
  return encodeBase64url(bytes);
}

const SEGMENTS: readonly (readonly [name: string, spell: (segment: string) => string])[] = [
  ['padding', (segment) => segment.padEnd(Math.ceil((segment.length + 1) / 4) * 4, '=')],
  ['trailing bits', withTrailingBits],
  ['the other base64 alphabet', (segment) => `${segment.slice(0, 8)}+/${segment.slice(10)}`],
  ['a space', (segment) => `${segment.slice(0, 8)} ${segment.slice(8)}`],
  ['a line end', (segment) => `${segment.slice(0, 8)}\n${segment.slice(8)}`],
  ['percent escapes', (segment) => `${segment.slice(0, 8)}%41${segment.slice(8)}`],
];

const damaged = (name: string, make: CodeRow['make']): CodeRow => ({ name, make, expected: 'damaged' });

/** The issuer itself signed these spellings, so only the parser can refuse them. */
const SIGNED_SEGMENTS: readonly CodeRow[] = SEGMENTS.flatMap(([name, spell]) => [
  damaged(`base64url: ${name} in the payload, signed`, (world) =>
    signSegments(goodSegments(world)[0], spell(looseSegment(world)), world.ed.signer),
  ),
  damaged(`base64url: ${name} in the signature`, (world) => {
    const [header, payload, signature = ''] = goodJws(world).split('.');
    return `${header}.${payload}.${spell(signature)}`;
  }),
]);

/** Trailing bits are no row here: our header is a multiple of three bytes, so its segment has none. */
const SIGNED_HEADERS: readonly CodeRow[] = SEGMENTS.filter(([, spell]) => spell !== withTrailingBits).map(
  ([name, spell]) =>
    damaged(`base64url: ${name} in the header, signed`, (world) =>
      signSegments(spell(goodSegments(world)[0]), goodSegments(world)[1], world.ed.signer),
    ),
);

export const TEXT_ROWS: readonly CodeRow[] = [
  ...SIZES,
  ...spellings('YM1', goodYm1),
  ...spellings('JWS', goodJws),
  ...BASE45,
  ...SIGNED_SEGMENTS,
  ...SIGNED_HEADERS,
];
