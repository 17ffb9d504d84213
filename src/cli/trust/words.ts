// A review in words, as a custodian reads it before he signs: fingerprints in groups, scope and state before and after.

import type { Text } from '../../core/errors/reasons.js';
import type { KeyTerms, ListDifference, RootDifference } from '../../core/trust/documents/difference.js';
import { DROP_REASONS } from '../../core/trust/network/narrowing.js';
import { type Language, printable } from '../language.js';
import { instant } from '../show.js';
import { inGroups } from './fingerprint.js';
import type { Review, SignerRow, Verdict } from './review.js';

const WORDS = {
  root: { 'zh-CN': '根文件', en: 'Root' },
  list: { 'zh-CN': '信任列表', en: 'List of' },
  version: { 'zh-CN': '版本', en: 'version' },
  hash: { 'zh-CN': '摘要', en: 'Hash' },
  ends: { 'zh-CN': '到期', en: 'Expires' },
  newKey: { 'zh-CN': '新增根密钥', en: 'New root key' },
  goneKey: { 'zh-CN': '移除根密钥', en: 'Root key gone' },
  newHubKey: { 'zh-CN': '新增枢纽密钥', en: 'New hub key' },
  goneHubKey: { 'zh-CN': '移除枢纽密钥', en: 'Hub key gone' },
  threshold: { 'zh-CN': '根签名数', en: 'Root signatures needed' },
  hubThreshold: { 'zh-CN': '枢纽签名数', en: 'Hub signatures needed' },
  hubName: { 'zh-CN': '枢纽', en: 'Hub' },
  hubDepth: { 'zh-CN': '下级层数', en: 'Levels below the hub' },
  log: { 'zh-CN': '日志或见证人有变更', en: 'The log or its witnesses become others' },
  added: { 'zh-CN': '新增', en: 'New' },
  removed: { 'zh-CN': '删除', en: 'Gone' },
  changed: { 'zh-CN': '变更', en: 'Changed' },
  revoked: { 'zh-CN': '紧急吊销', en: 'REVOKED, for this authority and all below' },
  use: { 'zh-CN': '用途', en: 'use' },
  format: { 'zh-CN': '格式', en: 'format' },
  state: { 'zh-CN': '状态', en: 'state' },
  region: { 'zh-CN': '地区', en: 'region' },
  kinds: { 'zh-CN': '种类', en: 'kinds' },
  depth: { 'zh-CN': '下级层数', en: 'levels below' },
  needed: { 'zh-CN': '签名数', en: 'signatures needed' },
  from: { 'zh-CN': '起', en: 'from' },
  until: { 'zh-CN': '止', en: 'until' },
  statusBase: { 'zh-CN': '状态列表地址', en: 'status base' },
  everywhere: { 'zh-CN': '全部地区', en: 'every region' },
  anyKind: { 'zh-CN': '上级的全部种类', en: 'every kind of its parent' },
  parents: { 'zh-CN': '同上级', en: "the parent's" },
  nobody: { 'zh-CN': '任意签发者', en: 'any issuer' },
  none: { 'zh-CN': '无', en: 'none' },
  nothing: { 'zh-CN': '没有变更', en: 'Nothing is changed' },
  dropped: { 'zh-CN': '不会生效的条目', en: 'Entries that would count for nothing' },
  keyRefused: { 'zh-CN': '不被接受的密钥', en: 'Keys that are not admissible' },
  entry: { 'zh-CN': '条目', en: 'entry' },
  signed: { 'zh-CN': '签名', en: 'Signature' },
  signers: { 'zh-CN': '有效签名', en: 'Sound signatures' },
  refusal: { 'zh-CN': '不会被接受', en: 'Would not be taken' },
} as const satisfies Readonly<Record<string, Text>>;

const VERDICTS: Readonly<Record<Verdict, Text>> = {
  sound: { 'zh-CN': '有效', en: 'sound' },
  false: { 'zh-CN': '无效', en: 'FALSE' },
  unknown: { 'zh-CN': '未知密钥，未核对', en: 'of a key that is not known here, not checked' },
};

const WHOSE: Readonly<Record<SignerRow['whose'], Text>> = {
  own: { 'zh-CN': '本版根密钥', en: "of this root's own keys" },
  before: { 'zh-CN': '前一版根密钥', en: 'of the keys of the root before' },
  parent: { 'zh-CN': '上级所列密钥', en: 'of the keys that its parent lists' },
};

