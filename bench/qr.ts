// From a text to a finished SVG and PNG, one call after another on one core: for the longest text an unbound health code may
// have, and for health codes as they are issued.

import { createNodeSigner, generatePrivateJwk } from '../src/adapters/crypto-node.js';
import { pngOf, svgOf } from '../src/adapters/qr.js';
import { carriedClaims, checkClaims, encodeClaims } from '../src/core/credential/claims.js';
import { HEALTH_CODE } from '../src/core/credential/kinds/health-code.js';
import { encodeYm1 } from '../src/core/envelope/ym1.js';
import { reportSizes } from './qr-sizes.js';
import { cycle, median, spreadOf } from './support/pairs.js';
import type { Report } from './support/report.js';

const LONGEST = 280;
const TEXTS = 64;
const SLICES = 9;
const SLICE_MS = 100;
/** The renderers' own defaults. */
const SVG_SCALE = 4;
const PNG_SCALE = 8;
const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export async function qr(report: Report, options: { readonly full: boolean }): Promise<void> {
  reportSizes(report);
  const slices = options.full ? SLICES * 5 : SLICES;
  const sets = [
    ['', Array.from({ length: TEXTS }, longestText)],
    ['real_', Array.from({ length: TEXTS }, realCode)],
  ] as const;
  for (const [prefix, texts] of sets) {
    const svg = measure(texts, slices, (text) => svgOf(text, SVG_SCALE));
    report(`${prefix}svg_ms`, median(svg), 'ms', spreadOf(svg));
    const png = measure(texts, slices, (text) => pngOf(text, PNG_SCALE));
    report(`${prefix}png_ms`, median(png), 'ms', spreadOf(png));
  }
}

/** Milliseconds a call, for each slice of time after a first that warms up. */
function measure(
  texts: readonly string[],
  slices: number,
  render: (text: string) => string | Uint8Array,
): readonly number[] {
  const next = cycle(texts);
  const found: number[] = [];
  for (let slice = 0; slice <= slices; slice++) {
    const begin = performance.now();
    let calls = 0;
    let produced = 0;
    while (performance.now() - begin < SLICE_MS) {
      produced += render(next()).length;
      calls++;
    }
    if (slice > 0 && produced > 0) found.push((performance.now() - begin) / calls);
  }
  return found;
}

function longestText(): string {
  const body = Array.from({ length: LONGEST - 4 }, () => BASE45[Math.floor(Math.random() * BASE45.length)]);
  return `YM1:${body.join('')}`;
}

const signer = createNodeSigner(generatePrivateJwk('Ed25519'));

function realCode(_: unknown, number: number): string {
  const issuedAt = 1_800_000_000 + number;
  const request = {
    holderName: '张小伟',
    holderIdType: '111',
    holderId: '33010219000101002X',
    region: '330102',
    checkedAt: issuedAt,
  };
  const claims = carriedClaims(HEALTH_CODE, checkClaims(HEALTH_CODE, request, 'request'));
  return encodeYm1(
    {
      issuer: '330102',
      issuedAt,
      notBefore: null,
      expiresAt: issuedAt + 86_400,
      kind: { number: HEALTH_CODE.number, name: HEALTH_CODE.name },
      status: { list: 3, index: 500_000 + number, uri: 'https://a.example/status-lists/3' },
      claims: { cbor: encodeClaims(HEALTH_CODE, claims), json: claims },
      deviceKey: null,
    },
    signer,
  );
}
