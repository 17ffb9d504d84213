// Writes to a node's core one after another, with a mark on standard output between the steps, so that whoever traces this process can
// count what each of them synced. Argument: the data folder.

import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from '../../src/config.js';
import { KEYS_AHEAD } from '../../src/core/issue/key-budget.js';
import { LOCAL } from '../../src/core/issue/principal.js';
import { createLogger } from '../../src/http/logging.js';
import { openCore } from '../../src/server/core.js';
import { NO_FOLLOWERS } from '../../src/server/knowledge.js';
import { sampleClaims } from './sample-claims.js';

const GROUP = 100;

const config = loadConfig({ YIMA_DATA_DIR: process.argv[2], YIMA_PARTNER_LISTS: 'off', YIMA_DEMO: 'off' });
const { commands, close } = await openCore(config, NO_FOLLOWERS, createLogger('silent'));
const announced = Object.values(KEYS_AHEAD).reduce((sum, ahead) => sum + ahead, 0);
const signing = 3; // of health codes, of kinds over a year, of status lists

const issue = () =>
  commands.issue(LOCAL, {
    kind: 'business-licence',
    region: '330102',
    claims: sampleClaims('business-licence'),
    operator: 'desk',
    evidence: 'file',
    forms: ['screen'],
  });
const mark = (step: string): void => void writeSync(1, `mark ${step}\n`);

const { credential } = await issue(); // its list begins
while ((await commands.listKeys()).length < announced + signing) await pause(10);
const { seq } = (await commands.logHead()) ?? { seq: 0 };
mark('one');
await issue();
mark('revocation');
await commands.changeState(LOCAL, credential.id, { action: 'revoke', reason: 'test' });
mark('group');
await Promise.all(Array.from({ length: GROUP }, issue));
mark('end');
const head = (await commands.logHead()) ?? { seq: 0 };
writeSync(1, `logged ${head.seq - seq}\n`);
await close();
