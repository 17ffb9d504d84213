// A node in this process, a browser, and checkpoints of that node, for tests of the scanner.

import type { Browser } from 'playwright-core';
import type { Test } from 'tap';
import type { YimaNode } from '../../../src/server/node.js';
import { freePort } from '../../support/free-port.js';
import { openQuietNode, privateFolder } from '../../support/open-node.js';
import { launchChromium } from './chromium.js';

export interface Gate {
  readonly node: YimaNode;
  readonly url: string;
  readonly dataDir: string;
  readonly browser: Browser;
  /** An address that makes a browser a checkpoint, once. */
  readonly link: () => Promise<string>;
}

/** As the operator of the node. @throws Error unless it is done */
export async function post<T>({ localApp }: YimaNode, url: string, payload: object): Promise<T> {
  const response = await localApp.inject({ method: 'POST', url, payload });
  if (response.statusCode >= 300) throw new Error(response.payload);
  return response.json() as T;
}

export async function openGate(t: Test): Promise<Gate> {
  const dataDir = privateFolder(t);
  const ports = { PORT: String(await freePort()), ADMIN_PORT: String(await freePort()) };
  const node = await openQuietNode(t, dataDir, ports);
  const url = await node.open();
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const link = async (): Promise<string> => {
    const { code } = await post<{ code: string }>(node, '/v1/sites', { name: '<b>East</b> gate' });
    return `${url}/scan#enrol=${code}`;
  };
  return { node, url, dataDir, browser, link };
}
