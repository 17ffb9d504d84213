// `yima trust prove`: that the log of the network holds a document, by a bundle that was carried here or by asking a node. Everything hangs
// on the pin: a proof without one would show that somebody's log holds it.

import { sha256 } from '../../adapters/crypto-node.js';
import { decodeBase64 } from '../../core/codec/base64.js';
import { utf8Encode } from '../../core/codec/bytes.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { checkBundleLogged, loggedDocument } from '../../core/trust/bundle.js';
import type { SignedDocument } from '../../core/trust/documents/signed-document.js';
import { isIncluded } from '../../core/trust/log/check-proofs.js';
import { parseCheckpoint } from '../../core/trust/log/checkpoint.js';
import { documentLeaf } from '../../core/trust/log/leaves.js';
import { leafHash } from '../../core/trust/log/tree.js';
import { checkWitnesses, type LogKeys, readLogKeys } from '../../core/trust/log/witnesses.js';
import type { TrustProof } from '../../http/trust-desk.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { facts, print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { inGroups, readHash } from '../trust/fingerprint.js';
import { type Held, heldRoot, readDocument, readHeld, verify } from '../trust/held.js';
import { pinOfSettings, readSource } from '../trust/sources.js';
import { wholeNumber } from '../whole-number.js';

const DAY_SECONDS = 86_400;

interface Proven {
  readonly authority: string;
  readonly version: number;
  readonly hash: string;
  /** Of the log at the checkpoint. */
  readonly size: number;
  readonly index: number;
  readonly origin: string;
  readonly witnesses: number;
}

export const TRUST_PROVE = command({
  name: 'trust prove',
  summary: { 'zh-CN': '证明网络日志中有此文件', en: "Prove that the network's log holds a document" },
  notes: {
    'zh-CN':
      '以 --bundle 的数据包离线证明，或向节点（--from，缺省为本节点）索取证明。锚定值取自 --pin 或 YIMA_TRUST_PIN。',
    en: 'Offline by the bundle of --bundle, or by asking a node (--from; the own one when absent). The pin is that of --pin or YIMA_TRUST_PIN.',
  },
  args: [{ name: 'FILE' }],
  options: {
    bundle: {
      type: 'string',
      value: 'FILE',
      description: { 'zh-CN': '数据包文件', en: 'A bundle in a file' },
    },
    from: {
      type: 'string',
      value: 'URL',
      description: { 'zh-CN': '节点地址', en: 'Address of a node' },
    },
    pin: {
      type: 'string',
      value: 'HASH',
      description: { 'zh-CN': '第一版根文件的摘要', en: 'Hash of the first root' },
    },
    'max-age-days': {
      type: 'string',
      value: 'N',
      description: {
        'zh-CN': '见证人最近一次所见不得早于几天',
        en: 'How many days ago the witnesses may have seen it; any time when absent',
      },
    },
  },
  examples: [
    'yima trust prove 33-2.json --bundle bundle.yima --pin HASH',
    'yima trust prove root-1.json --from https://hub.example --max-age-days 7',
  ],
  run: async (call, terminal) => {
    const { bundle, from, pin, 'max-age-days': days } = call.options;
    const document = await readDocument(call.args[0] ?? '', terminal);
    const held = await readHeld(bundle ?? from, terminal, { about: 'root', pin: pinOf(pin, terminal) });
    const { log } = await heldRoot(held);
    if (log === null)
      throw new YimaError('not_found', 'The root names no log: there is nothing to prove by.', {
        rule: 'log_missing',
      });
    const keys = readLogKeys(log, sha256);
    const maxAgeSeconds = days === undefined ? null : wholeNumber('max-age-days', days) * DAY_SECONDS;
    const times = { now: terminal.now(), maxAgeSeconds };
    const proven =
      bundle === undefined
        ? await proveByNode(document, from, keys, times, terminal)
        : proveByBundle(document, held, keys, times);
    print(call, terminal, proven, () => describe(proven, terminal));
    return EXIT.ok;
  },
});

function pinOf(given: string | undefined, terminal: Terminal): string {
  const pin = given === undefined ? pinOfSettings(terminal) : readHash(given, 'pin');
  if (pin !== null) return pin;
  throw new YimaError(
    'invalid_request',
    'A proof begins with the pin of the network: --pin HASH, or YIMA_TRUST_PIN.',
    {
      field: 'pin',
    },
  );
}

interface Times {
  readonly now: number;
  readonly maxAgeSeconds: number | null;
}

function proveByBundle(document: SignedDocument, { bundle }: Held, keys: LogKeys, times: Times): Proven {
  const isInside = [...(bundle?.roots ?? []), ...(bundle?.lists ?? [])].some(
    ({ hash }) => hash === document.hash,
  );
  if (bundle === null || !isInside)
    throw new YimaError(
      'list_refused',
      'The bundle does not hold this document. Take a bundle of its time.',
      {
        rule: 'not_in_bundle',
      },
    );
  const { size, origin } = checkBundleLogged(bundle, keys, verify, sha256, times);
  return { ...loggedDocument(document), size, index: bundle.log?.index ?? 0, origin, witnesses: keys.quorum };
}

async function proveByNode(
  document: SignedDocument,
  from: string | undefined,
  keys: LogKeys,
  times: Times,
  terminal: Terminal,
): Promise<Proven> {
  const answer = await readSource(from, `/trust/log/proof?hash=${document.hash}`, terminal);
  const { index, proof, checkpoint: note } = JSON.parse(answer) as TrustProof;
  const checkpoint = parseCheckpoint(note);
  checkWitnesses(checkpoint, keys, verify, times);
  const leaf = leafHash(utf8Encode(documentLeaf(loggedDocument(document))), sha256);
  if (!isIncluded(leaf, index, checkpoint, proof.map(decodeBase64), sha256)) {
    throw new YimaError(
      'list_refused',
      'The proof does not lead to the checkpoint. Ask another mirror, and tell the hub.',
      {
        rule: 'inclusion',
      },
    );
  }
  const { size, origin } = checkpoint;
  return { ...loggedDocument(document), size, index, origin, witnesses: keys.quorum };
}

function describe(proven: Proven, terminal: Terminal): string {
  const IN_LOG: Text = { 'zh-CN': '日志中有', en: 'In the log' };
  return facts(
    [
      [IN_LOG, `${proven.authority} ${proven.version}`],
      [{ 'zh-CN': '摘要', en: 'Hash' }, inGroups(proven.hash)],
      [{ 'zh-CN': '日志', en: 'Log' }, proven.origin],
      [{ 'zh-CN': '位置', en: 'Place' }, `${proven.index} / ${proven.size}`],
      [{ 'zh-CN': '见证人不少于', en: 'Witnesses, at least' }, proven.witnesses],
    ],
    terminal,
  );
}
