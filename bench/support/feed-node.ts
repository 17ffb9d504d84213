// A node in a process of its own that does as the bench says.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { openNode, type YimaNode } from '../../src/server/node.js';
import { issueRequest } from '../../test/support/office.js';
import type { Asked, FeedNodeSettings, Issued, Told } from './feed-nodes.js';

const KIND = 'business-licence';

const settings = JSON.parse(process.argv[2] ?? '') as FeedNodeSettings;
const { folder, trust, env } = settings;
const trustDir = join(folder, 'trust');
mkdirSync(trustDir, { recursive: true, mode: 0o700 });
if (trust !== null) writeFileSync(join(trustDir, 'issuer.json'), trust, { mode: 0o600 });
const node = await openNode(
  loadConfig({
    YIMA_DATA_DIR: join(folder, 'data'),
    YIMA_TRUST_DIR: trustDir,
    YIMA_LOG_LEVEL: 'silent',
    YIMA_DEMO: 'off',
    YIMA_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_SHUTDOWN_GRACE_SECONDS: '0',
    ...env,
  }),
);
await node.open();
const asked = { name: 'bench', scopes: ['issue', 'verify', 'revoke'], expiresAt: null } as const;
const apiKey = (await node.access.create('bench', asked)).secret;
const headers = { authorization: `Bearer ${apiKey}` };

const answers: { [K in Asked['type']]: (message: Asked & { type: K }) => Promise<Told> } = {
  issue: async ({ count }) => ({ type: 'issued', issued: await issue(node, count) }),
  trust: async () => ({
    type: 'trust',
    text: (await node.app.inject({ method: 'GET', url: '/.well-known/jwks.json' })).body,
  }),
  cpu: async () => {
    const { user, system } = process.cpuUsage();
    return { type: 'cpu', us: user + system };
  },
  admitted: async ({ code }) => ({ type: 'admitted', isSo: (await verdict(code)) === 'admit' }),
};

process.on('message', (message: Asked) => {
  void (answers[message.type] as (message: Asked) => Promise<Told>)(message).then(
    (told) => process.send?.(told),
    (error: Error) => process.send?.({ type: 'failed', message: String(error.stack) } satisfies Told),
  );
});
process.on('disconnect', () => process.exit(1)); // whoever measured is gone
process.on('SIGTERM', () => {
  void node.close().then(() => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
});
process.send?.({ type: 'ready', apiKey } satisfies Told);

/** In groups, as a desk's imports come. */
async function issue({ app }: YimaNode, count: number): Promise<readonly Issued[]> {
  const issued: Issued[] = [];
  while (issued.length < count) {
    const group = Array.from({ length: Math.min(100, count - issued.length) }, (_, i) =>
      app.inject({
        method: 'POST',
        url: '/v1/credentials',
        headers: { ...headers, 'idempotency-key': `bench ${issued.length + i} ${process.pid}` },
        payload: issueRequest(KIND),
      }),
    );
    for (const response of await Promise.all(group)) {
      const { id, encodings } = response.json<{ id: string; encodings: [{ code: string }] }>();
      issued.push({ id, code: encodings[0].code });
    }
  }
  return issued;
}

async function verdict(code: string): Promise<string> {
  // Past the queue of the public port: the time in it is the checkpoint's, not the news'.
  const response = await node.localApp.inject({ method: 'POST', url: '/v1/verify', payload: { code } });
  return response.json<{ decision: string }>().decision;
}
