// `yima trust`: whose signatures this node believes, and what it would make of a file before it is put in place.

import { loadConfig } from '../../config.js';
import type { Text } from '../../core/errors/reasons.js';
import type { KeyRecord } from '../../core/trust/key-record.js';
import { createKeyTable } from '../../core/trust/key-table.js';
import type { TrustMember, TrustStanding } from '../../http/trust-desk.js';
import { checkTrustFile, type LoadedTrust, loadTrustFiles, type TrustRefusal } from '../../server/trust.js';
import { askNode, withNode } from '../ask-node.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { facts, instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { inGroups } from '../trust/fingerprint.js';
import { readBundle } from '../trust/held.js';
import { readSource } from '../trust/sources.js';

const ACCEPTED: Text = { 'zh-CN': '接受', en: 'accepted' };
const REFUSED: Text = { 'zh-CN': '拒绝', en: 'refused' };
const EVERYWHERE: Text = { 'zh-CN': '全部地区', en: 'every region' };
const EVERYTHING: Text = { 'zh-CN': '全部种类', en: 'every kind' };
const CARDS_REVOKED: Text = { 'zh-CN': '张健康卡已吊销', en: 'health cards revoked' };
const NO_LISTS: Text = { 'zh-CN': '无状态列表', en: 'no status lists' };
const AUTHORITY: Text = { 'zh-CN': '机关', en: 'authority' };
const THROUGH: Text = { 'zh-CN': '由其列入：', en: 'through' };
const VERSION: Text = { 'zh-CN': '列表版本', en: 'list version' };
const NO_LIST: Text = { 'zh-CN': '尚无列表', en: 'no list yet' };
const RUNS: Text = { 'zh-CN': '其根版本', en: 'runs root' };
const LISTED: Text = { 'zh-CN': '已列入', en: 'named by a list' };
const UNLISTED: Text = { 'zh-CN': '尚未列入', en: 'named by no list' };
const NO_MEMBERS: Text = { 'zh-CN': '信任网络中还没有机关', en: 'The trust network has no authority yet' };
const NOTHING: Text = { 'zh-CN': '没有信任文件', en: 'There are no trust files' };

export const TRUST_LIST = command({
  name: 'trust list',
  summary: {
    'zh-CN': '列出信任文件夹中的密钥，以及信任网络中的机关',
    en: "List partners' keys in the trust folder, and the authorities of the trust network",
  },
  notes: {
    'zh-CN': '设置了 YIMA_TRUST_PIN 时向节点询问网络中的机关。本节点自己的密钥见 yima keys list。',
    en: "With YIMA_TRUST_PIN the node is asked for the network's authorities. This node's own keys: yima keys list.",
  },
  args: [],
  options: {},
  examples: ['yima trust list', 'yima trust list --json'],
  run: async (call, terminal) => {
    const config = loadConfig(terminal.env);
    const loaded = loadTrustFiles(config);
    const network = config.trust === null ? null : await networkOf(terminal);
    print(
      call,
      terminal,
      { ...summaryOf(loaded), network },
      () => describe(loaded, terminal) + (network === null ? '' : describeNetwork(network, terminal)),
    );
    return EXIT.ok;
  },
});

interface NetworkView {
  readonly standing: TrustStanding;
  readonly members: readonly TrustMember[];
}

function networkOf(terminal: Terminal): Promise<NetworkView> {
  return withNode(terminal, async (ask) => {
    const { members } = await ask<Pick<NetworkView, 'members'>>({ method: 'GET', path: '/trust/members' });
    return { standing: await ask<TrustStanding>({ method: 'GET', path: '/trust/standing' }), members };
  });
}

function describeNetwork({ standing, members }: NetworkView, terminal: Terminal): string {
  const { language } = terminal;
  const { pin, root, keys, dropped, expiresAt, issuer, log } = standing;
  const rows = members.map(({ authority, through, version, seen }) => [
    AUTHORITY[language],
    printable(authority),
    `${THROUGH[language]} ${printable(through)}`,
    version === null ? NO_LIST[language] : `${VERSION[language]} ${version}`,
    seen === null ? '' : `${RUNS[language]} ${seen.version}`,
  ]);
  const about = facts(
    [
      [{ 'zh-CN': '锚定值', en: 'Pin' }, pin === null ? null : inGroups(pin)],
      [{ 'zh-CN': '根版本', en: 'Root version' }, root?.version ?? 0],
      [{ 'zh-CN': '密钥数', en: 'Keys' }, keys],
      [{ 'zh-CN': '不生效的条目', en: 'Entries that count for nothing' }, dropped],
      [
        { 'zh-CN': '最早到期', en: 'First to expire' },
        expiresAt === null ? null : instant(expiresAt, terminal),
      ],
      [
        { 'zh-CN': '本节点的密钥', en: "This node's key" },
        `${issuer.name}: ${(issuer.listed ? LISTED : UNLISTED)[language]}`,
      ],
      [{ 'zh-CN': '日志密钥', en: 'Key of the log kept here' }, log.key],
      [{ 'zh-CN': '见证密钥', en: 'Key of this witness' }, log.witnessKey],
    ],
    terminal,
  );
  return about + (rows.length === 0 ? `${NO_MEMBERS[language]}\n` : columns(rows));
}

