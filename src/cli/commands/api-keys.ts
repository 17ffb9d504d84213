// `yima api-keys`: who may call this node over the network. A key's secret is shown once, when it is made.

import { parseStrictJson } from '../../core/codec/json.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { needsConfirmation } from '../../core/issue/principal.js';
import { API_KEY, asWhom } from '../api-key-file.js';
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
  readonly confirmedAt: number | null;
  readonly region: string | null;
  readonly kinds: readonly string[] | null;
  readonly site: string | null;
}

const SECONDS_AN_HOUR = 3_600;
const SECONDS_A_DAY = 86_400;
const ONCE: Text = {
  'zh-CN': '以上密钥只显示这一次，请立即妥善保存。',
  en: 'This key is shown this once; keep it safe now.',
};
const LIVE: Text = { 'zh-CN': '有效至', en: 'until' };
const WAITS: Text = { 'zh-CN': '待另一位管理员确认', en: 'waits for another administrator' };
const REVOKED: Text = { 'zh-CN': '已作废', en: 'revoked' };

export const API_KEYS_CREATE = command({
  name: 'api-keys create',
  summary: { 'zh-CN': '新建 API 密钥', en: 'Make an API key' },
  notes: {
    'zh-CN':
      '权限：issue 签发、verify 核验、revoke 改状态、admin 管理、audit 审计（只读）、officer 双人审批、rules 规则服务。后两种须用管理员自己的密钥创建（--api-key），经另一位管理员确认后生效。标准输出只有密钥本身。',
    en: 'Scopes: issue, verify, revoke (change states), admin, audit (reads log and keys, changes nothing), officer (one of two people), rules (a rule service). The last two are made with an administrator’s own key (--api-key) and count once another administrator confirmed them. Standard output is the key and nothing else.',
  },
  args: [{ name: 'NAME' }],
  options: {
    scope: {
      type: 'string',
      multiple: true,
      required: true,
      value: 'issue|verify|revoke|admin|audit|officer|rules',
      description: { 'zh-CN': '权限，可多次', en: 'What it may do' },
    },
    'officer-key': {
      type: 'string',
      value: 'FILE',
      description: {
        'zh-CN': '审批人员的公钥文件（JWK），与 officer 权限同用',
        en: 'File with the public JWK that the officer signs with, for scope officer',
      },
    },
    region: {
      type: 'string',
      value: 'PREFIX',
      description: { 'zh-CN': '只可在此地区签发和改状态', en: 'Issues and revokes in this region alone' },
    },
    kind: {
      type: 'string',
      multiple: true,
      value: 'KIND',
      description: {
        'zh-CN': '只可签发和改动这类证码，可多次',
        en: 'Issues and revokes this kind alone; may be repeated',
      },
    },
    site: {
      type: 'string',
      value: 'NAME',
      description: { 'zh-CN': '只代表这一卡口核验', en: 'Verifies for this checkpoint alone' },
    },
    'api-key': API_KEY,
    'valid-days': {
      type: 'string',
      value: 'N',
      description: { 'zh-CN': '有效天数，默认直到作废', en: 'Days it lives; until revoked when absent' },
    },
  },
  examples: [
    'yima api-keys create gate-3 --scope verify',
    "yima api-keys create 'office desk' --scope issue --scope revoke --region 330102 --kind health-code --valid-days 90",
    "yima api-keys create 'gate 3' --scope verify --site 'East gate'",
    'yima api-keys create officer-li --scope officer --officer-key officer.pub.json --api-key admin.key',
  ],
  run: async (call, terminal) => {
    const { scope: scopes, 'valid-days': days, 'officer-key': keyFile } = call.options;
    const { region, kind: kinds, site } = call.options;
    const body = {
      name: call.args[0] ?? '',
      scopes,
      expiresAt: days === undefined ? null : endAfter(days, terminal),
      ...(await officerKey(keyFile, terminal)),
      ...(region === undefined ? {} : { region }),
      ...(kinds.length === 0 ? {} : { kinds }),
      ...(site === undefined ? {} : { site }),
    };
    const made = await askNode<ApiKey & { key: string }>(terminal, {
      method: 'POST',
      path: '/v1/api-keys',
      body,
      headers: await asWhom(call.options['api-key'], terminal),
    });
    print(call, terminal, made, () => `${made.key}\n`);
    terminal.talk(`${ONCE[terminal.language]}\n`);
    return EXIT.ok;
  },
});

