// `yima log head` and `yima log check-head`: the newest entry to be kept elsewhere, and what was kept held against the log.

import type { Text } from '../../core/errors/reasons.js';
import type { HeadCheck, HeadFinding, SignedLogHead } from '../../core/issue/signed-head.js';
import type { LogRow } from '../../core/issue/store.js';
import { type Ask, askNode, withNode } from '../ask-node.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { instant, print } from '../show.js';
import { readPage } from './log.js';

export const LOG_HEAD = command({
  name: 'log head',
  summary: { 'zh-CN': '查看最新一条的序号和哈希', en: 'Show number and hash of the newest entry' },
  notes: {
    'zh-CN': '抄存于别处，日后可证明日志未被改写。--signed 输出本节点签名的一行，交由外部见证方保存。',
    en: 'Note it down elsewhere: it proves later that nothing before it was rewritten. --signed prints one signed line for a witness outside.',
  },
  args: [],
  options: {
    signed: {
      type: 'boolean',
      description: { 'zh-CN': '由本节点的状态密钥签名', en: "Signed with this node's status key" },
    },
  },
  examples: ['yima log head', 'yima log head --signed > head-2026-11-25.jws'],
  run: async (call, terminal) => {
    if (call.options.signed) {
      const head = await askNode<SignedLogHead>(terminal, { method: 'GET', path: '/v1/log/head' });
      print(call, terminal, head, () => `${head.signed}\n`);
      return EXIT.ok;
    }
    const head = await withNode(terminal, findHead);
    const value = head === undefined ? null : { seq: head.seq, at: head.at, hash: head.hash };
    print(call, terminal, value, () =>
      value === null ? '0\n' : `${value.seq} ${value.hash} ${instant(value.at, terminal)}\n`,
    );
    return EXIT.ok;
  },
});

/** The newest entry, undefined in an empty log. */
export async function findHead(ask: Ask): Promise<LogRow | undefined> {
  const { head } = await readPage(ask, 0, 1);
  return head === null ? undefined : (await readPage(ask, head - 1, 1)).entries[0];
}

const FINDINGS: Readonly<Record<HeadFinding, Text>> = {
  same: { 'zh-CN': '日志与所存凭据一致', en: 'The log is still the one that was signed' },
  rewritten: { 'zh-CN': '日志曾被整体改写', en: 'The log was written anew: its entry has another hash' },
  broken: { 'zh-CN': '日志链断裂', en: 'The chain of the log is broken before that entry' },
  shorter: { 'zh-CN': '日志缺少该条', en: 'The log has lost that entry' },
};

export const LOG_CHECK_HEAD = command({
  name: 'log check-head',
  summary: {
    'zh-CN': '用外部保存的签名凭据核对日志',
    en: "Hold the log against a witness's copy of its signed head",
  },
  notes: {
    'zh-CN': '退出码 1：日志被改写、断裂或截短。- 为标准输入。',
    en: 'Exits 1 when the log was rewritten, broken or cut short. - is standard input.',
  },
  args: [{ name: 'FILE' }],
  options: {},
  examples: ['yima log check-head head-2026-11-25.jws'],
  run: async (call, terminal) => {
    const [file = ''] = call.args;
    const text = file === '-' ? await terminal.readInput() : await terminal.readFile(file);
    const check = await askNode<HeadCheck>(terminal, {
      method: 'POST',
      path: '/v1/log/head/check',
      body: { signed: text.trim() },
    });
    print(call, terminal, check, () => {
      const signedAt = instant(check.at, terminal);
      return `${FINDINGS[check.finding][terminal.language]}: ${check.seq} ${check.hash} ${signedAt}\n`;
    });
    return check.ok ? EXIT.ok : EXIT.refused;
  },
});
