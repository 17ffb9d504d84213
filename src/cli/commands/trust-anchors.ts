// `yima trust anchors`: what a foreign source of keys holds, key by key, before it goes into a trust folder or a list's draft.

import type { Text } from '../../core/errors/reasons.js';
import { anchorEntries, sharedKids } from '../../core/trust/anchors/anchors.js';
import { readAnchorFiles } from '../../server/anchors/anchor-files.js';
import type { ReadAnchors, SourceForm } from '../../server/anchors/read-anchors.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { type Fact, facts, print } from '../show.js';
import type { Terminal } from '../terminal.js';

const FORMS: Readonly<Record<SourceForm, Text>> = {
  'dcc-certificates': { 'zh-CN': '欧盟新冠证明签名证书', en: 'EU DCC signer certificates' },
  'card-directory': { 'zh-CN': 'SMART 健康卡签发机构目录', en: 'directory of SMART Health Card issuers' },
  'card-issuer': { 'zh-CN': 'SMART 健康卡签发机构的密钥', en: 'keys of a SMART Health Card issuer' },
  'card-revocations': { 'zh-CN': 'SMART 健康卡吊销清单', en: 'revocation list of SMART Health Cards' },
  'did-document': { 'zh-CN': '新西兰新冠通行证签发机构', en: 'issuer of NZ COVID Passes' },
};

const LABELS = {
  form: { 'zh-CN': '来源', en: 'Source' },
  signer: { 'zh-CN': '签名证书指纹', en: "Signed by certificate's SHA-256" },
  issuers: { 'zh-CN': '签发机构', en: 'Issuers' },
  accepted: { 'zh-CN': '接受的密钥', en: 'Keys accepted' },
  refused: { 'zh-CN': '拒绝', en: 'Refused' },
  cardLists: { 'zh-CN': '吊销清单', en: 'Revocation lists' },
  shared: { 'zh-CN': '多家共用的密钥标识', en: 'Key ids of several issuers' },
} as const satisfies Record<string, Text>;

const ACCEPTED: Text = { 'zh-CN': '接受', en: 'accepted' };
const REFUSED: Text = { 'zh-CN': '拒绝', en: 'refused' };

export const TRUST_ANCHORS = command({
  name: 'trust anchors',
  summary: {
    'zh-CN': '检查境外密钥来源，逐个说明接受或拒绝的原因',
    en: 'Read a foreign source of keys: each accepted or refused, and why',
  },
  notes: {
    'zh-CN':
      '可读：欧盟新冠证明签名证书、SMART 健康卡目录（须带签名和证书）、JWKS、吊销清单、did:web 文档。--json 输出可放入信任清单草案的条目。退出码 1：有密钥被拒绝。',
    en: 'Reads EU DCC signer certificates, SMART Health Card directories (with signature and certificate), JWK sets, revocation lists, did:web documents. --json prints entries for the draft of a list. Exits 1 when a key is refused.',
  },
  args: [{ name: 'FILE' }],
  options: {
    signature: {
      type: 'string',
      value: 'FILE',
      description: { 'zh-CN': '来源文件的签名', en: 'Signature of the source' },
    },
    certificate: {
      type: 'string',
      value: 'FILE',
      description: {
        'zh-CN': '签名所属的证书，须经另一渠道核对',
        en: 'Certificate it has to be of, which you vouch for',
      },
    },
    fingerprint: {
      type: 'string',
      value: 'SHA256',
      description: { 'zh-CN': '该证书的 SHA-256 指纹', en: "That certificate's SHA-256 fingerprint" },
    },
    issuer: {
      type: 'string',
      value: 'URL',
      description: { 'zh-CN': 'JWKS 所属的签发机构', en: 'Whose keys a JWK set holds' },
    },
  },
  examples: [
    'yima trust anchors vci_snapshot.json --signature vci_snapshot.sig --certificate vci_snapshot.crt',
    'yima trust anchors jwks.json --issuer https://issuer.example/cards --json',
    'yima trust anchors did.json',
  ],
  run: async (call, terminal) => {
    const { signature = null, certificate = null, fingerprint = null, issuer = null } = call.options;
    const [file = ''] = call.args;
    const read = readAnchorFiles({ file, signature, certificate, fingerprint, issuer });
    print(call, terminal, summaryOf(read), () => describe(read, terminal));
    return read.refused.length === 0 ? EXIT.ok : EXIT.refused;
  },
});

function summaryOf(read: ReadAnchors) {
  const { form, signer, issuers, records, cardLists, refused } = read;
  return {
    form,
    signer,
    issuers,
    accepted: records.length,
    refused,
    cardLists: cardLists.map(({ revoked, ...list }) => ({ ...list, revoked: revoked.size })),
    sharedKids: Object.fromEntries(sharedKids(records)),
    entries: anchorEntries(records),
  };
}

function describe(read: ReadAnchors, terminal: Terminal): string {
  const { language } = terminal;
  const { form, signer, issuers, records, cardLists, refused } = read;
  const rows: Fact[] = [
    [LABELS.form, FORMS[form][language]],
    [LABELS.signer, signer],
    [LABELS.issuers, issuers === 0 ? null : issuers],
    [LABELS.accepted, records.length],
    [LABELS.refused, refused.length],
    [LABELS.cardLists, cardLists.length],
    [LABELS.shared, sharedKids(records).size],
  ];
  const lines = [
    ...records.map(({ kid, issuer, key }) => [ACCEPTED[language], kid, key.algorithm, issuer ?? '']),
    ...refused.map(({ kid, issuer, rule }) => [REFUSED[language], kid ?? '?', rule, issuer ?? '']),
  ];
  return `${columns(lines.map((line) => line.map(printable)))}\n${facts(rows, terminal)}`;
}
