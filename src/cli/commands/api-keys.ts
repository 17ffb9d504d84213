// `yima api-keys`: who may call this node over the network. A key's secret is shown once, when it is made.

import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { askNode, withNode } from '../ask-node.js';
import { command, YES } from '../command.js';
import { confirm } from '../confirm.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';

interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

const SECONDS_A_DAY = 86_400;
const ONCE: Text = {
  'zh-CN': '以上密钥只显示这一次，请立即妥善保存。',
  en: 'This key is shown this once; keep it safe now.',
};
const LIVE: Text = { 'zh-CN': '有效至', en: 'until' };
const REVOKED: Text = { 'zh-CN': '已作废', en: 'revoked' };

export const API_KEYS_CREATE = command({
  name: 'api-keys create',
  summary: { 'zh-CN': '新建 API 密钥', en: 'Make an API key' },
  notes: {
    'zh-CN': '权限：issue 签发、verify 核验、revoke 改状态、admin 管理。标准输出只有密钥本身。',
    en: 'Scopes: issue, verify, revoke (change states), admin. Standard output is the key and nothing else.',
  },
  args: [{ name: 'NAME' }],
  options: {
    scope: {
      type: 'string',
      multiple: true,
      required: true,
      value: 'issue|verify|revoke|admin',
      description: { 'zh-CN': '权限，可多次', en: 'What it may do' },
    },
    'valid-days': {
      type: 'string',
      value: 'N',
      description: { 'zh-CN': '有效天数，默认直到作废', en: 'Days it lives; until revoked when absent' },
    },
  },
  examples: [
    'yima api-keys create gate-3 --scope verify',
    "yima api-keys create 'office desk' --scope issue --scope revoke --valid-days 90",
  ],
  run: async (call, terminal) => {
    const { scope: scopes, 'valid-days': days } = call.options;
    const expiresAt =
      days === undefined ? null : terminal.now() + wholeNumber('valid-days', days) * SECONDS_A_DAY;
    const body = { name: call.args[0] ?? '', scopes, expiresAt };
    const made = await askNode<ApiKey & { key: string }>(terminal, {
      method: 'POST',
      path: '/v1/api-keys',
      body,
    });
    print(call, terminal, made, () => `${made.key}\n`);
    terminal.talk(`${ONCE[terminal.language]}\n`);
    return EXIT.ok;
  },
});

async function list(
  ask: <T>(request: { method: 'GET'; path: string }) => Promise<T>,
): Promise<readonly ApiKey[]> {
  return (await ask<{ keys: readonly ApiKey[] }>({ method: 'GET', path: '/v1/api-keys' })).keys;
}

export const API_KEYS_LIST = command({
  name: 'api-keys list',
  summary: { 'zh-CN': '列出 API 密钥（不含密文）', en: 'List the API keys, without secrets' },
  args: [],
  options: {},
  examples: ['yima api-keys list', 'yima api-keys list --json'],
  run: async (call, terminal) => {
    const keys = await withNode(terminal, list);
    print(call, terminal, { keys }, () => columns(keys.map((key) => cells(key, terminal))));
    return EXIT.ok;
  },
});

function cells({ id, name, scopes, expiresAt, revokedAt }: ApiKey, terminal: Terminal): readonly string[] {
  const { language } = terminal;
  const state =
    revokedAt === null
      ? `${LIVE[language]} ${instant(expiresAt, terminal)}`
      : `${REVOKED[language]} ${instant(revokedAt, terminal)}`;
  return [id, printable(name), scopes.join(','), state];
}

export const API_KEYS_REVOKE = command({
  name: 'api-keys revoke',
  summary: { 'zh-CN': '作废 API 密钥，不可恢复', en: 'Revoke an API key, for good' },
  args: [{ name: 'ID' }],
  options: { yes: YES },
  examples: ['yima api-keys revoke ID', 'yima api-keys revoke ID --yes'],
  run: async (call, terminal) => {
    const [id = ''] = call.args;
    const revoked = await withNode(terminal, async (ask) => {
      const key = (await list(ask)).find((each) => each.id === id);
      if (key === undefined) throw new YimaError('not_found', 'There is no API key with this id.');
      await confirm(terminal, revocation(key), call.options.yes);
      return ask<ApiKey>({ method: 'DELETE', path: `/v1/api-keys/${encodeURIComponent(id)}` });
    });
    print(call, terminal, revoked, () => columns([cells(revoked, terminal)]));
    return EXIT.ok;
  },
});

function revocation({ id, name, scopes }: ApiKey): Text {
  const key = `${id} "${printable(name)}" (${scopes.join(', ')})`;
  return {
    'zh-CN': `将作废 1 个 API 密钥 ${key}，使用者立即失去权限，不可恢复。`,
    en: `This revokes 1 API key ${key}; whoever uses it is locked out at once, for good.`,
  };
}
