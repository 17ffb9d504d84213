// The node under load: one started for the run with a key and a partner of the hammer's, or one that runs already.

import type { Settings } from '../../test/support/node-process.js';
import { type Client, createClientWithKey } from '../../test/system/support/client.js';
import { type SigningNode, startSigningNode } from '../support/signing-node.js';
import { type Authority, createAuthority } from '../support/trusted-signers.js';

export interface Target {
  readonly url: URL;
  readonly apiKey: string;
  readonly client: Client;
  /** null: its processor time and memory are not measured. */
  readonly pid: number | null;
  readonly sign: SigningNode['sign'] | null;
  readonly partner: Authority | null;
  readonly stop: () => Promise<void>;
}

/** As many authorities as a province has cities and ministries. */
const KEYS = 32;

export async function startTarget(settings: Settings): Promise<Target> {
  const partner = createAuthority('440106', null, 1);
  const node = await startSigningNode({ settings, keys: KEYS, partners: [partner] });
  const { url, apiKey, client, pid, sign, stop } = node;
  return { url: new URL(url), apiKey, client, pid, sign, partner, stop };
}

export function attachTarget(url: string, apiKey: string, pid: number | null): Target {
  const client = createClientWithKey(url, apiKey);
  return { url: new URL(url), apiKey, client, pid, sign: null, partner: null, stop: async () => undefined };
}
