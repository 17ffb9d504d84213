// `yima trust init` and `yima trust draft root`: roots that nobody has signed yet, drafted by the desk from public keys.

import type { JsonObject } from '../../core/codec/json.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { publicJwk } from '../../core/signature/public-jwk.js';
import type { RootDocument } from '../../core/trust/documents/root.js';
import type { TrustedKey } from '../../core/trust/documents/trusted-key.js';
import { type Call, command, type OptionSpecs } from '../command.js';
import { EXIT } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { readPublicKey } from '../trust/custodian-key.js';
import { DAYS, draftOf, nextFrame } from '../trust/draft-frame.js';
import { inGroups, readHash } from '../trust/fingerprint.js';
import { heldRoot, readHeld } from '../trust/held.js';
import { LOG_OPTIONS, readLogPolicy } from '../trust/log-policy.js';
import { FROM, handOn, OUT, tellReview } from '../trust/output.js';
import { reviewDocument } from '../trust/review.js';
import { wholeNumber } from '../whole-number.js';

const PIN: Text = {
  'zh-CN': '锚定值（YIMA_TRUST_PIN，请经另一渠道核对）',
  en: 'Pin (YIMA_TRUST_PIN; compare it over a second channel)',
};

const NUMBERS = {
  threshold: {
    type: 'string',
    value: 'N',
    description: { 'zh-CN': '根文件须几人签名，至少 2', en: 'How many root keys must sign, at least 2' },
  },
  'hub-threshold': {
    type: 'string',
    value: 'N',
    description: {
      'zh-CN': '枢纽列表须几人签名，至少 2',
      en: "How many hub keys must sign the hub's list, at least 2",
    },
  },
  depth: {
    type: 'string',
    value: 'N',
    description: { 'zh-CN': '枢纽以下的列表层数，最多 7', en: "Levels of lists below the hub's, at most 7" },
  },
  days: DAYS,
} as const satisfies OptionSpecs;

export const TRUST_INIT = command({
  name: 'trust init',
  summary: {
    'zh-CN': '起草信任网络的第一版根文件，并显示锚定值',
    en: 'Draft the first root of a trust network, and show its pin',
  },
  notes: {
    'zh-CN': '输出未签名的根文件；给出 --out 时标准输出为锚定值。锚定值是其内容的摘要，签名不改变它。',
    en: 'The root has no signatures yet. The pin is the hash of what it says; signatures do not change it. With --out, standard output is the pin.',
  },
  args: [],
  options: {
    hub: {
      type: 'string',
      required: true,
      value: 'NAME',
      description: { 'zh-CN': '枢纽名称，如 cn.example', en: "The hub's name, such as cn.example" },
    },
    'root-keys': {
      type: 'string',
      required: true,
      value: 'FILE,FILE',
      description: {
        'zh-CN': '根密钥的公钥文件，逗号分隔',
        en: 'Public keys of the root, files separated by commas',
      },
    },
    'hub-keys': {
      type: 'string',
      required: true,
      value: 'FILE,FILE',
      description: {
        'zh-CN': '枢纽密钥的公钥文件，逗号分隔',
        en: 'Public keys of the hub, files separated by commas',
      },
    },
    ...NUMBERS,
    ...LOG_OPTIONS,
    out: OUT,
  },
  examples: [
    'yima trust init --hub cn.example --root-keys a.jwk,b.jwk,c.jwk --hub-keys h1.jwk,h2.jwk,h3.jwk --out root-1.json',
  ],
  run: async (call, terminal) => {
    const { options } = call;
    const rootKeys = await keysOf(options['root-keys'], terminal);
    const hubKeys = await keysOf(options['hub-keys'], terminal);
    checkApart(rootKeys, hubKeys);
    return draftRoot(
      {
        ...nextFrame(null, options.days, terminal.now()),
        threshold: wholeNumber('threshold', options.threshold ?? '2'),
        keys: rootKeys.map(jwkOf),
        hub: {
          sub: options.hub,
          threshold: wholeNumber('hub-threshold', options['hub-threshold'] ?? '2'),
          keys: hubKeys.map(jwkOf),
          depth: wholeNumber('depth', options.depth ?? '3'),
        },
        log: readLogPolicy(options, null),
      },
      null,
      call,
      terminal,
    );
  },
});