/** Several lines, each with its end. */
export function describeReview(review: Review, language: Language): string {
  const say = (word: keyof typeof WORDS): string => WORDS[word][language];
  const title =
    review.authority === 'root'
      ? `${say('root')}, ${say('version')} ${review.version}`
      : `${say('list')} ${review.authority}, ${say('version')} ${review.version}`;
  const difference =
    review.root === null
      ? review.list === null
        ? []
        : listLines(review.list, language)
      : rootLines(review.root, language);
  const lines = [
    title,
    `${say('hash')}: ${inGroups(review.document.hash)}`,
    ...(difference.length === 0 ? [say('nothing')] : difference),
    ...review.refusedKeys.map(
      ({ entry, sub, rule }) =>
        `! ${say('keyRefused')}: ${say('entry')} ${entry} (${sub ?? say('nobody')}): ${rule}`,
    ),
    ...review.dropped.map(
      ({ entry, sub, reason }) =>
        `! ${say('dropped')}: ${say('entry')} ${entry} (${sub ?? say('nobody')}): ${reason}. ${DROP_REASONS[reason]}`,
    ),
    ...review.signatures.map(
      ({ thumbprint, verdict }) => `${say('signed')} ${inGroups(thumbprint)}: ${VERDICTS[verdict][language]}`,
    ),
    ...review.signers.map(
      ({ whose, signed, threshold }) =>
        `${say('signers')} ${WHOSE[whose][language]}: ${signed} / ${threshold}`,
    ),
    ...(review.refusal === null
      ? []
      : [`! ${say('refusal')} (${review.refusal.rule ?? ''}): ${review.refusal.message}`]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function rootLines(root: RootDifference, language: Language): readonly string[] {
  const say = (word: keyof typeof WORDS): string => WORDS[word][language];
  const keys = (sign: string, word: keyof typeof WORDS, thumbprints: readonly string[]): readonly string[] =>
    thumbprints.map((thumbprint) => `${sign} ${say(word)}: ${inGroups(thumbprint)}`);
  const changed = (
    word: keyof typeof WORDS,
    [before, after]: readonly [string | number | null, string | number],
  ): readonly string[] => (before === after ? [] : [`~ ${say(word)}: ${arrow(before, after)}`]);
  return [
    ...keys('+', 'newKey', root.addedKeys),
    ...keys('-', 'goneKey', root.removedKeys),
    ...changed('threshold', root.threshold),
    ...changed('hubName', root.hubName),
    ...keys('+', 'newHubKey', root.addedHubKeys),
    ...keys('-', 'goneHubKey', root.removedHubKeys),
    ...changed('hubThreshold', root.hubThreshold),
    ...changed('hubDepth', root.hubDepth),
    ...(root.log ? [`~ ${say('log')}`] : []),
    ...changed('ends', endsOf(root.expiresAt, language)),
  ];
}

function listLines(list: ListDifference, language: Language): readonly string[] {
  const say = (word: keyof typeof WORDS): string => WORDS[word][language];
  const ends = endsOf(list.expiresAt, language);
  const added = list.added.map((terms) => ({
    head: head('+', say('added'), terms, language),
    terms: allTerms(terms, language),
  }));
  const changed = list.changed.map(({ before, after }) => ({
    head: head('~', say('changed'), after, language),
    terms: changedTerms(before, after, language),
  }));
  return [
    ...together(added),
    ...list.removed.map((terms) => head('-', say('removed'), terms, language)),
    ...together(changed),
    ...list.revoked.map(
      ({ thumbprint, reason }) => `! ${say('revoked')}: ${inGroups(thumbprint)} (${reason})`,
    ),
    ...(ends[0] === ends[1] ? [] : [`~ ${say('ends')}: ${arrow(...ends)}`]),
  ];
}

/** Keys that follow each other and of which the same is said: it is said once, below the last of them. */
function together(
  keys: readonly { readonly head: string; readonly terms: readonly string[] }[],
): readonly string[] {
  return keys.flatMap(({ head, terms }, i) => {
    const next = keys[i + 1]?.terms.join('\n');
    return terms.join('\n') === next ? [head] : [head, ...terms];
  });
}

function head(sign: string, word: string, { sub, use, thumbprint }: KeyTerms, language: Language): string {
  return `${sign} ${word}: ${sub ?? WORDS.nobody[language]} (${use}) ${inGroups(thumbprint)}`;
}

type Term = readonly [name: string, value: string];

/** What an entry says of a key, as names and values in words. */
function termsOf(terms: KeyTerms, language: Language): readonly Term[] {
  const say = (word: keyof typeof WORDS): string => WORDS[word][language];
  const { scope, notBefore, notAfter, depth, threshold } = terms;
  const bound = (at: number | null): string => (at === null ? say('parents') : instant(at, { language }));
  return [
    [say('state'), terms.state],
    [say('region'), scope.region === '' ? say('everywhere') : scope.region],
    [say('kinds'), scope.kinds === null ? say('anyKind') : scope.kinds.join(', ')],
    ...(depth === null ? [] : [[say('depth'), String(depth)] as const]),
    ...(threshold === null ? [] : [[say('needed'), String(threshold)] as const]),
    [say('from'), bound(notBefore)],
    [say('until'), bound(notAfter)],
    [say('statusBase'), terms.statusBase ?? say('none')],
    ...(terms.format === 'yima' ? [] : [[say('format'), terms.format] as const]),
  ];
}

function allTerms(terms: KeyTerms, language: Language): readonly string[] {
  return termsOf(terms, language).map(([name, value]) => `    ${name}: ${value}`);
}

function changedTerms(before: KeyTerms, after: KeyTerms, language: Language): readonly string[] {
  const was = new Map(termsOf(before, language));
  return termsOf(after, language)
    .filter(([name, value]) => was.get(name) !== value)
    .map(([name, value]) => `    ${name}: ${arrow(was.get(name) ?? null, value)}`);
}

function endsOf(
  [before, after]: readonly [number | null, number],
  language: Language,
): readonly [string | null, string] {
  return [before === null ? null : instant(before, { language }), instant(after, { language })];
}

function arrow(before: string | number | null, after: string | number): string {
  return before === null ? String(after) : `${before} -> ${after}`;
}
