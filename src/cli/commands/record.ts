// `yima record` and `yima appeals file`: what a desk shows a holder of his own credential, and takes from him.

import type { Text } from '../../core/errors/reasons.js';
import type { CredentialRecord, RecordedAppeal, RecordedChange } from '../../core/issue/credential-record.js';
import { askNode } from '../ask-node.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { facts, instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';

const ID = [{ name: 'ID' }] as const;

function pathOf(id: string, what: 'record' | 'appeals'): string {
  return `/v1/credentials/${encodeURIComponent(id)}/${what}`;
}

const LABELS = {
  id: { 'zh-CN': '编号', en: 'Id' },
  status: { 'zh-CN': '现状', en: 'Status' },
  until: { 'zh-CN': '有效期至', en: 'Valid until' },
  replaces: { 'zh-CN': '原编号', en: 'Replaces' },
  replacedBy: { 'zh-CN': '已换发为', en: 'Replaced by' },
  changes: { 'zh-CN': '变更', en: 'Changes' },
  appeals: { 'zh-CN': '申诉', en: 'Appeals' },
  none: { 'zh-CN': '无', en: 'none' },
  logOnly: { 'zh-CN': '此种类的变更只在日志中', en: 'of this kind the log alone keeps them' },
  due: { 'zh-CN': '答复期限', en: 'to be answered by' },
} as const satisfies Record<string, Text>;

export const RECORD = command({
  name: 'record',
  summary: {
    'zh-CN': '查看一个码的变更记录：时间、规则、理由、申诉',
    en: "Show a credential's record: each change with time, rule and reason, and its appeals",
  },
  notes: {
    'zh-CN': '供持有人查阅，不含他人信息。',
    en: 'For the holder to read: nothing of anybody else is in it.',
  },
  args: ID,
  options: {},
  examples: ['yima record ID', 'yima record ID --json'],
  run: async (call, terminal) => {
    const record = await askNode<CredentialRecord>(terminal, {
      method: 'GET',
      path: pathOf(call.args[0] ?? '', 'record'),
    });
    print(call, terminal, record, () => describe(record, terminal));
    return EXIT.ok;
  },
});

function describe(record: CredentialRecord, terminal: Terminal): string {
  const { id, status, expiresAt, replaces, replacedBy, changes, appeals } = record;
  const { language } = terminal;
  const heading = facts(
    [
      [LABELS.id, id],
      [LABELS.status, status.text[language]],
      [LABELS.until, instant(expiresAt, terminal)],
      [LABELS.replaces, replaces],
      [LABELS.replacedBy, replacedBy],
    ],
    terminal,
  );
  const section = (label: Text, lines: string): string => `\n${label[language]}\n${lines}`;
  const none = `${LABELS.none[language]}\n`;
  const changeLines =
    changes === null
      ? `${LABELS.logOnly[language]}\n`
      : columns(changes.map((change) => changeCells(change, terminal)));
  const appealLines = columns(appeals.map((appeal) => appealCells(appeal, terminal)));
  return [
    heading,
    section(LABELS.changes, changeLines || none),
    section(LABELS.appeals, appealLines || none),
  ].join('');
}

function changeCells({ at, from, to, rule, ground, reason, id }: RecordedChange, terminal: Terminal) {
  const { language } = terminal;
  const named = rule === null ? '' : ` (${rule.id} ${rule.version})`;
  const cells = [
    instant(at, terminal),
    `${from.text[language]} → ${to.text[language]}`,
    `${ground[language]}${named}`,
    reason,
    id,
  ];
  return cells.map(printable);
}

function appealCells({ id, filedAt, state, dueAt, decidedAt, answer }: RecordedAppeal, terminal: Terminal) {
  const { language } = terminal;
  const end =
    decidedAt === null
      ? `${LABELS.due[language]} ${instant(dueAt, terminal)}`
      : `${instant(decidedAt, terminal)} ${answer ?? ''}`.trim();
  return [instant(filedAt, terminal), state, end, id].map(printable);
}

interface FiledAppeal {
  readonly id: string;
  readonly dueAt: number;
}

export const APPEALS_FILE = command({
  name: 'appeals file',
  summary: { 'zh-CN': '代持有人提出申诉', en: 'File an appeal for a holder' },
  notes: {
    'zh-CN': '由未参与该变更的工作人员裁定；期限十五天。日志只存陈述的摘要。',
    en: 'An officer who had no part in the change decides it, within fifteen days. The log keeps a digest of the words.',
  },
  args: ID,
  options: {
    operator: {
      type: 'string',
      required: true,
      value: 'NAME',
      description: { 'zh-CN': '经办人', en: 'The person at the desk' },
    },
    grounds: {
      type: 'string',
      required: true,
      value: 'TEXT',
      description: {
        'zh-CN': '持有人的陈述，至多 500 字',
        en: 'What the holder says, at most 500 characters',
      },
    },
    change: {
      type: 'string',
      value: 'ID',
      description: {
        'zh-CN': '针对哪一次变更，默认最近一次',
        en: 'Against which change; the newest when absent',
      },
    },
  },
  examples: ["yima appeals file ID --operator desk-3 --grounds 'I was never there'"],
  run: async (call, terminal) => {
    const [id = ''] = call.args;
    const { operator, grounds, change } = call.options;
    const appeal = await askNode<FiledAppeal>(terminal, {
      method: 'POST',
      path: pathOf(id, 'appeals'),
      body: { operator, grounds, ...(change === undefined ? {} : { change }) },
    });
    print(call, terminal, appeal, () => {
      const due = `${LABELS.due[terminal.language]} ${instant(appeal.dueAt, terminal)}`;
      return `${printable(appeal.id)} ${due}\n`;
    });
    return EXIT.ok;
  },
});
