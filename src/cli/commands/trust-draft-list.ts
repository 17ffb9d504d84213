// `yima trust draft list`: the next version of an authority's list, drafted from the newest one and held against it at once.

import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { type Call, command, type OptionSpecs } from '../command.js';
import { EXIT } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { DAYS, draftOf, nextFrame } from '../trust/draft-frame.js';
import { ENTRY_OPTIONS, entriesOfFile, entriesOfNode, entryOfFlags } from '../trust/entries.js';
import { type Held, heldList, readHeld } from '../trust/held.js';
import {
  bodyOf,
  dropEntries,
  findKey,
  type ListBody,
  putEntry,
  revokeKey,
  setState,
} from '../trust/list-changes.js';
import { FROM, handOn, OUT, tellReview } from '../trust/output.js';
import { reviewDocument } from '../trust/review.js';

const CHANGES = {
  ...ENTRY_OPTIONS,
  add: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    description: { 'zh-CN': '条目的 JSON 文件，可多次', en: 'Entries as JSON; several files are fine' },
  },
  'from-node': {
    type: 'string',
    value: 'URL|FILE',
    description: {
      'zh-CN': '加入某节点公布的密钥：节点地址或其公钥文件',
      en: 'Adds the keys that a node publishes: its address, or its jwks.json',
    },
  },
  state: {
    type: 'string',
    multiple: true,
    value: 'KEY=STATE',
    description: {
      'zh-CN': '更改密钥状态：announced、active、retired、removed、revoked',
      en: 'New state of a key: announced, active, retired, removed or revoked',
    },
  },
  drop: {
    type: 'string',
    multiple: true,
    value: 'KEY',
    description: {
      'zh-CN': '删除该密钥的条目（须已为 removed，或已吊销）',
      en: 'Takes out the entries of a key that is removed or revoked',
    },
  },
  revoke: {
    type: 'string',
    multiple: true,
    value: 'KEY',
    description: {
      'zh-CN': '紧急吊销密钥，可多次；其签过的一切均不再可信',
      en: 'Revokes a key at once; several are fine. Nothing that it ever signed is trusted',
    },
  },
  reason: {
    type: 'string',
    value: 'TEXT',
    description: { 'zh-CN': '吊销原因', en: 'Why it is revoked' },
  },
} as const satisfies OptionSpecs;

type Changes = Call<typeof CHANGES>['options'];

const DROPPED: Text = {
  'zh-CN': '注意：有条目不会生效，见上。',
  en: 'Mind: some entries would count for nothing; see above.',
};

export const TRUST_DRAFT_LIST = command({
  name: 'trust draft list',
  summary: { 'zh-CN': '起草某机关的下一版信任列表', en: "Draft the next version of an authority's list" },
  notes: {
    'zh-CN':
      '首版用 --first。--sub 与 --key 加入一个条目；用途 list 的同名条目被替换。KEY 为指纹，或列表中密钥的编号（kid）。改动依次为：吊销、删除、状态、条目。',
    en: 'The first version: --first. --sub and --key put one entry; of use list it takes the place of the one before. KEY is a fingerprint, or the kid of a key in the list. Changes are made in this order: revoke, drop, state, entries.',
  },
  args: [{ name: 'AUTHORITY' }],
  options: {
    from: FROM,
    first: {
      type: 'boolean',
      description: { 'zh-CN': '起草第一版', en: 'There is no version before' },
    },
    ...CHANGES,
    days: DAYS,
    out: OUT,
  },
  examples: [
    'yima trust draft list cn.example --first --sub 33 --use list --depth 2 --key a.jwk --key b.jwk --key c.jwk --out cn-1.json',
    'yima trust draft list 33 --from bundle.yima --from-node https://code.hz.example --out 33-2.json',
    "yima trust draft list 33 --from bundle.yima --revoke KEY --reason 'key file stolen' --out 33-3.json",
    'yima trust draft list 33 --state KEY=retired --out 33-4.json',
  ],
  run: async (call, terminal) => {
    const { options } = call;
    const [authority = ''] = call.args;
    const { held, before } = await readBefore(authority, options, terminal);
    const now = terminal.now();
    const body = await change(bodyOf(before?.document.payload ?? null), options, now, terminal);
    const draft = draftOf('list', {
      type: 'list',
      iss: authority,
      ...nextFrame(before?.document ?? null, options.days, now),
      ...body,
    });
    const review = await reviewDocument(draft, held, now);
    if (review.refusal !== null) throw review.refusal;
    const [refused] = review.refusedKeys;
    tellReview(review, call, terminal);
    if (refused !== undefined) {
      const message = `A key of entry ${refused.entry} is not admissible (${refused.rule}).`;
      throw new YimaError('key_refused', message, { rule: refused.rule, field: `entries.${refused.entry}` });
    }
    if (review.dropped.length > 0) terminal.talk(`${DROPPED[terminal.language]}\n`);
    await handOn(draft, review, options.out, call, terminal);
    return EXIT.ok;
  },
});

async function readBefore(
  authority: string,
  { first, from }: { readonly first: boolean; readonly from: string | undefined },
  terminal: Terminal,
): Promise<{ held: Held | null; before: Awaited<ReturnType<typeof heldList>> }> {
  if (first && from === undefined) return { held: null, before: null };
  const held = await readHeld(from, terminal, { about: authority });
  const before = await heldList(held, authority);
  if ((before === null) === first) return { held, before };
  const message = first
    ? `There is a list of ${authority} already, version ${before?.version ?? 0}: leave out --first.`
    : `There is no list of ${authority} in what was given; --first drafts its first version.`;
  throw new YimaError(first ? 'conflict' : 'not_found', message, { field: 'first' });
}

async function change(body: ListBody, changes: Changes, now: number, terminal: Terminal): Promise<ListBody> {
  let next = body;
  const { revoke, reason, drop, state, add, sub } = changes;
  if (revoke.length > 0 && reason === undefined)
    throw new YimaError('invalid_request', 'Say why the key is revoked: --reason TEXT.', { field: 'reason' });
  for (const each of revoke) next = revokeKey(next, findKey(body, each, 'revoke'), now, reason ?? '');
  for (const each of drop) next = dropEntries(next, findKey(body, each, 'drop'));
  for (const each of state) {
    const at = each.lastIndexOf('=');
    next = setState(next, findKey(body, each.slice(0, at >>> 0), 'state'), each.slice(at + 1));
  }
  for (const file of add)
    for (const entry of await entriesOfFile(file, terminal)) next = putEntry(next, entry);
  const node = changes['from-node'];
  if (node !== undefined) {
    for (const entry of await entriesOfNode(node, next, changes, terminal)) next = putEntry(next, entry);
  } else if (sub !== undefined) {
    next = putEntry(next, await entryOfFlags({ ...changes, sub }, terminal));
  }
  return next;
}
