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
  /** Which codes it signs; absent of a key that was just made. */
  readonly signs?: string;
  readonly state: string;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

const USES = ['credential', 'credential-long', 'status'] as const;

function describe(keys: readonly SigningKey[], terminal: Terminal): string {
  const rows = keys.map(({ kid, algorithm, use, signs = use, state, notBefore, notAfter }) => [
    kid,
    algorithm,
    signs,
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
    'zh-CN':
      '用途为 credential（默认）、credential-long 或 status。由下一个预先公布的密钥接替；旧密钥停用，其签发的码仍然有效。密钥文件失窃后用 --fresh。',
    en: 'The use is credential (default), credential-long or status. The next announced key takes over; the key before is retired, and what it signed stays valid. After a theft of the key files use --fresh.',
  },
  args: [{ name: 'USE', optional: true }],
  options: {
    fresh: {
      type: 'boolean',
      description: {
        'zh-CN': '启用全新的密钥，并废弃预先公布的密钥',
        en: 'Take a new key, and discard those announced',
      },
    },
    yes: YES,
  },
  examples: ['yima keys rotate', 'yima keys rotate status --yes', 'yima keys rotate credential --fresh'],
  run: async (call, terminal) => {
    const use = readUse(call.args[0]);
    const { fresh, yes } = call.options;
    await confirm(terminal, rotation(use), yes);
    const key = await askNode<SigningKey>(terminal, {
      method: 'POST',
      path: '/v1/keys/rotate',
      body: { use, ...(fresh ? { fresh } : {}) },
    });
    print(call, terminal, key, () => describe([key], terminal));
    return EXIT.ok;
  },
});

export const KEYS_ANNOUNCE = command({
  name: 'keys announce',
  summary: {
    'zh-CN': '预先公布下一个签名密钥，供他人先行收录',
    en: 'Make the next signing key known before it signs',
  },
  notes: {
    'zh-CN': '把它的公钥交给上级机关列入信任名单；当前密钥到限时，已列入的下一个自动接替。',
    en: 'Send its public part to the authority above for its list; a listed one takes over by itself at the limit of the present.',
  },
  args: [{ name: 'USE', optional: true }],
  options: {},
  examples: ['yima keys announce', 'yima keys announce credential-long'],
  run: async (call, terminal) => {
    const use = readUse(call.args[0]);
    const key = await askNode<SigningKey>(terminal, {
      method: 'POST',
      path: '/v1/keys/announce',
      body: { use },
    });
    print(call, terminal, key, () => describe([key], terminal));
    return EXIT.ok;
  },
});

interface Reissued {
  readonly reissued: number;
  readonly skipped: number;
  readonly next: string | null;
}

export const KEYS_REISSUE = command({
  name: 'keys reissue',
  summary: {
    'zh-CN': '用当前密钥重新签发某密钥签过的全部有效凭证',
    en: 'Sign anew, with the present key, everything good that a key signed',
  },
  notes: {
    'zh-CN': '旧凭证随即吊销。中断后再次执行即可继续。先看数量：yima revocations count --signing-key KID',
    en: 'The old ones are revoked. When it was stopped, run it again. How many there are: yima revocations count --signing-key KID',
  },
  args: [{ name: 'KID' }],
  options: { yes: YES },
  examples: ['yima keys reissue AAAAAAAAAAA --yes'],
  run: async (call, terminal) => {
    const kid = call.args[0] ?? '';
    await confirm(terminal, reissue(kid), call.options.yes);
    let total: Reissued = { reissued: 0, skipped: 0, next: '' };
    while (total.next !== null) {
      const step: Reissued = await askNode<Reissued>(terminal, {
        method: 'POST',
        path: `/v1/keys/${encodeURIComponent(kid)}/reissue`,
        body: total.next === '' ? {} : { after: total.next },
      });
      const { reissued, skipped } = total;
      total = { reissued: reissued + step.reissued, skipped: skipped + step.skipped, next: step.next };
    }
    const { next: _next, ...told } = total;
    print(call, terminal, told, () => columns([[String(total.reissued), REISSUED[terminal.language]]]));
    return EXIT.ok;
  },
});

const REISSUED: Text = { 'zh-CN': '张凭证已重新签发', en: 'credentials were signed anew' };

function reissue(kid: string): Text {
  return {
    'zh-CN': `将重新签发密钥 ${kid} 签过的全部有效凭证，并吊销旧凭证；持有人须取得新码。`,
    en: `This signs anew everything good that key ${kid} signed, and revokes the old ones; holders need their new codes.`,
  };
}

/** @throws YimaError `invalid_request` */
function readUse(given: string | undefined): (typeof USES)[number] {
  const use = USES.find((each) => each === (given || 'credential'));
  if (use !== undefined) return use;
  throw new YimaError('invalid_request', `The use is one of ${USES.join(', ')}.`, { field: 'use' });
}

function rotation(use: string): Text {
  return {
    'zh-CN': `将停用当前的 1 个 ${use} 密钥并启用另一个；伙伴须有其公钥才能核验新码。`,
    en: `This retires 1 ${use} key and signs with another; partners verify new codes if they have its public part.`,
  };
}
