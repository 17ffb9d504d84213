// A hub and a checkpoint that share a Redis, as real nodes, with many keys that the hub lists for one issuer; and a code of each.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import type { SignedDocument } from '../../src/core/trust/documents/signed-document.js';
import {
  freePorts,
  type NodeProcess,
  SERVING,
  type Settings,
  spawnNode,
} from '../../test/support/node-process.js';
import type { Owner } from '../../test/support/redis-server.js';
import {
  type Country,
  type CountryKey,
  countryKey,
  createCountry,
  nextList,
  signerEntry,
} from './country.js';
import { healthCodeContent } from './health-code.js';

export interface TrustNodes {
  readonly hub: NodeProcess;
  readonly gate: NodeProcess;
  readonly gateKey: string;
  readonly country: Country;
  readonly keys: readonly CountryKey[];
  /** In the order of the keys. */
  readonly codes: readonly string[];
  readonly put: (document: SignedDocument) => Promise<void>;
}

const PER_ENTRY = 8;
const ISSUER = 'bench.example';
const STATUS_BASE = 'https://bench.example/';

export async function startTrustNodes(
  owner: Owner,
  { redisUrl, keys: count }: { readonly redisUrl: string; readonly keys: number },
): Promise<TrustNodes> {
  const now = Math.floor(Date.now() / 1000) - 5;
  const country = createCountry({ ministries: 0, cities: 0, counties: 0 }, now);
  const common = { YIMA_TRUST_PIN: country.root.hash, YIMA_REDIS_URL: redisUrl, YIMA_DEMO: 'on' };
  const hub = await startOne(owner, {
    ...common,
    YIMA_ISSUER: 'cn.example',
    YIMA_REGION: '',
    YIMA_TRUST_HUB: 'on',
  });
  const gate = await startOne(owner, { ...common, YIMA_ISSUER: '34', YIMA_REGION: '34' });
  const keys = Array.from({ length: count }, countryKey);
  const { hub: authority } = country;
  const listed = signerEntry({ ...authority, name: ISSUER });
  const more = Array.from({ length: Math.ceil(count / PER_ENTRY) }, (_, i) => ({
    ...listed,
    statusBase: STATUS_BASE,
    keys: keys.slice(i * PER_ENTRY, (i + 1) * PER_ENTRY).map(({ jwk }) => jwk),
  }));
  const put = (document: SignedDocument): Promise<void> => upload(hub.node, document);
  await put(country.root);
  await put(authority.list);
  const entries = [...(authority.list.payload['entries'] as object[]), ...more];
  await put(nextList(authority, { entries }));
  const facts = { issuer: ISSUER, statusBase: STATUS_BASE, list: 1, issuedAt: now, expiresAt: now + 86_400 };
  const codes = keys.map(({ signer }, i) => encodeYm1(healthCodeContent(i, { ...facts, index: i }), signer));
  return { hub: hub.node, gate: gate.node, gateKey: gate.key, country, keys, codes, put };
}

async function startOne(
  owner: Owner,
  more: Settings,
): Promise<{ readonly node: NodeProcess; readonly key: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-'));
  const dataDir = join(folder, 'data');
  const node = spawnNode(dataDir, { ...(await freePorts()), ...more });
  owner.teardown(async () => {
    node.signal('SIGTERM');
    await node.ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await node.says(SERVING);
  return { node, key: readFileSync(join(dataDir, 'demo.key'), 'utf8').trim() };
}

async function upload({ url }: NodeProcess, { type, payload, text }: SignedDocument): Promise<void> {
  const path = type === 'root' ? '/trust/root' : `/trust/lists/${String(payload['iss'])}`;
  const headers = { 'content-type': 'application/jose+json' };
  const response = await fetch(`${url}${path}`, { method: 'PUT', headers, body: text });
  if (response.status !== 200) throw new Error(await response.text());
}