function endAfter(days: string, terminal: Terminal): number {
  return terminal.now() + wholeNumber('valid-days', days) * SECONDS_A_DAY;
}

async function officerKey(path: string | undefined, terminal: Terminal): Promise<{ publicKey?: unknown }> {
  if (path === undefined) return {};
  try {
    return { publicKey: parseStrictJson(await terminal.readFile(path)) };
  } catch (cause) {
    if (!(cause instanceof YimaError) || cause.code !== 'damaged') throw cause;
    throw new YimaError('invalid_request', `${path} holds no JWK.`, { field: 'officer-key', cause });
  }
}

export const API_KEYS_CONFIRM = command({
  name: 'api-keys confirm',
  summary: {
    'zh-CN': '确认另一位管理员创建的审批人员或规则服务密钥',
    en: 'Confirm the key of an officer or a rule service that another administrator made',
  },
  args: [{ name: 'ID' }],
  options: { 'api-key': { ...API_KEY, required: true } },
  examples: ['yima api-keys confirm ID --api-key my-admin.key'],
  run: async (call, terminal) => {
    const confirmed = await askNode<ApiKey>(terminal, {
      method: 'POST',
      path: `/v1/api-keys/${encodeURIComponent(call.args[0] ?? '')}/confirmation`,
      headers: await asWhom(call.options['api-key'], terminal),
    });
    print(call, terminal, confirmed, () => columns([cells(confirmed, terminal)]));
    return EXIT.ok;
  },
});

export const API_KEYS_ROTATE = command({
  name: 'api-keys rotate',
  summary: {
    'zh-CN': '更换 API 密钥的密文，旧密文在重叠期内仍有效',
    en: 'Give an API key a new secret; the present one goes on for a while',
  },
  notes: {
    'zh-CN': '审批人员和规则服务须用自己的密钥更换（--api-key）。标准输出只有密钥本身。',
    en: 'Officers and rule services rotate their own, with the present one (--api-key). Standard output is the key and nothing else.',
  },
  args: [{ name: 'ID' }],
  options: {
    'overlap-hours': {
      type: 'string',
      value: 'N',
      description: {
        'zh-CN': '旧密文继续有效的小时数，默认 24；被盗时用 0',
        en: 'Hours that the present secret goes on, 24 when absent; 0 after a theft',
      },
    },
    'valid-days': {
      type: 'string',
      value: 'N',
      description: {
        'zh-CN': '从现在起有效天数，默认不变',
        en: 'Days it lives from now; as before when absent',
      },
    },
    'api-key': API_KEY,
  },
  examples: ['yima api-keys rotate ID --valid-days 90', 'yima api-keys rotate ID --overlap-hours 0'],
  run: async (call, terminal) => {
    const { 'overlap-hours': hours = '24', 'valid-days': days } = call.options;
    const rotated = await askNode<ApiKey & { key: string }>(terminal, {
      method: 'POST',
      path: `/v1/api-keys/${encodeURIComponent(call.args[0] ?? '')}/rotation`,
      body: {
        overlapSeconds: wholeNumber('overlap-hours', hours) * SECONDS_AN_HOUR,
        ...(days === undefined ? {} : { expiresAt: endAfter(days, terminal) }),
      },
      headers: await asWhom(call.options['api-key'], terminal),
    });
    print(call, terminal, rotated, () => `${rotated.key}\n`);
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

function cells(key: ApiKey, terminal: Terminal): readonly string[] {
  const { id, name, scopes, expiresAt, revokedAt, confirmedAt } = key;
  const { language } = terminal;
  const waits = revokedAt === null && confirmedAt === null && needsConfirmation(scopes);
  const state =
    revokedAt === null
      ? `${LIVE[language]} ${instant(expiresAt, terminal)}`
      : `${REVOKED[language]} ${instant(revokedAt, terminal)}`;
  const bounds = [key.region, ...(key.kinds ?? []), key.site].filter((bound) => bound !== null);
  return [
    id,
    printable(name),
    scopes.join(','),
    bounds.map(printable).join(','),
    waits ? WAITS[language] : state,
  ];
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
