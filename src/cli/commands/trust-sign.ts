// `yima trust diff`, `sign` and `merge`: what a document changes in words, a custodian's signature under it, and several put together.

import { sha256 } from '../../adapters/crypto-node.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { ScopeTotal } from '../../core/issue/scope-count.js';
import {
  createSignedDocument,
  type DocumentAlgorithm,
  mergeSignatures,
  type SignedDocument,
  signingInput,
} from '../../core/trust/documents/signed-document.js';
import { askNode } from '../ask-node.js';
import { type Call, command, YES } from '../command.js';
import { confirm } from '../confirm.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../language.js';
import { print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { openCustodianKey } from '../trust/custodian-key.js';
import { inGroups, kidOf } from '../trust/fingerprint.js';
import { type Held, readDocument, readHeld } from '../trust/held.js';
import { handOn, OUT, reviewValue, tellReview } from '../trust/output.js';
import { checkSignatures, type Review, reviewDocument } from '../trust/review.js';
import { describeReview } from '../trust/words.js';

const BEFORE = {
  type: 'string',
  value: 'FILE|URL',
  description: {
    'zh-CN': '与之比较：前一版文件、数据包或节点地址',
    en: 'What to compare with: the version before, a bundle, or the address of a node',
  },
} as const;

const STRANDED: Text = {
  'zh-CN': '吊销将使本节点签发的证照失效，数量',
  en: 'Credentials of this node that the revocation strands',
};

export const TRUST_DIFF = command({
  name: 'trust diff',
  summary: { 'zh-CN': '用文字说明一份文件改变了什么', en: 'Say in words what a document changes' },
  notes: {
    'zh-CN':
      'BEFORE 为数据包或节点地址时，同时说明哪些条目不会生效及其原因、还缺谁的签名。只给一个文件：与空比较。退出码 1：该文件不会被接受。',
    en: 'Where BEFORE is a bundle or the address of a node, it also tells which entries would count for nothing and why, and whose signatures there are. One file alone: everything in it is new. Exits 1 when the document would not be taken.',
  },
  args: [{ name: 'BEFORE' }, { name: 'AFTER', optional: true }],
  options: {
    stranded: {
      type: 'boolean',
      description: {
        'zh-CN': '询问本节点：吊销会使多少证照失效',
        en: 'Ask the own node how many of its credentials the revocations strand',
      },
    },
  },
  examples: [
    'yima trust diff 33-1.json 33-2.json',
    'yima trust diff bundle.yima 33-2.json --stranded',
    'yima trust diff https://hub.example root-2.json',
  ],
  run: async (call, terminal) => {
    const [first = '', second = ''] = call.args;
    const document = await readDocument(second === '' ? first : second, terminal);
    const held = second === '' ? null : await readHeld(first, terminal, { about: authorityOf(document) });
    const review = await reviewDocument(document, held, terminal.now());
    const stranded = call.options.stranded ? await countStranded(review, terminal) : null;
    print(
      call,
      terminal,
      { ...reviewValue(review), stranded },
      () =>
        describeReview(review, terminal.language) +
        (stranded === null ? '' : `${STRANDED[terminal.language]}: ${stranded}\n`),
    );
    return review.refusal === null ? EXIT.ok : EXIT.refused;
  },
});

function authorityOf({ type, payload }: SignedDocument): string {
  return type === 'root' ? 'root' : String(payload['iss']);
}

/** Still valid ones, by every key that the list revokes newly. */
async function countStranded({ list }: Review, terminal: Terminal): Promise<number> {
  let count = 0;
  for (const { thumbprint } of list?.revoked ?? []) {
    const total = await askNode<ScopeTotal>(terminal, {
      method: 'POST',
      path: '/v1/revocations',
      body: { scope: { signingKey: kidOf(thumbprint) }, dryRun: true },
    });
    count += total.count;
  }
  return count;
}

const SIGNS: Text = { 'zh-CN': '将用此密钥签名', en: 'This signs it with the key' };

export const TRUST_SIGN = command({
  name: 'trust sign',
  summary: { 'zh-CN': '以保管人密钥为文件签名', en: "Sign a document with a custodian's key" },
  notes: {
    'zh-CN': '先显示改变了什么，再询问。不需要节点和网络。缺省写回同一文件。',
    en: 'Shows what it changes, and asks. Needs no node and no network. Writes to the same file unless --out names another.',
  },
  args: [{ name: 'FILE' }],
  options: {
    key: {
      type: 'string',
      required: true,
      value: 'FILE',
      description: { 'zh-CN': '保管人的密钥文件', en: "The custodian's key file" },
    },
    before: BEFORE,
    out: OUT,
    yes: YES,
  },
  examples: [
    'yima trust sign root-1.json --key a.key',
    'yima trust sign 33-2.json --key a.key --before bundle.yima --out 33-2.a.json --yes',
  ],
  run: async (call, terminal) => {
    const { key, before, out, yes } = call.options;
    const [path = ''] = call.args;
    const document = await readDocument(path, terminal);
    const held =
      before === undefined ? null : await readHeld(before, terminal, { about: authorityOf(document) });
    const review = await reviewDocument(document, held, terminal.now());
    if (review.refusal !== null) throw review.refusal;
    checkSignatures(review);
    const { signer, thumbprint } = await openCustodianKey(key, terminal);
    checkIsAsked(review, thumbprint);
    tellReview(review, call, terminal);
    const question = `${SIGNS[terminal.language]} ${inGroups(thumbprint)}.`;
    await confirm(terminal, { 'zh-CN': question, en: question }, yes);
    const algorithm = signer.algorithm as DocumentAlgorithm;
    const signature = signer.sign(signingInput(document, { kid: thumbprint, algorithm }));
    const others = document.signatures.filter(({ kid }) => kid !== thumbprint);
    const signed = createSignedDocument(
      document.type,
      document.payload,
      [...others, { kid: thumbprint, algorithm, signature }],
      sha256,
    );
    await finish(signed, held, out ?? (path === '-' ? undefined : path), call, terminal);
    return EXIT.ok;
  },
});

/** Where it is known who must sign, a signature of somebody else would count for nothing. */
function checkIsAsked({ signers, authority }: Review, thumbprint: string): void {
  const isKnown = authority === 'root' ? signers.some(({ whose }) => whose === 'before') : signers.length > 0;
  if (!isKnown || signers.some(({ thumbprints }) => thumbprints.includes(thumbprint))) return;
  throw new YimaError(
    'forbidden',
    `The key ${inGroups(thumbprint)} is none of those that sign for ${printable(authority)}. Take the key of a custodian that is listed.`,
    { field: 'key' },
  );
}

export const TRUST_MERGE = command({
  name: 'trust merge',
  summary: {
    'zh-CN': '合并同一文件的几份签名',
    en: 'Put the signatures of several copies of one document together',
  },
  notes: {
    'zh-CN': '各份的内容必须相同。给出 --before 时核对签名，并说明还缺几个。',
    en: 'The copies must say the same. With --before the signatures are checked, and how many are missing is told.',
  },
  args: [
    { name: 'FILE' },
    { name: 'FILE' },
    ...['C', 'D', 'E', 'F', 'G', 'H'].map(() => ({ name: 'FILE', optional: true }) as const),
  ],
  options: { before: BEFORE, out: OUT },
  examples: [
    'yima trust merge root-1.a.json root-1.b.json --out root-1.json',
    'yima trust merge 33-2.a.json 33-2.b.json 33-2.c.json --before bundle.yima --out 33-2.json',
  ],
  run: async (call, terminal) => {
    const { before, out } = call.options;
    const [first = '', ...rest] = call.args.filter((path) => path !== '');
    let merged = await readDocument(first, terminal);
    for (const path of rest) merged = mergeSignatures(merged, await readDocument(path, terminal), sha256);
    const held =
      before === undefined ? null : await readHeld(before, terminal, { about: authorityOf(merged) });
    await finish(merged, held, out, call, terminal);
    return EXIT.ok;
  },
});

/** Tells how it stands now, and hands it on. @throws YimaError `list_refused` for a false signature */
async function finish(
  document: SignedDocument,
  held: Held | null,
  out: string | undefined,
  call: Pick<Call, 'json'>,
  terminal: Terminal,
): Promise<void> {
  const review = await reviewDocument(document, held, terminal.now());
  checkSignatures(review);
  tellReview(review, call, terminal);
  await handOn(document, review, out, call, terminal);
}
