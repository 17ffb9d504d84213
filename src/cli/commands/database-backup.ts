// `yima db backup`, `yima db restore` and `yima db migrate`: copies of the database, and the way back from one.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openDataFolder } from '../../adapters/data-folder.js';
import { type Config, loadConfig } from '../../config.js';
import type { Text } from '../../core/errors/reasons.js';
import type { Backup, Owner } from '../../server/backup/backup-file.js';
import type { Restored } from '../../server/backup/restore-node.js';
import { command, YES } from '../command.js';
import { confirm } from '../confirm.js';
import { existingDatabase, MIGRATIONS } from '../database-file.js';
import { EXIT } from '../exit-codes.js';
import { facts, instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';

const FILE: Text = { 'zh-CN': '备份文件', en: 'Backup' };
const NEWEST: Text = { 'zh-CN': '日志最新序号', en: 'Newest log entry' };
const KEYS_APART: Text = {
  'zh-CN': '签名密钥不在其中：请另行备份 keys 目录，存放于别处。',
  en: 'The signing keys are not in it: back up the folder keys/ apart from it, in another place.',
};

export const DB_BACKUP = command({
  name: 'db backup',
  summary: { 'zh-CN': '备份数据库，节点可照常运行', en: 'Back the database up while the node goes on' },
  notes: {
    'zh-CN':
      '备份为单个文件（0600），写完并检查后才出现。含个人数据，不含签名密钥。节点运行与否均可；写入不受阻。',
    en: 'One file, 0600, which appears when it is whole and was checked. It holds personal data and no signing key. The node may be running and goes on writing.',
  },
  args: [{ name: 'FILE' }],
  options: {},
  examples: ['yima db backup /backup/yima-2026-11-25.db', 'yima db backup /backup/yima.db --json'],
  run: async (call, terminal) => {
    const config = loadConfig(terminal.env);
    const path = resolve(call.args[0] ?? '');
    const { makeBackup } = await import('../../server/backup/backup-file.js');
    const owner = { ...ownerOf(config), madeAt: terminal.now() };
    const backup = makeBackup(existingDatabase(config), path, owner, MIGRATIONS);
    print(call, terminal, { path, ...backup }, () => {
      const rows = facts(
        [
          [FILE, path],
          [NEWEST, backup.seq ?? 0],
        ],
        terminal,
      );
      return `${rows}${KEYS_APART[terminal.language]}\n`;
    });
    return EXIT.ok;
  },
});

/** As the data folder has it, whatever the settings of this shell say. */
function ownerOf(config: Config): Owner {
  const file = join(config.dataDir, 'identity.json');
  if (!existsSync(file)) return config;
  return JSON.parse(readFileSync(file, 'utf8')) as Owner;
}

export const DB_RESTORE = command({
  name: 'db restore',
  summary: { 'zh-CN': '从备份恢复数据库', en: 'Restore the database from a backup' },
  notes: {
    'zh-CN':
      '先停止节点，并放回签名密钥。备份之后签发的码一律作废，须重新签发；备份之后作废、停用或变色的，据原数据库、Redis 或 --statuses 保持不变。状态列表另起新号，绝不重用旧号。原数据库移入 replaced-*，不删除。备份之后撤销的 API 密钥和检查点须再次撤销。',
    en: 'Stop the node first, and put the signing keys back. Codes issued after the backup are revoked and issued anew; what was revoked, suspended or coloured since stays so, by the database that is replaced, by Redis, or by --statuses. New lists have new numbers, no index is used again. The database before goes to replaced-*, nothing is deleted. Revoke again the API keys and sites that were revoked since.',
  },
  args: [{ name: 'FILE' }],
  options: {
    statuses: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      description: {
        'zh-CN': '本节点签名的状态列表（JWT），备份之后由别处保存；可多次',
        en: 'A status list (JWT) of this node that somebody kept after the backup; may be given several times',
      },
    },
    'without-statuses': {
      type: 'boolean',
      description: {
        'zh-CN': '备份之后的作废无从得知，仍要恢复',
        en: 'What was revoked since the backup cannot be found: restore all the same',
      },
    },
    yes: YES,
  },
  examples: [
    'yima db restore /backup/yima-2026-11-25.db',
    'yima db restore yima.db --statuses list-1.jwt --statuses list-2.jwt',
    'yima db restore yima.db --without-statuses --yes --json',
  ],
  run: async (call, terminal) => {
    const { statuses, 'without-statuses': withoutStatuses, yes } = call.options;
    const tokens = await Promise.all(statuses.map((path) => terminal.readFile(path)));
    const { restoreNode } = await import('../../server/backup/restore-node.js');
    const restored = await restoreNode(loadConfig(terminal.env), {
      file: resolve(call.args[0] ?? ''),
      tokens,
      withoutStatuses,
      confirm: (backup) => confirm(terminal, plan(backup, terminal), yes),
      now: terminal.now(),
    });
    print(call, terminal, restored, () => describe(restored, terminal));
    return restored.isAsTold ? EXIT.ok : EXIT.refused;
  },
});

