// `yima trust`: whose signatures this node believes, and what it would make of a file before it is put in place.

import { join } from 'node:path';
import { sha256 } from '../../adapters/crypto-node.js';
import { loadConfig } from '../../config.js';
import type { Text } from '../../core/errors/reasons.js';
import type { KeyRecord } from '../../core/trust/key-record.js';
import { PACKAGE_ROOT } from '../../server/package-root.js';
import { type LoadedTrust, loadTrustFile, loadTrustFiles, type TrustRefusal } from '../../server/trust.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';

const ACCEPTED: Text = { 'zh-CN': '接受', en: 'accepted' };
const REFUSED: Text = { 'zh-CN': '拒绝', en: 'refused' };
const EVERYWHERE: Text = { 'zh-CN': '全部地区', en: 'every region' };
const EVERYTHING: Text = { 'zh-CN': '全部种类', en: 'every kind' };
const NOTHING: Text = { 'zh-CN': '没有信任文件', en: 'There are no trust files' };

export const TRUST_LIST = command({
  name: 'trust list',
  summary: { 'zh-CN': '列出信任文件夹中的密钥', en: "List partners' keys in the trust folder" },
  notes: {
    'zh-CN': '本节点自己的密钥见 yima keys list。',
    en: "This node's own keys: yima keys list.",
  },
  args: [],
  options: {},
  examples: ['yima trust list', 'yima trust list --json'],
  run: async (call, terminal) => {
    const config = loadConfig(terminal.env);
    const folders = [config.trustDir, ...(config.demo ? [join(PACKAGE_ROOT, 'keys')] : [])];
    const loaded = loadTrustFiles(folders, sha256);
    print(call, terminal, summaryOf(loaded), () => describe(loaded, terminal));
    return EXIT.ok;
  },
});

export const TRUST_CHECK = command({
  name: 'trust check',
  summary: {
    'zh-CN': '检查伙伴的密钥文件或证书，逐个说明接受或拒绝的原因',
    en: "Check a partner's key file or certificates: each key accepted or refused, and why",
  },
  notes: {
    'zh-CN': '退出码 1：有密钥被拒绝。不改动任何东西。',
    en: 'Exits 1 when a key is refused. Changes nothing.',
  },
  args: [{ name: 'FILE' }],
  options: {},
  examples: ['yima trust check partner.trust.json', 'yima trust check dsc.pem --json'],
  run: async (call, terminal) => {
    const loaded = loadTrustFile(call.args[0] ?? '', sha256);
    print(call, terminal, summaryOf(loaded), () => describe(loaded, terminal));
    return loaded.refused.length === 0 && loaded.records.length > 0 ? EXIT.ok : EXIT.refused;
  },
});

/** Key material is left out: `kid` names a key, and the file has the rest. */
function summaryOf({ records, refused }: LoadedTrust): {
  accepted: unknown[];
  refused: readonly TrustRefusal[];
} {
  const accepted = records.map(({ key, ...record }) => ({ ...record, algorithm: key.algorithm }));
  return { accepted, refused };
}

function describe({ records, refused }: LoadedTrust, terminal: Terminal): string {
  const { language } = terminal;
  if (records.length + refused.length === 0) return `${NOTHING[language]}\n`;
  const rows = [
    ...records.map((record) => [ACCEPTED[language], ...recordCells(record, terminal)]),
    ...refused.map(({ kid, rule, file }) => [REFUSED[language], kid ?? '?', `${rule}: ${file}`]),
  ];
  return columns(rows.map((row) => row.map(printable)));
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
  ];
}
