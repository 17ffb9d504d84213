// Which log a root names, and which witnesses must have seen it, from the options of a command.

import { sha256 } from '../../adapters/crypto-node.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { LogPolicy } from '../../core/trust/documents/root.js';
import { readLogKeys } from '../../core/trust/log/witnesses.js';
import type { OptionSpecs } from '../command.js';
import { wholeNumber } from '../whole-number.js';

export const LOG_OPTIONS = {
  log: {
    type: 'string',
    value: 'KEY',
    description: {
      'zh-CN': '枢纽日志的验证密钥（名称+编号+base64）',
      en: "The log's verifier key, name+id+base64 (C2SP); its name is the log's origin",
    },
  },
  witness: {
    type: 'string',
    multiple: true,
    value: 'KEY',
    description: { 'zh-CN': '见证人的验证密钥，可多次', en: "A witness's verifier key; several are fine" },
  },
  quorum: {
    type: 'string',
    value: 'N',
    description: {
      'zh-CN': '至少多少个见证人签过，默认过半',
      en: 'How many witnesses must have seen the log; more than half when absent',
    },
  },
} as const satisfies OptionSpecs;

interface Given {
  readonly log: string | undefined;
  readonly witness: readonly string[];
  readonly quorum: string | undefined;
}

/**
 * The policy that the options come to.
 * @param before what the root before names, for whatever is not given anew
 * @throws YimaError `invalid_request`; `list_refused` for keys that are not sound
 */
export function readLogPolicy({ log, witness, quorum }: Given, before: LogPolicy | null): LogPolicy | null {
  if (log === undefined && witness.length === 0 && quorum === undefined) return before;
  const key = log ?? before?.key;
  if (key === undefined)
    throw new YimaError('invalid_request', 'Witnesses watch a log: give its key with --log.', {
      field: 'log',
    });
  const keys = witness.length === 0 ? (before?.witnesses.keys ?? []) : witness;
  const policy = {
    origin: key.slice(0, key.indexOf('+') >>> 0),
    key,
    witnesses: { quorum: quorumOf(quorum, keys.length), keys },
  };
  readLogKeys(policy, sha256);
  return policy;
}

function quorumOf(given: string | undefined, witnesses: number): number {
  if (given === undefined) return witnesses === 0 ? 0 : Math.floor(witnesses / 2) + 1;
  const quorum = wholeNumber('quorum', given);
  if (quorum <= witnesses) return quorum;
  throw new YimaError('invalid_request', `--quorum is above the number of witnesses, ${witnesses}.`, {
    field: 'quorum',
  });
}
