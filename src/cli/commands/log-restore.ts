// `yima log restore`: credentials whose rows were edited behind the log go back to what it tells, after the question.

import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { LogRestored, RestoreRequest } from '../../core/issue/log-restore.js';
import { type Ask, unpublished, withNode } from '../ask-node.js';
import { command, YES } from '../command.js';
import { confirm } from '../confirm.js';
import { EXIT } from '../exit-codes.js';
import { print } from '../show.js';
import { checkLog, describeCheck } from './log.js';

export const LOG_RESTORE = command({
  name: 'log restore',
  summary: {
    'zh-CN': '把与日志不符的证照状态恢复为日志所载',
    en: 'Set credentials that differ from the log back to what it tells',
  },
  notes: {
    'zh-CN':
      '先说明将做什么，再询问。数据库中被标为作废而日志没有的：核验端已见过的码仍作废，须重新签发；未见过的恢复。日志不知道的证照、密钥、提案、规则不改动，由 yima log verify 列出。',
    en: 'Tells first what it would do. What the file calls revoked and the log does not: codes that verifiers have seen so stay revoked and are issued anew, the others come back. What the log does not know stays as it is; yima log verify names it.',
  },
  args: [],
  options: {
    'never-served': {
      type: 'boolean',
      description: {
        'zh-CN': '节点已停止，且改动之后从未运行：无人见过，一律恢复',
        en: 'The node is stopped and has not run since the file was edited: nobody has seen anything, all come back',
      },
    },
    yes: YES,
  },
  examples: ['yima log restore', 'yima log restore --yes --json'],
  run: async (call, terminal) => {
    const neverServed = call.options['never-served'];
    const result = await withNode(
      terminal,
      async (ask, via) => {
        if (neverServed && via === 'socket') {
          throw new YimaError(
            'conflict',
            'A node is running and serves what the file says: leave out --never-served.',
          );
        }
        const found = await restore(ask, { dryRun: true, neverServed });
        if (found.restored === 0) return { ...found, check: await checkLog(ask) };
        await confirm(terminal, plan(found), call.options.yes);
        const done = await restore(ask, { dryRun: false, neverServed });
        return { ...done, check: await checkLog(ask) };
      },
      unpublished,
    );
    print(call, terminal, result, () => {
      const { language } = terminal;
      return `${outcome(result)[language]}\n${keptLines(result)}${describeCheck(result.check)[language]}\n`;
    });
    return result.check.ok && result.keptRevokedCount === 0 ? EXIT.ok : EXIT.refused;
  },
});

function restore(ask: Ask, body: RestoreRequest): Promise<LogRestored> {
  return ask<LogRestored>({ method: 'POST', path: '/v1/log/restore', body });
}

function plan({ restored, keptRevokedCount }: LogRestored): Text {
  return {
    'zh-CN': `将把 ${restored} 个证照恢复为日志所载；其中 ${keptRevokedCount} 个码核验端已见其作废，仍作废，须重新签发。`,
    en: `This sets ${restored} credential(s) back to what the log tells. ${keptRevokedCount} code(s) of them stay revoked, since verifiers have seen it, and have to be issued anew.`,
  };
}

function outcome({ restored, keptRevokedCount, logSeqs }: LogRestored): Text {
  const seqs = logSeqs.join(' ') || '-';
  return {
    'zh-CN': `已恢复 ${restored} 个证照（日志 ${seqs}）；须重新签发 ${keptRevokedCount} 个码`,
    en: `${restored} credential(s) set back (log ${seqs}); ${keptRevokedCount} code(s) to be issued anew`,
  };
}

function keptLines({ keptRevoked }: LogRestored): string {
  return keptRevoked.map(({ credential, form }) => `${credential} ${form}\n`).join('');
}
