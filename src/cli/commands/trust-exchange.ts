// `yima trust publish` and `import`: a document on its way to the hub, or a document or bundle from a stick into the own node.

import type { Text } from '../../core/errors/reasons.js';
import type { TrustAccepted, TrustBundleAccepted } from '../../http/trust-desk.js';
import { askNode, readAnswer } from '../ask-node.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, printable } from '../language.js';
import { print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { isDocument, parseDocument, readDocument } from '../trust/held.js';
import { addressBelow } from '../trust/sources.js';

const DOCUMENT_TYPE = 'application/jose+json';
const TAKEN: Text = { 'zh-CN': '已接受，已生效', en: 'Taken and in force' };
const KNOWN: Text = { 'zh-CN': '原已有之，没有变更', en: 'Was there already; nothing is changed' };
const REFUSED: Text = { 'zh-CN': '拒绝', en: 'Refused' };

export const TRUST_PUBLISH = command({
  name: 'trust publish',
  summary: { 'zh-CN': '将签好的文件送交枢纽', en: 'Bring a signed document to the hub' },
  notes: {
    'zh-CN': '未给 --to 时送交本节点（枢纽自己的节点）。被拒绝时说明规则与原因，退出码 1。',
    en: 'Without --to it goes to the own node, which is the hub. When it is refused the rule and its sentence are told, and the exit code is 1.',
  },
  args: [{ name: 'FILE' }],
  options: {
    to: {
      type: 'string',
      value: 'URL',
      description: { 'zh-CN': '枢纽节点地址', en: 'Address of the hub' },
    },
  },
  examples: [
    'yima trust publish 33-2.json --to https://hub.example',
    'yima trust publish root-2.json',
    'yima trust publish - --to https://hub.example',
  ],
  run: async (call, terminal) => {
    const document = await readDocument(call.args[0] ?? '', terminal);
    const name =
      document.type === 'root' ? 'root' : `lists/${encodeURIComponent(String(document.payload['iss']))}`;
    const accepted = await put(call.options.to, `/trust/${name}`, document.text, terminal);
    print(call, terminal, accepted, () => describeAccepted(accepted, terminal));
    return EXIT.ok;
  },
});

async function put(
  to: string | undefined,
  path: string,
  text: string,
  terminal: Terminal,
): Promise<TrustAccepted> {
  if (to === undefined) {
    const headers = { 'content-type': DOCUMENT_TYPE };
    return askNode<TrustAccepted>(terminal, { method: 'PUT', path, text, headers });
  }
  const url = addressBelow(to, path);
  const answer = await terminal.web({ method: 'PUT', url, contentType: DOCUMENT_TYPE, body: text });
  return JSON.parse(readAnswer(answer)) as TrustAccepted;
}

function describeAccepted({ changes, authority, version }: TrustAccepted, { language }: Terminal): string {
  const verdict = changes === 'nothing' ? KNOWN : TAKEN;
  return `${verdict[language]}: ${printable(authority)} ${version}\n`;
}

export const TRUST_IMPORT = command({
  name: 'trust import',
  summary: {
    'zh-CN': '将介质带来的文件或数据包导入本节点',
    en: 'Take a document or a bundle from a stick into the own node',
  },
  notes: {
    'zh-CN': '每份文件逐一核验，如同经网络送达。退出码 1：有文件被拒绝。',
    en: 'Each document is judged as if it had come over the network. Exits 1 when one is refused.',
  },
  args: [{ name: 'FILE' }],
  options: {},
  examples: [
    'yima trust import /media/stick/bundle.yima',
    'yima trust import root-1.json',
    'yima trust import -',
  ],
  run: async (call, terminal) => {
    const [path = ''] = call.args;
    const text = path === '-' ? await terminal.readInput() : await terminal.readFile(path);
    const one = isDocument(text);
    const result = await askNode<TrustBundleAccepted>(terminal, {
      method: 'POST',
      path: '/trust/import',
      text: one ? parseDocument(text).text : text,
      headers: { 'content-type': one ? DOCUMENT_TYPE : 'text/plain' },
    });
    print(call, terminal, result, () => describeImport(result, terminal));
    return result.refused.length === 0 ? EXIT.ok : EXIT.refused;
  },
});

function describeImport({ accepted, refused, unchanged }: TrustBundleAccepted, terminal: Terminal): string {
  const { language } = terminal;
  return columns([
    ...accepted.map(({ authority, version }) => [TAKEN[language], printable(authority), String(version)]),
    ...refused.map(({ authority, rule, message }) => [
      REFUSED[language],
      printable(authority),
      printable(`${rule}: ${message}`),
    ]),
    ...(unchanged === 0 ? [] : [[KNOWN[language], String(unchanged)]]),
  ]);
}
