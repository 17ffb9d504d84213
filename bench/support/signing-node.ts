// The built program as a process of its own, with keys of the bench among those it trusts for its own issuer, and a status list
// in which all of their codes are green.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { freePorts, SERVING, type Settings, spawnNode } from '../../test/support/node-process.js';
import { issueRequest } from '../../test/support/office.js';
import { type Client, createClientWithKey, demoKey, type Issued } from '../../test/system/support/client.js';
import { healthCodeContent } from './health-code.js';
import { type Authority, createAuthority, writeTrustFile } from './trusted-signers.js';

export interface SigningNode {
  readonly url: string;
  readonly adminUrl: string;
  readonly pid: number;
  /** An API key that may issue, verify and revoke. */
  readonly apiKey: string;
  readonly client: Client;
  /** The keys that the node takes for its own issuer's. */
  readonly own: Authority;
  /** A new code of the node's own issuer; each has a key in turn, an index and, for 10,000 of them, an expiry of its own. */
  readonly sign: (options?: SignOptions) => SignedCode;
  readonly stop: () => Promise<void>;
}

export interface SignOptions {
  /** Whether it expired yesterday. */
  readonly expired?: boolean;
  /** Instead of the trusted key that is named in the code. */
  readonly forger?: Signer;
}

export interface SignedCode {
  readonly code: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export interface SigningNodeOptions {
  readonly settings?: Settings;
  readonly keys: number;
  /** Others that it trusts. */
  readonly partners?: readonly Authority[];
}

/** What `YIMA_ISSUER` is by default. */
const ISSUER = '330102';
const DAY = 86_400;
const EXPIRIES = 10_000;
const LIST_ENTRIES = 2 ** 20;
const NO_LIMITS = {
  YIMA_LOG_LEVEL: 'silent',
  YIMA_RATE_LIMIT_PER_MINUTE: '0',
  YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
  YIMA_SINGLE_REVOCATIONS_PER_DAY: '0',
};

export async function startSigningNode(options: SigningNodeOptions): Promise<SigningNode> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-'));
  const dataDir = join(folder, 'data');
  const trustDir = join(folder, 'trust');
  const ports = await freePorts();
  const url = `http://127.0.0.1:${ports['PORT']}`;
  const statusBase = `${url}/status-lists/`;
  const own = createAuthority(ISSUER, statusBase, options.keys);
  for (const authority of [own, ...(options.partners ?? [])]) writeTrustFile(trustDir, authority);
  const node = spawnNode(dataDir, { ...ports, ...NO_LIMITS, YIMA_TRUST_DIR: trustDir, ...options.settings });
  const stop = async (): Promise<void> => {
    node.signal('SIGTERM');
    await node.ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await node.says(SERVING);
    const apiKey = demoKey(dataDir);
    const client = createClientWithKey(url, apiKey);
    const list = await openQuietList(client);
    const sign = createSign(own.signers, statusBase, list);
    return { url, adminUrl: node.adminUrl, pid: node.pid, apiKey, client, own, sign, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Issues one licence, so that there is a list in which nobody revokes anything. */
async function openQuietList(client: Client): Promise<number> {
  const response = await client.send('/v1/credentials', issueRequest('driving-licence'));
  if (response.status !== 201) throw new Error(`no licence was issued: ${await response.text()}`);
  return ((await response.json()) as Issued).encodings[0].list;
}

function createSign(signers: readonly Signer[], statusBase: string, list: number): SigningNode['sign'] {
  const now = Math.floor(Date.now() / 1000);
  let serial = 0;
  return ({ expired = false, forger } = {}) => {
    serial += 1;
    const index = serial % LIST_ENTRIES;
    const issuedAt = expired ? now - 3 * DAY : now;
    const expiresAt = issuedAt + 2 * DAY - (serial % EXPIRIES);
    const named = signers[serial % signers.length] as Signer;
    const signer = forger === undefined ? named : { ...named, sign: forger.sign };
    const facts = { issuer: ISSUER, statusBase, list, index, issuedAt, expiresAt };
    return { code: encodeYm1(healthCodeContent(serial, facts), signer), expiresAt };
  };
}
