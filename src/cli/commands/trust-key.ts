// `yima trust key`: the key that a custodian signs roots and lists with. It stays on the custodian's machine.

import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { SigningAlgorithm } from '../../core/signature/private-jwk.js';
import { type Call, command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printableJson } from '../language.js';
import type { Terminal } from '../terminal.js';
import { makeCustodianKey, type PublicPart, showCustodianKey } from '../trust/custodian-key.js';
import { inGroups, kidOf } from '../trust/fingerprint.js';

const FINGERPRINT: Text = { 'zh-CN': '指纹', en: 'Fingerprint' };
const KEPT: Text = {
  'zh-CN': '私钥已写入该文件，请勿外传；标准输出是公钥。',
  en: 'The private key is in that file: keep it. Standard output is the public key.',
};
const PLAIN: Text = {
  'zh-CN': '私钥未加密：设置 YIMA_KEY_PASSPHRASE_FILE 可用口令加密。',
  en: 'It is not encrypted: set YIMA_KEY_PASSPHRASE_FILE to have it under a passphrase.',
};

export const TRUST_KEY_NEW = command({
  name: 'trust key new',
  summary: { 'zh-CN': '生成保管人的签名密钥', en: "Make a custodian's key" },
  notes: {
    'zh-CN':
      '私钥写入 FILE（权限 0600；设置 YIMA_KEY_PASSPHRASE 或 YIMA_KEY_PASSPHRASE_FILE 时加密）；标准输出为公钥 JWK。',
    en: 'The private key goes to FILE (mode 0600; under a passphrase when YIMA_KEY_PASSPHRASE or YIMA_KEY_PASSPHRASE_FILE is set); standard output is the public JWK.',
  },
  args: [{ name: 'FILE' }],
  options: {
    algorithm: {
      type: 'string',
      value: 'Ed25519|ES256',
      description: { 'zh-CN': '算法，默认 Ed25519', en: 'Ed25519 when absent' },
    },
  },
  examples: ['yima trust key new custodian.key > custodian.jwk'],
  run: async (call, terminal) => {
    const algorithm = readAlgorithm(call.options.algorithm);
    const { isEncrypted, ...part } = await makeCustodianKey(call.args[0] ?? '', algorithm, terminal);
    tell(part, call, terminal);
    terminal.talk(`${KEPT[terminal.language]}\n${isEncrypted ? '' : `${PLAIN[terminal.language]}\n`}`);
    return EXIT.ok;
  },
});

export const TRUST_KEY_SHOW = command({
  name: 'trust key show',
  summary: {
    'zh-CN': '显示保管人密钥的公钥与指纹',
    en: "Show the public part of a custodian's key, and its fingerprint",
  },
  notes: {
    'zh-CN': '指纹每四个字符一组，供当面或电话核对。',
    en: 'The fingerprint is in groups of four, to be read out over a second channel.',
  },
  args: [{ name: 'FILE' }],
  options: {
    only: {
      type: 'string',
      value: 'fingerprint|kid',
      description: {
        'zh-CN': '只输出指纹或密钥编号',
        en: 'Print the fingerprint alone, without spaces, or the kid',
      },
    },
  },
  examples: [
    'yima trust key show custodian.key',
    'yima trust key show custodian.key > custodian.jwk',
    'yima trust key show custodian.key --only fingerprint',
  ],
  run: async (call, terminal) => {
    const { only } = call.options;
    const part = await showCustodianKey(call.args[0] ?? '', terminal);
    if (only === undefined) tell(part, call, terminal);
    else if (only === 'fingerprint') terminal.out(`${part.thumbprint}\n`);
    else if (only === 'kid') terminal.out(`${kidOf(part.thumbprint)}\n`);
    else throw new YimaError('invalid_request', '--only is fingerprint or kid.', { field: 'only' });
    return EXIT.ok;
  },
});

function readAlgorithm(name = 'Ed25519'): SigningAlgorithm {
  if (name === 'Ed25519' || name === 'ES256') return name;
  throw new YimaError('invalid_request', 'A custodian signs with Ed25519 or ES256.', { field: 'algorithm' });
}

function tell({ thumbprint, jwk }: PublicPart, call: Pick<Call, 'json'>, terminal: Terminal): void {
  const fingerprint = inGroups(thumbprint);
  if (call.json) {
    terminal.out(`${printableJson({ thumbprint, fingerprint, kid: kidOf(thumbprint), jwk })}\n`);
    return;
  }
  terminal.out(`${JSON.stringify(jwk)}\n`);
  terminal.talk(`${FINGERPRINT[terminal.language]}: ${fingerprint}\n`);
}
