// A process that is to be killed: loads, waits for a line, opens what it is told to, works until it is killed, and writes down what was
// acknowledged, a JSON array a line: `issued` with id and code, `revoked` with id, `rotated` with kid, `migrated`.
// Arguments: what to do, data folder, migrations folder.

import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/adapters/sqlite/database.js';
import { loadConfig } from '../../src/config.js';
import { LOCAL } from '../../src/core/issue/principal.js';
import { createLogger } from '../../src/http/logging.js';
import { openCore } from '../../src/server/core.js';
import { NO_FOLLOWERS } from '../../src/server/knowledge.js';
import { sampleClaims } from '../support/sample-claims.js';
import type { Work } from './rounds.js';

const LANES = 4;
const GROUP = 20;

const [, , task = '', dataDir = '', migrations = ''] = process.argv;
const work = task as Work;
const say = (words: readonly string[]): void => void writeSync(1, `${JSON.stringify(words)}\n`);
const settings = (folder: string) =>
  loadConfig({
    YIMA_DATA_DIR: folder,
    YIMA_PARTNER_LISTS: 'off',
    YIMA_STATUS_LIST_ENTRIES: '1024',
    YIMA_DEMO: 'off',
  });

say(['loaded']);
await once(process.stdin, 'data');

if (work === 'migration') {
  openDatabase(join(dataDir, 'yima.db'), migrations);
  say(['migrated']);
} else {
  const { commands } = await openCore(settings(dataDir), NO_FOLLOWERS, createLogger('silent'));

  const issue = async (): Promise<string> => {
    const claims = sampleClaims('business-licence');
    const order = { kind: 'business-licence', region: '330102', claims, operator: 'desk', evidence: 'file' };
    const { credential, encodings } = await commands.issue(LOCAL, { ...order, forms: ['screen'] });
    say(['issued', credential.id, encodings[0]?.code ?? '']);
    return credential.id;
  };
  const revoke = async (id: string): Promise<void> => {
    await commands.changeState(LOCAL, id, { action: 'revoke', reason: 'test' });
    say(['revoked', id]);
  };
  const steps: Readonly<Record<Exclude<Work, 'migration'>, () => Promise<unknown>>> = {
    issue,
    revoke: async () => revoke(await issue()),
    batch: () => Promise.all(Array.from({ length: GROUP }, issue)),
    rotation: async () => {
      say(['rotated', (await commands.rotateKey(LOCAL, 'credential', false)).kid]);
      await issue();
    },
  };
  const step = steps[work];
  const lane = async (): Promise<never> => {
    for (;;) await step();
  };
  await Promise.all(Array.from({ length: work === 'batch' || work === 'rotation' ? 1 : LANES }, lane));
}
