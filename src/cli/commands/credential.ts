// `yima show` and `yima status …`: what the office knows of a credential, and its changes of state, each with a reason.

import type { Text } from '../../core/errors/reasons.js';
import type { CredentialView } from '../../http/schemas/credential.js';
import { type Ask, askNode, withNode } from '../ask-node.js';
import { type Command, command, type OptionSpec, YES } from '../command.js';
import { confirm } from '../confirm.js';
import { codeLines, credentialFacts, statusLines } from '../credential-text.js';
import { EXIT } from '../exit-codes.js';
import type { LocalRequest } from '../local-client.js';
import { ONLY, printOnly } from '../only.js';
import { instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';

const ID = [{ name: 'ID' }] as const;
const REASON = {
  type: 'string',
  required: true,
  value: 'TEXT',
  description: { 'zh-CN': '原因，写入日志', en: 'Why; the log keeps it' },
} as const satisfies OptionSpec;

function pathOf(id: string): string {
  return `/v1/credentials/${encodeURIComponent(id)}`;
}

function readRequest(id: string): LocalRequest {
  return { method: 'GET', path: pathOf(id) };
}

export const SHOW = command({
  name: 'show',
  summary: { 'zh-CN': '查看本机构签发的证照及其码', en: 'Show a credential of this office with its codes' },
  args: ID,
  options: { only: ONLY },
  examples: ['yima show ID', 'yima show ID --only code', 'yima show ID --json'],
  run: async (call, terminal) => {
    const view = await askNode<CredentialView>(terminal, readRequest(call.args[0] ?? ''));
    if (call.options.only !== undefined) printOnly(call.options.only, view, terminal);
    else
      print(call, terminal, view, () => `${credentialFacts(view, terminal)}\n${codeLines(view, terminal)}`);
    return EXIT.ok;
  },
});

export const STATUS_SHOW = command({
  name: 'status show',
  summary: {
    'zh-CN': '查看证照的状态和各形式的发布值',
    en: 'Show the state of a credential and what each form publishes',
  },
  args: ID,
  options: {},
  examples: ['yima status show ID', 'yima status show ID --json'],
  run: async (call, terminal) => {
    const view = await askNode<CredentialView>(terminal, readRequest(call.args[0] ?? ''));
    print(
      call,
      terminal,
      statusOf(view),
      () => `${credentialFacts(view, terminal)}\n${statusLines(view, terminal)}`,
    );
    return EXIT.ok;
  },
});

/** The codes are left out. */
function statusOf({ id, kind, state, level, encodings }: CredentialView) {
  const forms = encodings.map(({ form, list, index, status, revokedAlone }) => ({
    form,
    list,
    index,
    status,
    revokedAlone,
  }));
  return { id, kind, state, level, forms };
}

type Changed = CredentialView & { readonly logSeq: number | null };

interface Change {
  readonly action: 'revoke' | 'suspend' | 'reinstate';
  readonly reason: string;
  readonly form?: string;
  readonly encoding?: number;
}

function change(ask: Ask, id: string, body: Change): Promise<Changed> {
  return ask<Changed>({ method: 'POST', path: `${pathOf(id)}/status`, body });
}

const LOGGED: Text = { 'zh-CN': '日志序号', en: 'Log entry' };
const UNCHANGED: Text = { 'zh-CN': '原已如此，未作改动', en: 'It already was so; nothing was changed' };

function describeChange(view: Changed, terminal: Terminal): string {
  const { language } = terminal;
  const logged = typeof view.logSeq === 'number' ? `${LOGGED[language]} ${view.logSeq}` : UNCHANGED[language];
  return `${credentialFacts(view, terminal)}\n${statusLines(view, terminal)}${logged}\n`;
}

function revokeCommand(name: string): Command {
  return command({
    name,
    summary: { 'zh-CN': '作废证照，不可恢复', en: 'Revoke a credential, for good' },
    notes: {
      'zh-CN': '加 --form 时只作废该形式（例如遗失的纸质码），证照本身仍有效。',
      en: 'With --form only that form dies, lost paper for instance, and the credential lives on.',
    },
    args: ID,
    options: {
      reason: REASON,
      form: {
        type: 'string',
        value: 'screen|paper|jws|device|sd-jwt',
        description: { 'zh-CN': '只作废这一形式', en: 'Revoke this form alone' },
      },
      encoding: {
        type: 'string',
        value: 'N',
        description: {
          'zh-CN': '只作废这一个码（yima show 列出的序号，从 1 起）',
          en: 'Revoke this one alone, by its number from 1 in the order of yima show',
        },
      },
      yes: YES,
    },
    examples: [
      `yima ${name} ID --reason 'holder deceased'`,
      `yima ${name} ID --form paper --reason 'paper lost' --yes`,
    ],
    run: async (call, terminal) => {
      const [id = ''] = call.args;
      const { reason, form, encoding: number, yes } = call.options;
      const one = number === undefined ? {} : { encoding: wholeNumber('encoding', number) };
      const view = await withNode(terminal, async (ask) => {
        const before = await ask<CredentialView>(readRequest(id));
        await confirm(terminal, revocation(before, form ?? number, terminal), yes);
        return change(ask, id, { action: 'revoke', reason, ...(form === undefined ? {} : { form }), ...one });
      });
      print(call, terminal, view, () => describeChange(view, terminal));
      return EXIT.ok;
    },
  });
}

/** @param one what names a single code; undefined: all of them */
function revocation(view: CredentialView, one: string | undefined, terminal: Terminal): Text {
  const count = one === undefined ? view.encodings.length : 1;
  const issued = instant(view.issuedAt, terminal);
  return {
    'zh-CN': `将作废 ${view.id}（${view.kind}，${issued} 签发）的 ${count} 个码，不可恢复。`,
    en: `This revokes ${count} code(s) of ${view.id} (${view.kind}, issued ${issued}) for good.`,
  };
}

export const REVOKE = revokeCommand('revoke');
export const STATUS_REVOKE = revokeCommand('status revoke');

function stateCommand(action: 'suspend' | 'reinstate', summary: Text, example: string): Command {
  return command({
    name: `status ${action}`,
    summary,
    args: ID,
    options: { reason: REASON },
    examples: [`yima status ${action} ID --reason '${example}'`],
    run: async (call, terminal) => {
      const [id = ''] = call.args;
      const { reason } = call.options;
      const view = await withNode(terminal, (ask) => change(ask, id, { action, reason }));
      print(call, terminal, view, () => describeChange(view, terminal));
      return EXIT.ok;
    },
  });
}

export const STATUS_SUSPEND = stateCommand(
  'suspend',
  { 'zh-CN': '暂停使用，可恢复', en: 'Suspend a credential; it can come back' },
  'reported lost',
);
export const STATUS_REINSTATE = stateCommand(
  'reinstate',
  { 'zh-CN': '恢复使用', en: 'Lift a suspension' },
  'found again',
);

export const STATUS_LISTS = command({
  name: 'status lists',
  summary: { 'zh-CN': '列出公开的状态列表地址', en: 'List the addresses of the public status lists' },
  notes: {
    'zh-CN': '健康码颜色列表不公开，不在其中。',
    en: 'Lists that show colours are not public and not among them.',
  },
  args: [],
  options: {},
  examples: ['yima status lists'],
  run: async (call, terminal) => {
    const lists = await askNode<{ status_lists: readonly string[] }>(terminal, {
      method: 'GET',
      path: '/status-lists',
    });
    print(call, terminal, lists, () => lists.status_lists.map((uri) => `${uri}\n`).join(''));
    return EXIT.ok;
  },
});
