// A node with a health code that a rule turned red, three officers and their keys.

import type { Test } from 'tap';
import { openNode } from '../../../src/server/node.js';
import { issueRequest } from '../../support/office.js';
import { ask, putOfficersToWork, turnRed } from '../../support/officers-at-work.js';
import { privateFolder, quietConfig } from '../../support/open-node.js';

export const NOW = 1_790_000_000;

export async function openAppealWorld(t: Test) {
  const config = quietConfig(privateFolder(t), { YIMA_RATE_LIMIT_PER_MINUTE: '0' });
  const node = await openNode(config, { clock: () => NOW, steady: () => 0 });
  t.teardown(() => node.close());
  const { app, localApp } = node;
  const officers = await putOfficersToWork(node, NOW);
  const { id, encodings } = await ask(localApp, '/v1/credentials', issueRequest());
  const [code] = (encodings as { code: string }[]).map((encoding) => encoding.code);
  await turnRed(node, officers.service, String(id));
  return { node, app, localApp, id: String(id), code: code ?? '', ...officers };
}
