// The process under test: a real node with 32 signing keys over a temporary data folder, or the floor.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { openNode } from '../../src/server/node.js';
import { issueRequest } from '../../test/support/office.js';
import { createFixedApp } from './fixed-app.js';
import { batchText, postText, verifyText } from './raw-http.js';
import { KEYS } from './raw-timer.js';
import { listen, type Started, serveBench } from './serve-bench.js';
import { CALLERS, METERED_PER_MINUTE, type ServerKind } from './server-process.js';

const CODES_A_KEY = 60;
/** Fewer than there are codes, so that none is remembered when its turn comes again; remembering costs what it costs. */
const FEW = (KEYS * CODES_A_KEY) / 2;
const MANY = 4 * KEYS * CODES_A_KEY;
const LINES_A_BATCH = 100;

/** One request for each code, each key in turn. */
function singles(codes: readonly string[], apiKeys: readonly string[]): string[] {
  return codes.map((code, i) => verifyText(code, apiKeys[i % apiKeys.length] ?? ''));
}

/** A request for every 100 codes; those left over are left out. */
function batches(codes: readonly string[], [apiKey = '']: readonly string[]): string[] {
  const lines = codes.map((code, i) => `${JSON.stringify({ id: String(i), code })}\n`);
  return Array.from({ length: Math.floor(lines.length / LINES_A_BATCH) }, (_, i) => {
    const body = lines.slice(i * LINES_A_BATCH, (i + 1) * LINES_A_BATCH).join('');
    return batchText(body, apiKey);
  });
}

interface NodeOptions {
  readonly perMinute?: number;
  /** API keys that ask in turn. */
  readonly callers?: number;
  readonly toRequests?: typeof singles;
  /** What every answer holds. */
  readonly expect?: string;
}

/** @param knownCodes how many codes it remembers */
async function startNode(
  knownCodes: number,
  {
    perMinute = 1_000_000_000,
    callers = 1,
    toRequests = singles,
    expect = '"decision":"admit"',
  }: NodeOptions = {},
): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-'));
  const node = await openNode(
    loadConfig({
      YIMA_DATA_DIR: folder,
      YIMA_LOG_LEVEL: 'silent',
      YIMA_DEMO: 'off',
      YIMA_KNOWN_CODES: String(knownCodes),
      YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: String(perMinute),
    }),
  );
  const codes: string[] = [];
  for (let key = 0; key < KEYS; key += 1) {
    await node.localApp.inject({ method: 'POST', url: '/v1/keys/rotate', payload: { use: 'credential' } });
    const issued = Array.from({ length: CODES_A_KEY }, () =>
      node.localApp.inject({ method: 'POST', url: '/v1/credentials', payload: issueRequest() }),
    );
    for (const response of await Promise.all(issued)) {
      codes.push(response.json<{ encodings: [{ code: string }] }>().encodings[0].code);
    }
  }
  const apiKeys: string[] = [];
  for (let i = 0; i < callers; i += 1) {
    const asked = { name: `bench ${i}`, scopes: ['verify'], expiresAt: null } as const;
    apiKeys.push((await node.access.create('bench', asked)).secret);
  }
  const mixed = codes.map((_, i) => codes[(i % KEYS) * CODES_A_KEY + Math.floor(i / KEYS)] ?? '');
  return {
    port: await listen(node.app),
    requests: toRequests(mixed, apiKeys),
    expect,
    answers: toRequests === batches ? LINES_A_BATCH : 1,
    close: async () => {
      await node.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function startFixed(): Promise<Started> {
  const app = createFixedApp(() => true);
  const request = postText('/fixed', JSON.stringify({ code: 'Y'.repeat(270) }));
  return {
    port: await listen(app),
    requests: [request],
    expect: '"admit"',
    answers: 1,
    close: () => app.close(),
  };
}

const STARTS: Readonly<Record<ServerKind, () => Promise<Started>>> = {
  verify: () => startNode(FEW),
  known: () => startNode(MANY),
  batch: () => startNode(FEW, { toRequests: batches }),
  limited: () => startNode(FEW, { perMinute: 1, expect: '"status":' }),
  metered: () => startNode(FEW, { perMinute: METERED_PER_MINUTE, callers: CALLERS, expect: '"status":' }),
  fixed: startFixed,
};

serveBench(await STARTS[process.argv[2] as ServerKind]());
