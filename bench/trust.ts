// A verifier takes up a whole country's trust lists from a bundle, then one list that has changed.

import { gzipSync } from 'node:zlib';
import { createNodeVerify, sha256 } from '../src/adapters/crypto-node.js';
import { type Bundle, encodeBundle, parseBundle } from '../src/core/trust/bundle.js';
import { parseSignedDocument, type SignedDocument } from '../src/core/trust/documents/signed-document.js';
import { createAdmission } from '../src/core/trust/documents/trusted-key.js';
import type { KeyTable } from '../src/core/trust/key-record.js';
import { createKeyTable, patchKeyTable } from '../src/core/trust/key-table.js';
import { createTrustNetwork, type TrustNetwork } from '../src/core/trust/network/network.js';
import {
  type Country,
  type CountryAuthority,
  createCountry,
  nextList,
  signerEntry,
} from './support/country.js';
import { collected } from './support/memory.js';
import { median } from './support/pairs.js';
import type { Bench } from './support/report.js';

const SIZE = { ministries: 46, cities: 340, counties: 2_800 };
const CHANGES = 60;
const LOOKUPS = 2_000_000;

export const trust: Bench = async (report) => {
  const now = Math.floor(Date.now() / 1000);
  const country = createCountry(SIZE, now);
  const text = bundleText(country);
  const before = collected();
  const scratch = performance.now();
  const pieces: number[] = [];
  const network = open(country);
  const table = load(network, text, now, pieces);
  const scratchMs = performance.now() - scratch;
  const bytes = collected() - before;
  report(
    'bundle_ms',
    scratchMs,
    `ms for ${country.authorities.size} authorities and ${country.keys} keys, from scratch`,
  );
  report('bundle_bytes', gzipSync(text).length, `bytes in gzip, ${text.length} plain`);
  report(
    'piece_ms',
    Math.max(...pieces),
    'ms, the longest piece of that between two turns of the event loop',
  );
  report('bytes_a_key', bytes / table.records.length, 'bytes of memory a key, with its documents');
  const times = changeSome(country, network, table, now);
  report(
    'delta_ms',
    median(times),
    `ms for one changed list`,
    `${Math.min(...times).toFixed(2)}..${Math.max(...times).toFixed(2)}`,
  );
  report('delta_speedup', scratchMs / median(times), 'times cheaper than from scratch');
  report('lookup_us', lookups(table), `us a look-up among ${table.records.length} keys`);
};

function open({ root }: Country): TrustNetwork {
  return createTrustNetwork({
    admit: createAdmission({ sha256 }),
    verify: createNodeVerify(),
    pin: root.hash,
  });
}

function bundleText({ root, authorities }: Country): string {
  const lists = [...authorities.values()].map(({ list }) => list);
  lists.sort((a, b) => (String(a.payload['iss']) < String(b.payload['iss']) ? -1 : 1));
  return encodeBundle({ roots: [root], lists, log: null });
}

/** Runs the steps to their end, and notes how long each took. */
function run<T>(steps: Generator<void, T>, pieces: number[] = []): T {
  for (;;) {
    const from = performance.now();
    const { done, value } = steps.next();
    pieces.push(performance.now() - from);
    if (done === true) return value;
  }
}

function load(network: TrustNetwork, text: string, now: number, pieces: number[]): KeyTable {
  const bundle: Bundle = run(parseBundle(text, sha256), pieces);
  let table = createKeyTable([], now);
  const take = (document: SignedDocument): void => {
    const patch = run(network.apply(run(network.judge(document, now), pieces)), pieces);
    const from = performance.now();
    table = patchKeyTable(table, patch, now);
    pieces.push(performance.now() - from);
  };
  for (const root of bundle.roots) take(root);
  const waiting = new Map(bundle.lists.map((list) => [String(list.payload['iss']), list]));
  while (waiting.size > 0) {
    const size = waiting.size;
    for (const [name, list] of waiting) {
      if (!network.authorities().has(name)) continue;
      take(list);
      waiting.delete(name);
    }
    if (waiting.size === size) throw new Error('The bundle does not resolve.');
  }
  return table;
}

/** A county lists one more key, as its document arrives: read, judged, taken up, in the table. */
function changeSome(country: Country, network: TrustNetwork, from: KeyTable, now: number): readonly number[] {
  const counties = [...country.authorities.values()].filter(({ region }) => region.length === 6);
  const donors = createCountry({ ministries: 0, cities: CHANGES, counties: 0 }, now).authorities;
  const keys = [...donors.values()].map(({ credentialKey }) => credentialKey);
  let table = from;
  const times: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    const county = counties[(i * 37) % counties.length] as CountryAuthority;
    const extra = signerEntry({ ...county, credentialKey: keys[i] ?? county.credentialKey });
    const entries = [...(county.list.payload['entries'] as object[]), extra];
    const { text } = nextList(county, { entries });
    const start = performance.now();
    const patch = run(network.apply(run(network.judge(parseSignedDocument(text, sha256), now))));
    table = patchKeyTable(table, patch, now);
    times.push(performance.now() - start);
  }
  return times;
}

function lookups(table: KeyTable): number {
  const { records } = table;
  let found = 0;
  const once = (): number => {
    const start = performance.now();
    for (let i = 0; i < LOOKUPS; i++) {
      const record = records[(i * 7919) % records.length];
      if (record !== undefined) found += table.find(record.format, record.issuer, record.kid).length;
    }
    return ((performance.now() - start) * 1000) / LOOKUPS;
  };
  once();
  const us = Math.min(once(), once(), once());
  if (found === 0) throw new Error('Nothing was found.');
  return us;
}
