// `yima keys`: this node's own signing keys. Private parts never leave their files.

import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { askNode } from '../ask-node.js';
import { command, YES } from '../command.js';
import { confirm } from '../confirm.js';
import { EXIT } from '../exit-codes.js';
import { columns } from '../language.js';
import { instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';

/** As `GET /v1/keys` tells it. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly use: string;
  readonly state: string;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

const USES = ['credential', 'status'] as const;

function describe(keys: readonly SigningKey[], terminal: Terminal): string {
  const rows = keys.map(({ kid, algorithm, use, state, notBefore, notAfter }) => [
    kid,
    algorithm,
    use,
    state,
    `${notBefore === null ? '' : instant(notBefore, terminal)} .. ${notAfter === null ? '' : instant(notAfter, terminal)}`.trim(),
  ]);
  return columns(rows);
}

export const KEYS_LIST = command({
  name: 'keys list',
  summary: { 'zh-CN': '列出本节点的签名密钥', en: "List this node's signing keys" },
  args: [],
  options: {},
  examples: ['yima keys list', 'yima keys list --json'],
  run: async (call, terminal) => {
    const answer = await askNode<{ keys: readonly SigningKey[] }>(terminal, {
      method: 'GET',
      path: '/v1/keys',
    });
    print(call, terminal, answer, () => describe(answer.keys, terminal));
    return EXIT.ok;
  },
});

export const KEYS_ROTATE = command({
  name: 'keys rotate',
  summary: { 'zh-CN': '启用新的签名密钥', en: 'Sign with a new key from now on' },
  notes: {
    'zh-CN': '用途为 credential（默认）或 status。旧密钥停用，其签发的码仍然有效。',
    en: 'The use is credential (default) or status. The key before is retired; what it signed stays valid.',
  },
  args: [{ name: 'USE', optional: true }],
  options: { yes: YES },
  examples: ['yima keys rotate', 'yima keys rotate status --yes'],
  run: async (call, terminal) => {
    const use = USES.find((each) => each === (call.args[0] || 'credential'));
    if (use === undefined) {
      throw new YimaError('invalid_request', `The use is one of ${USES.join(', ')}.`, { field: 'use' });
    }
    await confirm(terminal, rotation(use), call.options.yes);
    const key = await askNode<SigningKey>(terminal, {
      method: 'POST',
      path: '/v1/keys/rotate',
      body: { use },
    });
    print(call, terminal, key, () => describe([key], terminal));
    return EXIT.ok;
  },
});

function rotation(use: string): Text {
  return {
    'zh-CN': `将停用当前的 1 个 ${use} 密钥并启用新密钥；伙伴须取得新公钥后才能核验新码。`,
    en: `This retires 1 ${use} key and signs with a new one; partners verify new codes once they have its public part.`,
  };
}