export const TRUST_CHECK = command({
  name: 'trust check',
  summary: {
    'zh-CN': '检查伙伴的密钥文件或证书，逐个说明接受或拒绝的原因',
    en: "Check a partner's key file or certificates: each key accepted or refused, and why",
  },
  notes: {
    'zh-CN': '退出码 1：有密钥被拒绝。不改动任何东西。文件之间的冲突见 yima trust list。',
    en: 'Exits 1 when a key is refused. Changes nothing. How the files go together: yima trust list.',
  },
  args: [{ name: 'FILE' }],
  options: {},
  examples: ['yima trust check partner.trust.json', 'yima trust check dsc.pem --json'],
  run: async (call, terminal) => {
    const loaded = checkTrustFile(call.args[0] ?? '', loadConfig(terminal.env));
    print(call, terminal, summaryOf(loaded), () => describe(loaded, terminal));
    return isWhole(loaded) ? EXIT.ok : EXIT.refused;
  },
});

export const TRUST_EXPORT = command({
  name: 'trust export',
  summary: {
    'zh-CN': '输出本节点的信任文件，供伙伴放入其信任文件夹',
    en: "Print this node's own trust file, for partners to put in their trust folders",
  },
  notes: {
    'zh-CN':
      '只含公钥。伙伴收到后应经另一渠道核对，并自行决定地区与种类。--bundle 则将信任网络的全部根文件与列表写成一个文件，供离线导入。',
    en: 'Public keys only. A partner compares it over a second channel, and decides itself on region and kinds. With --bundle it writes all roots and lists of the trust network to one file, for yima trust import elsewhere.',
  },
  args: [],
  options: {
    bundle: {
      type: 'string',
      value: 'FILE',
      description: {
        'zh-CN': '写出信任网络的数据包，“-”为标准输出',
        en: "Write the trust network's bundle here; - for standard output",
      },
    },
    from: {
      type: 'string',
      value: 'URL',
      description: {
        'zh-CN': '（与 --bundle 同用）节点地址，缺省为本节点',
        en: 'With --bundle: address of a node; the own node when absent',
      },
    },
  },
  examples: ['yima trust export > 330102.json', 'yima trust export --bundle /media/stick/bundle.yima'],
  run: async (call, terminal) => {
    const { bundle, from } = call.options;
    if (bundle !== undefined) return exportBundle(bundle, from, terminal);
    const file = await askNode<unknown>(terminal, { method: 'GET', path: '/.well-known/jwks.json' });
    print(call, terminal, file, () => `${JSON.stringify(file, null, 2)}\n`);
    return EXIT.ok;
  },
});

/** As the node sends it, to the byte, once it was read as what it says it is. */
async function exportBundle(path: string, from: string | undefined, terminal: Terminal): Promise<number> {
  const text = await readSource(from, '/trust/bundle', terminal);
  await readBundle(text);
  if (path === '-') terminal.out(text);
  else await terminal.writeFile(path, text);
  return EXIT.ok;
}

function isWhole({ records, tombstones, cardLists, refused }: LoadedTrust): boolean {
  return refused.length === 0 && records.length + tombstones.length + cardLists.length > 0;
}

/** Key material is left out: `kid` names a key, and the file has the rest. */
function summaryOf(loaded: LoadedTrust): {
  accepted: unknown[];
  revoked: unknown;
  cardLists: readonly unknown[];
  refused: readonly TrustRefusal[];
} {
  const accepted = asKnown(loaded).map(({ key, cards: _cards, ...record }) => ({
    ...record,
    algorithm: key.algorithm,
  }));
  return { accepted, revoked: loaded.tombstones, cardLists: cardListsOf(loaded), refused: loaded.refused };
}

/** How many cards each list revokes, and not which: the identifiers are persons'. */
function cardListsOf({ cardLists }: LoadedTrust) {
  return cardLists.map(({ revoked, ...list }) => ({ ...list, revoked: revoked.size }));
}

/** The records in the states that the tombstones leave them in. */
function asKnown({ records, tombstones }: LoadedTrust): readonly KeyRecord[] {
  return createKeyTable(records, 0, tombstones).records;
}

function describe(loaded: LoadedTrust, terminal: Terminal): string {
  const { language } = terminal;
  const rows = [
    ...asKnown(loaded).map((record) => [ACCEPTED[language], ...recordCells(record, terminal)]),
    ...loaded.tombstones.map(({ kid, issuer }) => [ACCEPTED[language], kid, 'revoked', issuer ?? '']),
    ...cardListsOf(loaded).map(({ kid, issuer, revoked }) => [
      ACCEPTED[language],
      kid,
      `${revoked} ${CARDS_REVOKED[language]}`,
      issuer ?? '',
    ]),
    ...loaded.refused.map(({ kid, rule, issuer, file }) => [
      REFUSED[language],
      kid ?? '?',
      `${rule}: ${issuer ?? file}`,
    ]),
  ];
  return rows.length === 0 ? `${NOTHING[language]}\n` : columns(rows.map((row) => row.map(printable)));
}

function recordCells(record: KeyRecord, terminal: Terminal): readonly string[] {
  const { language } = terminal;
  const { scope, notBefore, notAfter } = record;
  const from = notBefore === null ? '' : instant(notBefore, terminal);
  return [
    record.kid,
    record.key.algorithm,
    record.use,
    record.state,
    record.issuer ?? record.format,
    scope.region === '' ? EVERYWHERE[language] : scope.region,
    scope.kinds === null ? EVERYTHING[language] : scope.kinds.join(','),
    `${from} .. ${instant(notAfter, terminal)}`.trim(),
    record.statusBase ?? NO_LISTS[language],
  ];
}