export const TRUST_DRAFT_ROOT = command({
  name: 'trust draft root',
  summary: { 'zh-CN': '起草下一版根文件', en: 'Draft the next root' },
  notes: {
    'zh-CN': '未指定的内容照旧。新根须由前一版与本版的根密钥各自达到签名数。',
    en: 'What is not named stays as it is. The new root needs enough signatures of the old keys and of its own.',
  },
  args: [],
  options: {
    from: FROM,
    'add-key': {
      type: 'string',
      multiple: true,
      value: 'FILE',
      description: {
        'zh-CN': '新增根密钥（公钥文件），可多次',
        en: 'Public key that joins the root; several are fine',
      },
    },
    'drop-key': {
      type: 'string',
      multiple: true,
      value: 'FINGERPRINT',
      description: { 'zh-CN': '移除根密钥，可多次', en: 'Key that leaves the root; several are fine' },
    },
    'add-hub-key': {
      type: 'string',
      multiple: true,
      value: 'FILE',
      description: {
        'zh-CN': '新增枢纽密钥（公钥文件），可多次',
        en: 'Public key that joins the hub; several are fine',
      },
    },
    'drop-hub-key': {
      type: 'string',
      multiple: true,
      value: 'FINGERPRINT',
      description: { 'zh-CN': '移除枢纽密钥，可多次', en: 'Key that leaves the hub; several are fine' },
    },
    ...NUMBERS,
    ...LOG_OPTIONS,
    out: OUT,
  },
  examples: [
    'yima trust draft root --from root-1.json --drop-key FINGERPRINT --add-key d.jwk --out root-2.json',
    'yima trust draft root --from https://hub.example --log cn.example/log+0a1b2c3d+AAAA --out root-2.json',
  ],
  run: async (call, terminal) => {
    const { options } = call;
    const held = await readHeld(options.from, terminal, { about: 'root' });
    const before = await heldRoot(held);
    const { hub } = before;
    const keys = await changeKeys(before.keys, options['add-key'], options['drop-key'], 'drop-key', terminal);
    const hubKeys = await changeKeys(
      hub.keys,
      options['add-hub-key'],
      options['drop-hub-key'],
      'drop-hub-key',
      terminal,
    );
    checkApart(keys, hubKeys);
    const count = (name: string, given: string | undefined, was: number): number =>
      given === undefined ? was : wholeNumber(name, given);
    return draftRoot(
      {
        ...nextFrame(before.document, options.days, terminal.now()),
        threshold: count('threshold', options.threshold, before.threshold),
        keys: keys.map(jwkOf),
        hub: {
          sub: hub.name,
          threshold: count('hub-threshold', options['hub-threshold'], hub.threshold),
          keys: hubKeys.map(jwkOf),
          depth: count('depth', options.depth, hub.depth),
        },
        log: readLogPolicy(options, before.log),
      },
      before,
      call,
      terminal,
    );
  },
});

async function draftRoot(
  payload: JsonObject,
  before: RootDocument | null,
  call: Pick<Call, 'json'> & { readonly options: { readonly out: string | undefined } },
  terminal: Terminal,
): Promise<number> {
  const draft = draftOf('root', { type: 'root', ...payload });
  const held =
    before === null ? null : { bundle: null, document: before.document, network: null, refused: [] };
  const review = await reviewDocument(draft, held, terminal.now());
  if (review.refusal !== null) throw review.refusal;
  tellReview(review, call, terminal);
  if (before === null && !call.json) terminal.talk(`${PIN[terminal.language]}: ${inGroups(draft.hash)}\n`);
  await handOn(draft, review, call.options.out, call, terminal);
  if (before === null && !call.json && call.options.out !== undefined) terminal.out(`${draft.hash}\n`);
  return EXIT.ok;
}

function jwkOf({ key }: TrustedKey): JsonObject {
  return { ...publicJwk(key) };
}

async function keysOf(files: string, terminal: Terminal): Promise<readonly TrustedKey[]> {
  const keys: TrustedKey[] = [];
  for (const file of files.split(',')) keys.push(await readPublicKey(file.trim(), terminal));
  return keys;
}

async function changeKeys(
  before: readonly TrustedKey[],
  add: readonly string[],
  drop: readonly string[],
  field: string,
  terminal: Terminal,
): Promise<readonly TrustedKey[]> {
  const dropped = new Set(drop.map((each) => readHash(each, field)));
  for (const thumbprint of dropped) {
    if (before.some((key) => key.thumbprint === thumbprint)) continue;
    throw new YimaError('invalid_request', `There is no key ${inGroups(thumbprint)}.`, { field });
  }
  const kept = before.filter(({ thumbprint }) => !dropped.has(thumbprint));
  const added: TrustedKey[] = [];
  for (const file of add) added.push(await readPublicKey(file, terminal));
  return [...kept, ...added];
}

/** Whoever holds a root key and a hub key is counted in both places: separate people is what the two thresholds are for. */
function checkApart(root: readonly TrustedKey[], hub: readonly TrustedKey[]): void {
  const both = hub.find(({ thumbprint }) => root.some((key) => key.thumbprint === thumbprint));
  if (both === undefined) return;
  const message = `The key ${inGroups(both.thumbprint)} is to sign roots and lists of the hub: make one for each.`;
  throw new YimaError('invalid_request', message, { field: 'hub-keys' });
}
