// `yima officer`: the key that an officer signs with, and signatures under what takes two people. The key never leaves the
// officer's machine, and nothing is signed but what was read and hashed here.

import { createNodeSigner, generatePrivateJwk, randomBytes, sha256 } from '../../adapters/crypto-node.js';
import { encodeBase64url } from '../../core/codec/base64url.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../../core/codec/json.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { type ApprovalAction, proposalHash, signApproval } from '../../core/issue/approval.js';
import type { PrivateJwk, SigningAlgorithm } from '../../core/signature/private-jwk.js';
import { publicJwk } from '../../core/signature/public-jwk.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable, printableJson } from '../language.js';
import type { Terminal } from '../terminal.js';

const KEPT: Text = {
  'zh-CN': '私钥已写入该文件，请勿外传；上面的公钥交给管理员。',
  en: 'The private key is in that file: keep it. The public key above is for the administrator.',
};
const SIGNS: Text = { 'zh-CN': '签名内容', en: 'Signed' };

export const OFFICER_KEYGEN = command({
  name: 'officer keygen',
  summary: { 'zh-CN': '生成审批人员的签名密钥', en: 'Make the key that an officer signs with' },
  notes: {
    'zh-CN': '标准输出为公钥 JWK，供 yima api-keys create --officer-key 使用。',
    en: 'Standard output is the public JWK, for yima api-keys create --officer-key.',
  },
  args: [{ name: 'KEYFILE' }],
  options: {
    algorithm: {
      type: 'string',
      value: 'Ed25519|ES256',
      description: { 'zh-CN': '算法，默认 Ed25519', en: 'Ed25519 when absent' },
    },
  },
  examples: ['yima officer keygen officer.key > officer.pub.json'],
  run: async (call, terminal) => {
    const [path = ''] = call.args;
    const privateJwk = generatePrivateJwk(readAlgorithm(call.options.algorithm));
    await terminal.writeSecret(path, `${JSON.stringify(privateJwk)}\n`);
    terminal.out(`${JSON.stringify(publicJwk(createNodeSigner(privateJwk).publicKey))}\n`);
    terminal.talk(`${KEPT[terminal.language]}\n`);
    return EXIT.ok;
  },
});

function readAlgorithm(name = 'Ed25519'): SigningAlgorithm {
  if (name === 'Ed25519' || name === 'ES256') return name;
  throw new YimaError('invalid_request', 'An officer signs with Ed25519 or ES256.', { field: 'algorithm' });
}

export const OFFICER_SIGN = command({
  name: 'officer sign',
  summary: { 'zh-CN': '为提案或审批签名', en: 'Sign a proposal, or a decision about one' },
  notes: {
    'zh-CN':
      'propose：读取提案内容（--type 与 --body），输出 POST /v1/proposals 的请求；approve、reject：读取 GET /v1/proposals/ID 的结果（--proposal），核对哈希后输出请求。',
    en: 'propose reads a body (--type, --body) and prints the request for POST /v1/proposals; approve and reject read what GET /v1/proposals/ID answered (--proposal), check its hash and print the request for its decision.',
  },
  args: [{ name: 'KEYFILE' }],
  options: {
    action: {
      type: 'string',
      required: true,
      value: 'propose|approve|reject',
      description: { 'zh-CN': '动作', en: 'What is signed' },
    },
    type: {
      type: 'string',
      value: 'TYPE',
      description: { 'zh-CN': '提案类型', en: 'Type of what is proposed' },
    },
    body: {
      type: 'string',
      value: 'FILE',
      description: {
        'zh-CN': '提案内容的 JSON 文件，- 为标准输入',
        en: 'JSON of what is proposed; - for standard input',
      },
    },
    proposal: {
      type: 'string',
      value: 'FILE',
      description: {
        'zh-CN': '提案的 JSON 文件，- 为标准输入',
        en: 'JSON of the proposal; - for standard input',
      },
    },
  },
  examples: [
    'yima officer sign officer.key --action propose --type colour --body batch.json > request.json',
    'yima officer sign officer.key --action approve --proposal proposal.json > decision.json',
  ],
  run: async (call, terminal) => {
    const { action, type, body, proposal } = call.options;
    const keyText = await terminal.readSecret(call.args[0] ?? '');
    if (action === 'propose') {
      const asked = await readObject('body', body, terminal);
      const whole = Object.hasOwn(asked, 'nonce')
        ? asked
        : { ...asked, nonce: encodeBase64url(randomBytes(16)) };
      const { text, hash } = proposalHash(needed('type', type), whole, sha256);
      const jws = sign(keyText, hash, action, terminal);
      show(`${type} ${text}`, hash, terminal);
      terminal.out(`${printableJson({ type, body: whole, jws })}\n`);
      return EXIT.ok;
    }
    if (action !== 'approve' && action !== 'reject')
      throw new YimaError('invalid_request', 'Sign to propose, approve or reject.', { field: 'action' });
    const told = await readObject('proposal', proposal, terminal);
    const { text, hash } = checkTold(told);
    const jws = sign(keyText, hash, action, terminal);
    show(`${String(told['type'])} ${text}`, hash, terminal);
    terminal.out(`${JSON.stringify({ action, jws })}\n`);
    return EXIT.ok;
  },
});

function needed(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new YimaError('invalid_request', `This takes --${name}.`, { field: name });
}

async function readObject(name: string, source: string | undefined, terminal: Terminal): Promise<JsonObject> {
  const path = needed(name, source);
  const text = path === '-' ? await terminal.readInput() : await terminal.readFile(path);
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (cause) {
    throw new YimaError('invalid_request', `--${name} is not strict JSON.`, { field: name, cause });
  }
  if (isJsonObject(value)) return value;
  throw new YimaError('invalid_request', `--${name} is a JSON object.`, { field: name });
}

/** What a node tells of a proposal is hashed here: its own word for the hash is only compared. */
function checkTold({ type, body, hash }: JsonObject): { text: string; hash: string } {
  if (typeof type !== 'string' || !isJsonObject(body))
    throw new YimaError('invalid_request', 'This is no proposal: give what GET /v1/proposals/ID answered.', {
      field: 'proposal',
    });
  const own = proposalHash(type, body, sha256);
  if (own.hash === hash) return own;
  throw new YimaError('invalid_request', 'The hash is not that of this text. Sign nothing; tell somebody.', {
    field: 'proposal',
  });
}

function sign(keyText: string, hash: string, action: ApprovalAction, terminal: Terminal): string {
  const signer = createNodeSigner(readPrivateJwk(keyText));
  return signApproval({ hash, action, iat: terminal.now() }, signer);
}

/** @throws YimaError `key_refused` for anything but a private key, without a word of its text */
function readPrivateJwk(text: string): PrivateJwk {
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch {
    value = null;
  }
  if (isJsonObject(value)) return value as unknown as PrivateJwk;
  throw new YimaError('key_refused', 'The file holds no private key; yima officer keygen makes one.');
}

/** On standard error, so that the officer sees what it is about. */
function show(what: string, hash: string, terminal: Terminal): void {
  terminal.talk(`${SIGNS[terminal.language]} ${hash}\n${printable(what)}\n`);
}
