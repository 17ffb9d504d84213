// What every new version begins with: its number, its times and the hash of the version before.

import { sha256 } from '../../adapters/crypto-node.js';
import type { JsonObject } from '../../core/codec/json.js';
import { YimaError } from '../../core/errors/yima-error.js';
import {
  createSignedDocument,
  type DocumentType,
  type SignedDocument,
} from '../../core/trust/documents/signed-document.js';
import type { OptionSpec } from '../command.js';
import { wholeNumber } from '../whole-number.js';

const DAY_SECONDS = 86_400;
const MAX_DAYS = 400;

export const DAYS = {
  type: 'string',
  value: 'N',
  description: {
    'zh-CN': '有效天数，默认 365，最多 400',
    en: 'Days that it holds, 365 when absent, at most 400',
  },
} as const satisfies OptionSpec;

export interface Frame {
  readonly version: number;
  readonly iat: number;
  readonly exp: number;
  readonly prev: string | null;
}

/**
 * @param before null: this is the first version
 * @param now epoch seconds; never earlier than the version before, whose clock may be ahead
 * @throws YimaError `invalid_request`
 */
export function nextFrame(before: SignedDocument | null, days: string | undefined, now: number): Frame {
  const count = wholeNumber('days', days ?? '365');
  if (count < 1 || count > MAX_DAYS)
    throw new YimaError('invalid_request', '--days is from 1 to 400.', { field: 'days' });
  const iat = Math.max(now, Number(before?.payload['iat'] ?? 0));
  return {
    version: Number(before?.payload['version'] ?? 0) + 1,
    iat,
    exp: iat + count * DAY_SECONDS,
    prev: before?.hash ?? null,
  };
}

/** A document that nobody has signed yet. */
export function draftOf(type: DocumentType, payload: JsonObject): SignedDocument {
  return createSignedDocument(type, payload, [], sha256);
}