function plan({ madeAt, seq }: Backup, terminal: Terminal): Text {
  const at = instant(madeAt, terminal);
  return {
    'zh-CN': `将恢复 ${at} 的备份（日志至 ${seq ?? 0}）；此后签发的码全部作废。`,
    en: `This restores the backup of ${at} (log up to ${seq ?? 0}); every code issued after it is revoked.`,
  };
}

const CLOSED: Text = { 'zh-CN': '停用的状态列表', en: 'Status lists that go no further' };
const LOST: Text = { 'zh-CN': '备份中没有的状态列表', en: 'Status lists that the backup lacks' };
const KEPT_REVOKED: Text = { 'zh-CN': '备份后作废、仍作废的码', en: 'Codes revoked since, and still' };
const KEPT_STATES: Text = {
  'zh-CN': '备份后停用或变色、仍如此的证照',
  en: 'Credentials suspended or coloured since, and still',
};
const REPLACED: Text = { 'zh-CN': '原数据库', en: 'The database before' };
const NEXT: Text = {
  'zh-CN': '下一步：再次撤销备份后撤销的 API 密钥和检查点；启动节点；yima doctor。',
  en: 'Next: revoke again the API keys and sites that were revoked since the backup; start the node; yima doctor.',
};
const NOT_AS_TOLD: Text = {
  'zh-CN': '备份与其日志不符：yima log verify。',
  en: 'The backup is not as its log tells: yima log verify.',
};

function describe(restored: Restored, terminal: Terminal): string {
  const { closedLists, lostLists, keptRevoked, keptStates, replaced, isAsTold } = restored;
  const rows = facts(
    [
      [CLOSED, closedLists],
      [LOST, lostLists],
      [KEPT_REVOKED, keptRevoked],
      [KEPT_STATES, keptStates],
      [REPLACED, replaced],
    ],
    terminal,
  );
  const lines = isAsTold ? [NEXT] : [NOT_AS_TOLD, NEXT];
  return rows + lines.map((line) => `${line[terminal.language]}\n`).join('');
}

const CURRENT: Text = {
  'zh-CN': '数据库已是本版本的结构',
  en: 'The database has the schema of this version',
};
const MIGRATED: Text = {
  'zh-CN': '数据库已升级；升级前的副本',
  en: 'The database was migrated; as it was before',
};

export const DB_MIGRATE = command({
  name: 'db migrate',
  summary: {
    'zh-CN': '先留副本，再把数据库升级到本版本的结构',
    en: 'Copy the database, then bring it to the schema of this version',
  },
  notes: {
    'zh-CN': '须先停止节点。yima serve 启动时也会这样做；较新版本用过的数据库不予打开。',
    en: 'Stop the node first. yima serve does the same at its start. A database that a newer version has used is refused.',
  },
  args: [],
  options: {},
  examples: ['yima db migrate', 'yima db migrate --json'],
  run: async (call, terminal) => {
    const config = loadConfig(terminal.env);
    const path = existingDatabase(config);
    const { openDatabase } = await import('../../adapters/sqlite/database.js');
    const folder = openDataFolder(config.dataDir);
    try {
      const { client, copy } = openDatabase(path, MIGRATIONS);
      client.close();
      print(call, terminal, { migrated: copy !== null, copy }, () =>
        copy === null ? `${CURRENT[terminal.language]}\n` : `${MIGRATED[terminal.language]}: ${copy}\n`,
      );
      return EXIT.ok;
    } finally {
      folder.close();
    }
  },
});
