// `yima log`: the append-only record of every change, and the proof that nobody rewrote it.

import type { Text } from '../../core/errors/reasons.js';
import type { LogAudit, Strays } from '../../core/issue/log-audit.js';
import type { LogRow } from '../../core/issue/store.js';
import { type Ask, unpublished, withNode } from '../ask-node.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable, printableJson } from '../language.js';
import { instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';

interface LogPage {
  /** Number of the newest entry; null in an empty log. */
  readonly head: number | null;
  readonly entries: readonly LogRow[];
}

const PAGE = 1_000;
const DEFAULT_LIMIT = 20;

export function readPage(ask: Ask, after: number, limit: number): Promise<LogPage> {
  return ask<LogPage>({ method: 'GET', path: `/v1/log?after=${after}&limit=${limit}` });
}

export const LOG_SHOW = command({
  name: 'log show',
  summary: { 'zh-CN': '查看日志', en: 'Show entries of the log' },
  notes: {
    'zh-CN': '默认显示最新的 20 条；--after 从该序号之后起。--json 每行一条。',
    en: 'The newest 20 unless --after says where to begin. With --json one entry a line.',
  },
  args: [],
  options: {
    after: {
      type: 'string',
      value: 'SEQ',
      description: { 'zh-CN': '从此序号之后', en: 'Entries after this number' },
    },
    limit: {
      type: 'string',
      value: 'N',
      description: { 'zh-CN': '最多条数', en: 'At most so many; 20 when absent' },
    },
  },
  examples: ['yima log show', 'yima log show --after 0 --limit 100000 --json > log.ndjson'],
  run: async (call, terminal) => {
    const limit = call.options.limit === undefined ? DEFAULT_LIMIT : wholeNumber('limit', call.options.limit);
    const begin = call.options.after === undefined ? undefined : wholeNumber('after', call.options.after);
    await withNode(terminal, async (ask) => {
      let after = begin ?? Math.max(0, ((await readPage(ask, 0, 1)).head ?? 0) - limit);
      for (let left = limit; left > 0; ) {
        const { entries } = await readPage(ask, after, Math.min(left, PAGE));
        terminal.out(
          call.json ? entries.map((row) => `${printableJson(row)}\n`).join('') : describe(entries, terminal),
        );
        const last = entries.at(-1);
        if (last === undefined) return;
        after = last.seq;
        left -= entries.length;
      }
    });
    return EXIT.ok;
  },
});

function describe(entries: readonly LogRow[], terminal: Terminal): string {
  return columns(
    entries.map(({ seq, at, actor, type, body }) => [
      String(seq),
      instant(at, terminal),
      actor,
      type,
      printable(body),
    ]),
  );
}

const HOLDS: Text = { 'zh-CN': '日志完整', en: 'The log holds' };
const BROKEN: Text = { 'zh-CN': '日志被改动，始于序号', en: 'The log was changed, from entry' };
const STRAY: Text = {
  'zh-CN': '日志完整，但数据库与日志不符',
  en: 'The log holds, but the database differs from what it tells',
};

export const LOG_VERIFY = command({
  name: 'log verify',
  summary: {
    'zh-CN': '重算整条日志链并与数据库核对',
    en: 'Recompute the whole chain and hold the database against it',
  },
  notes: {
    'zh-CN': '退出码 1：日志或数据库被改动。',
    en: 'Exits 1 when the log or the database was changed behind it.',
  },
  args: [],
  options: {},
  examples: ['yima log verify', 'yima log verify --json'],
  run: async (call, terminal) => {
    const check = await withNode(terminal, checkLog, unpublished);
    print(call, terminal, check, () => `${describeCheck(check)[terminal.language]}\n`);
    return check.ok ? EXIT.ok : EXIT.refused;
  },
});

export function checkLog(ask: Ask): Promise<LogAudit> {
  return ask<LogAudit>({ method: 'GET', path: '/v1/log/check' });
}

const STRAYS: readonly { readonly name: Text; readonly member: keyof Strays }[] = [
  { name: { 'zh-CN': '证照', en: 'credentials' }, member: 'strayCredentials' },
  { name: { 'zh-CN': 'API 密钥', en: 'API keys' }, member: 'strayApiKeys' },
  { name: { 'zh-CN': '提案', en: 'proposals' }, member: 'strayProposals' },
  { name: { 'zh-CN': '规则', en: 'rules' }, member: 'strayRules' },
  { name: { 'zh-CN': '颜色变更', en: 'changes of colours' }, member: 'strayChanges' },
  { name: { 'zh-CN': '申诉', en: 'appeals' }, member: 'strayAppeals' },
  { name: { 'zh-CN': '领取凭条', en: 'offers' }, member: 'strayOffers' },
  { name: { 'zh-CN': '信任名单', en: 'trust lists' }, member: 'strayTrust' },
];

/** One sentence on the state of the log. */
export function describeCheck(check: LogAudit): Text {
  const { ok, entries, brokenAt, head } = check;
  const end = `${entries} / ${head ?? '-'}`;
  if (ok) return { 'zh-CN': `${HOLDS['zh-CN']}：${end}`, en: `${HOLDS.en}: ${end}` };
  if (brokenAt !== null) return { 'zh-CN': `${BROKEN['zh-CN']} ${brokenAt}`, en: `${BROKEN.en} ${brokenAt}` };
  return {
    'zh-CN': `${STRAY['zh-CN']}：${strays(check, 'zh-CN').join('；')}`,
    en: `${STRAY.en}: ${strays(check, 'en').join('; ')}`,
  };
}

function strays(audit: LogAudit, language: keyof Text): string[] {
  return STRAYS.map(({ name, member }) => ({ name, ids: audit[member] }))
    .filter(({ ids }) => ids.length > 0)
    .map(({ name, ids }) => `${name[language]} ${ids.join(' ')}`);
}
