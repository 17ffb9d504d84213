// `yima trust why`: the way from the root to a key, and what each level on it allows.

import type { Text } from '../../core/errors/reasons.js';
import { DROP_REASONS } from '../../core/trust/network/narrowing.js';
import { type Explanation, type Step, why } from '../../core/trust/network/why.js';
import { askNode, readAnswer } from '../ask-node.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../language.js';
import { instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { inGroups } from '../trust/fingerprint.js';
import { readHeld } from '../trust/held.js';
import { addressBelow, isAddress } from '../trust/sources.js';

const UNLISTED: Text = { 'zh-CN': '没有列表提到此密钥', en: 'No list names this key' };
const TRUSTED: Text = { 'zh-CN': '可信，状态', en: 'Counts, state' };
const DROPPED: Text = { 'zh-CN': '不生效', en: 'Counts for nothing' };
const NO_LIST: Text = { 'zh-CN': '列表未生效', en: 'its list does not count' };
const UNTIL: Text = { 'zh-CN': '可信至', en: 'Trusted until' };
const ROOT: Text = { 'zh-CN': '根', en: 'root' };
const EVERYWHERE: Text = { 'zh-CN': '全部地区', en: 'every region' };
const EVERYTHING: Text = { 'zh-CN': '全部种类', en: 'every kind' };
const LEVELS: Text = { 'zh-CN': '下级层数', en: 'levels below' };
const LIST: Text = { 'zh-CN': '列表版本', en: 'list version' };
const STANDINGS: Readonly<Record<Step['standing'], Text>> = {
  counts: { 'zh-CN': '生效', en: 'counts' },
  none: { 'zh-CN': '没有列表', en: 'no list here' },
  unsigned: { 'zh-CN': '签名不足', en: 'too few of the keys that its parent lists have signed it' },
};

export const TRUST_WHY = command({
  name: 'trust why',
  summary: {
    'zh-CN': '说明一个密钥为何可信或不可信：从根到它的每一级',
    en: 'Explain why a key is trusted or not: the way from the root, level by level',
  },
  notes: {
    'zh-CN': 'KEY 为指纹或密钥编号（kid）。退出码 1：没有列表使它生效。',
    en: 'KEY is a fingerprint or a kid. Exits 1 when no list makes it count.',
  },
  args: [{ name: 'KEY' }],
  options: {
    from: {
      type: 'string',
      value: 'FILE|URL',
      description: {
        'zh-CN': '数据包或节点地址，缺省为本节点',
        en: 'A bundle, or the address of a node; the own node when absent',
      },
    },
  },
  examples: [
    'yima trust why KID',
    'yima trust why KID --from bundle.yima',
    'yima trust why KID --from https://hub.example',
  ],
  run: async (call, terminal) => {
    const key = (call.args[0] ?? '').replace(/\s+/g, '');
    const explanations = await explain(key, call.options.from, terminal);
    print(call, terminal, explanations, () => describe(explanations, terminal));
    const counts = explanations.some(({ state }) => state === 'active' || state === 'retired');
    return counts ? EXIT.ok : EXIT.refused;
  },
});

async function explain(
  key: string,
  from: string | undefined,
  terminal: Terminal,
): Promise<readonly Explanation[]> {
  const path = `/trust/keys/${encodeURIComponent(key)}`;
  if (from === undefined) {
    return (await askNode<{ explanations: readonly Explanation[] }>(terminal, { method: 'GET', path }))
      .explanations;
  }
  if (isAddress(from)) {
    const answer = readAnswer(await terminal.web({ method: 'GET', url: addressBelow(from, path) }));
    return (JSON.parse(answer) as { explanations: readonly Explanation[] }).explanations;
  }
  const { network } = await readHeld(from, terminal);
  return network === null ? [] : why(network, key);
}

function describe(explanations: readonly Explanation[], terminal: Terminal): string {
  if (explanations.length === 0) return `${UNLISTED[terminal.language]}\n`;
  return explanations.map((each) => describeOne(each, terminal)).join('\n');
}

function describeOne(explanation: Explanation, terminal: Terminal): string {
  const { language } = terminal;
  const { thumbprint, kid, entry, path, state, dropped, trustedUntil } = explanation;
  const verdict =
    state === null
      ? `${DROPPED[language]}: ${dropped === null ? NO_LIST[language] : `${dropped}. ${DROP_REASONS[dropped]}`}`
      : `${TRUSTED[language]} ${state}`;
  const end = trustedUntil === null ? '' : ` (${UNTIL[language]} ${instant(trustedUntil, terminal)})`;
  const lines = [
    `${inGroups(thumbprint)}  kid ${kid}`,
    ROOT[language],
    ...path.map((step, i) => `${'  '.repeat(i + 1)}${stepLine(step, terminal)}`),
    `${'  '.repeat(path.length + 1)}${entry.sub ?? '*'} (${entry.use}): ${limits(entry.scope, entry, terminal)}${
      entry.statusBase === null ? '' : `, ${entry.statusBase}`
    }`,
    `${verdict}${end}`,
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function stepLine(step: Step, terminal: Terminal): string {
  const { language } = terminal;
  const list = step.version === null ? '' : `, ${LIST[language]} ${step.version}`;
  return `${step.authority}: ${limits(step, step, terminal)}, ${LEVELS[language]} ${step.depth}${list}, ${STANDINGS[step.standing][language]}`;
}

function limits(
  { region, kinds }: Pick<Step, 'region' | 'kinds'>,
  { notBefore, notAfter }: Pick<Step, 'notBefore' | 'notAfter'>,
  terminal: Terminal,
): string {
  const { language } = terminal;
  const window =
    notBefore === null && notAfter === null
      ? ''
      : `, ${notBefore === null ? '' : instant(notBefore, terminal)} .. ${instant(notAfter, terminal)}`;
  return `${region === '' ? EVERYWHERE[language] : region}, ${kinds === null ? EVERYTHING[language] : kinds.join(',')}${window}`;
}
