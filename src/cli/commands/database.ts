// `yima db path` and `yima db fsck`: where the database is, and whether its file is sound.

import { resolve } from 'node:path';
import { loadConfig } from '../../config.js';
import type { Text } from '../../core/errors/reasons.js';
import { unpublished, withNode } from '../ask-node.js';
import { command } from '../command.js';
import { databaseFaults, databasePath } from '../database-file.js';
import { EXIT } from '../exit-codes.js';
import { print } from '../show.js';
import { checkLog, describeCheck } from './log.js';

const SOUND: Text = { 'zh-CN': '数据库文件完好', en: 'The database file is sound' };

export const DB_PATH = command({
  name: 'db path',
  summary: { 'zh-CN': '显示数据库文件的位置', en: 'Print where the database file is' },
  args: [],
  options: {},
  examples: ['yima db path'],
  run: async (call, terminal) => {
    const path = resolve(databasePath(loadConfig(terminal.env)));
    print(call, terminal, { path }, () => `${path}\n`);
    return EXIT.ok;
  },
});

export const DB_FSCK = command({
  name: 'db fsck',
  summary: { 'zh-CN': '检查数据库文件和日志', en: 'Check the database file, and the log against it' },
  notes: {
    'zh-CN':
      '检查文件页、引用、表与触发器、状态号位置，再核对日志。只读，可在节点运行时执行。退出码 1：有损坏。用时与文件大小成正比。',
    en: 'Pages, references, tables and their guards, places in the status lists, then the log. Reads only, beside a running node too. Exits 1 when something is wrong. Takes time in proportion to the size.',
  },
  args: [],
  options: {},
  examples: ['yima db fsck', 'yima db fsck --json'],
  run: async (call, terminal) => {
    const { language } = terminal;
    const faults = databaseFaults(loadConfig(terminal.env));
    const log = faults.length > 0 ? null : await withNode(terminal, checkLog, unpublished);
    print(call, terminal, { ok: log?.ok === true, faults, log }, () => {
      const file = faults.length > 0 ? faults : [SOUND[language]];
      return [...file, ...(log === null ? [] : [describeCheck(log)[language]])]
        .map((line) => `${line}\n`)
        .join('');
    });
    return log?.ok === true ? EXIT.ok : EXIT.refused;
  },
});
