// A node over a data folder of its own, without a port: requests are injected.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { type Config, loadConfig } from '../../src/config.js';
import { openNode, type YimaNode } from '../../src/server/node.js';

const PAGE = { host: '127.0.0.1', 'sec-fetch-site': 'same-origin' };

/** A folder that only this user may write to, gone when the test ends. */
export function privateFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'yima-node-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function quietConfig(dataDir: string, settings: Readonly<Record<string, string>> = {}): Config {
  return loadConfig({
    YIMA_DATA_DIR: dataDir,
    YIMA_LOG_LEVEL: 'silent',
    YIMA_PARTNER_LISTS: 'off', // the issuers of tests are at addresses that nobody has
    YIMA_STATUS_LIST_ENTRIES: '1024',
    ...settings,
  });
}

/** Closed when the test ends; closing it before is no harm. */
export async function openQuietNode(
  t: Test,
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<YimaNode> {
  const node = await openNode(quietConfig(dataDir, settings));
  t.teardown(() => node.close());
  return node;
}

/** As the first page does it. @returns the code */
export async function playDemo({ app }: YimaNode): Promise<string> {
  const response = await app.inject({ method: 'POST', url: '/demo/credentials', headers: PAGE, payload: {} });
  if (response.statusCode !== 201) throw new Error(response.payload);
  return response.json().code;
}

/** `decision/reason` of the gate. */
export async function verdict({ localApp }: YimaNode, code: string): Promise<string> {
  const { decision, reason } = await post(localApp, '/v1/verify', { code });
  return `${decision}/${reason}`;
}

export async function post(
  app: FastifyInstance,
  url: string,
  payload: object,
): Promise<Readonly<Record<string, unknown>>> {
  return (await app.inject({ method: 'POST', url, payload })).json();
}
