// `yima revocations`: many credentials at once. Counting comes first and changes nothing; what two officers sign is written from it.

import { endOfLocalDay } from '../../core/codec/calendar.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { ScopeTotal } from '../../core/issue/scope-count.js';
import type { RevocationState, RevocationView } from '../../http/schemas/revocation.js';
import { askNode } from '../ask-node.js';
import { type Call, command, type OptionSpecs } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable, printableJson } from '../language.js';
import { facts, instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';

const DAY_SECONDS = 86_400;

const SCOPE = {
  credential: {
    type: 'string',
    multiple: true,
    value: 'ID',
    description: { 'zh-CN': '证照编号，可多次', en: 'A credential; several are fine' },
  },
  batch: {
    type: 'string',
    value: 'NAME',
    description: { 'zh-CN': '签发批次', en: 'Batch, as named when they were issued' },
  },
  office: {
    type: 'string',
    value: 'KEY',
    description: { 'zh-CN': '签发机构的 API 密钥编号', en: 'Id of the API key that issued them' },
  },
  operator: { type: 'string', value: 'NAME', description: { 'zh-CN': '经办人', en: 'Person at the desk' } },
  'signing-key': {
    type: 'string',
    value: 'KID',
    description: { 'zh-CN': '签名密钥编号', en: 'Key that signed one of their codes' },
  },
  kind: { type: 'string', value: 'KIND', description: { 'zh-CN': '证照类型', en: 'Kind' } },
  region: {
    type: 'string',
    value: 'PREFIX',
    description: { 'zh-CN': '行政区划代码前缀（兵团为 66）', en: 'Region prefix; the Corps is 66' },
  },
  'issued-before': {
    type: 'string',
    value: 'DATE',
    description: {
      'zh-CN': '此日之前签发（YYYY-MM-DD，北京时间，或纪元秒）',
      en: 'Issued before this day (YYYY-MM-DD in China, or epoch seconds)',
    },
  },
} as const satisfies OptionSpecs;

const WOULD: Text = { 'zh-CN': '将作废', en: 'Would be revoked' };
const ALREADY: Text = { 'zh-CN': '原已作废', en: 'Revoked already' };
const SIGN_NEXT: Text = {
  'zh-CN': '尚未作废任何证照。标准输出为提案内容，请用 yima officer sign 签名后提交，由另一位审批人员批准。',
  en: 'Nothing was revoked. Standard output is what to propose: sign it with yima officer sign; another officer approves it.',
};

export const REVOCATIONS_COUNT = command({
  name: 'revocations count',
  summary: {
    'zh-CN': '试算批量作废的数量，不作任何改动',
    en: 'Count what would be revoked; changes nothing',
  },
  notes: {
    'zh-CN': '各条件须同时满足，至少一项。加 --purpose 与 --evidence 时输出可供签名的提案内容。',
    en: 'Credentials that meet all conditions, of at least one. With --purpose and --evidence it prints what officers sign.',
  },
  args: [],
  options: {
    ...SCOPE,
    purpose: {
      type: 'string',
      value: 'TEXT',
      description: { 'zh-CN': '作废事由', en: 'What the revocation is for' },
    },
    evidence: {
      type: 'string',
      value: 'TEXT',
      description: { 'zh-CN': '依据（文号、案卷号）', en: 'What it relies on: a file or case' },
    },
  },
  examples: [
    'yima revocations count --batch 2026-7',
    'yima revocations count --signing-key KID --region 3301 --issued-before 2026-11-25',
    "yima revocations count --batch 2026-7 --purpose 'printer stolen' --evidence 'case 9' | yima officer sign officer.key --action propose --type revocation --body - > request.json",
  ],
  run: async (call, terminal) => {
    const scope = readScope(call.options);
    const { purpose, evidence } = call.options;
    if ((purpose === undefined) !== (evidence === undefined))
      throw new YimaError('invalid_request', '--purpose and --evidence go together.', { field: 'purpose' });
    const total = await askNode<ScopeTotal>(terminal, {
      method: 'POST',
      path: '/v1/revocations',
      body: { scope, dryRun: true },
    });
    if (purpose === undefined) {
      print(call, terminal, total, () => describeTotal(total, terminal));
      return EXIT.ok;
    }
    terminal.talk(`${describeTotal(total, terminal)}${SIGN_NEXT[terminal.language]}\n`);
    terminal.out(`${printableJson({ scope, count: total.count, purpose, evidence })}\n`);
    return EXIT.ok;
  },
});

/** Members that were not given are left out. */
function readScope(options: Call<typeof SCOPE>['options']): Readonly<Record<string, unknown>> {
  const { credential, batch, office, operator, 'signing-key': signingKey, kind, region } = options;
  const before = options['issued-before'];
  const members = {
    credentials: credential.length === 0 ? undefined : credential,
    batch,
    office,
    operator,
    signingKey,
    kind,
    region,
    issuedBefore: before === undefined ? undefined : readTime(before),
  };
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  if (given.length > 0) return Object.fromEntries(given);
  const names = Object.keys(SCOPE).map((name) => `--${name}`);
  throw new YimaError('invalid_request', `Say which: give at least one of ${names.join(', ')}.`);
}

/** The first second of a day in China, or a time as it is. */
function readTime(text: string): number {
  const end = endOfLocalDay(text);
  return end === null ? wholeNumber('issued-before', text) : end + 1 - DAY_SECONDS;
}

function describeTotal({ count, revoked, groups }: ScopeTotal, terminal: Terminal): string {
  const sums = facts(
    [
      [WOULD, count],
      [ALREADY, revoked],
    ],
    terminal,
  );
  return sums + columns(groups.map((group) => ['', group.kind, group.region, String(group.count)]));
}

const STATES: Readonly<Record<RevocationState, Text>> = {
  open: { 'zh-CN': '待批准', en: 'waits for another officer' },
  rejected: { 'zh-CN': '已否决', en: 'rejected' },
  withdrawn: { 'zh-CN': '已撤回', en: 'withdrawn' },
  expired: { 'zh-CN': '已过期', en: 'expired' },
  running: { 'zh-CN': '进行中', en: 'under way' },
  done: { 'zh-CN': '已完成', en: 'done' },
  stopped: { 'zh-CN': '已中止', en: 'stopped before its end' },
};

export const REVOCATIONS_SHOW = command({
  name: 'revocations show',
  summary: { 'zh-CN': '查看批量作废的进度', en: 'Show how far a scoped revocation is' },
  args: [{ name: 'ID' }],
  options: {},
  examples: ['yima revocations show ID', 'yima revocations show ID --json'],
  run: async (call, terminal) => {
    const path = `/v1/revocations/${encodeURIComponent(call.args[0] ?? '')}`;
    const view = await askNode<RevocationView>(terminal, { method: 'GET', path });
    print(call, terminal, view, () => describeProgress(view, terminal));
    return view.state === 'stopped' ? EXIT.refused : EXIT.ok;
  },
});

function describeProgress(view: RevocationView, terminal: Terminal): string {
  const scope = Object.entries(view.scope).map(([name, value]) => `${name}=${String(value)}`);
  const time = (at: number | null) => (at === null ? null : instant(at, terminal));
  return facts(
    [
      [{ 'zh-CN': '状态', en: 'State' }, STATES[view.state][terminal.language]],
      [{ 'zh-CN': '中止原因', en: 'Why' }, view.failure],
      [{ 'zh-CN': '已作废', en: 'Revoked' }, `${view.done} / ${view.total}`],
      [ALREADY, view.skipped],
      [{ 'zh-CN': '范围', en: 'Scope' }, printable(scope.join(' '))],
      [{ 'zh-CN': '事由', en: 'Purpose' }, view.purpose],
      [{ 'zh-CN': '依据', en: 'Evidence' }, view.evidence],
      [{ 'zh-CN': '开始', en: 'Started' }, time(view.startedAt)],
      [{ 'zh-CN': '结束', en: 'Ended' }, time(view.finishedAt)],
    ],
    terminal,
  );
}
