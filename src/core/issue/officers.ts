// The people who may decide: live, confirmed keys with their duty, asked anew at every step.

import { YimaError } from '../errors/yima-error.js';
import type { PublicKey } from '../signature/public-key.js';
import type { ApiKeys } from './api-keys.js';
import { isMadeBy } from './key-origin.js';
import { officerKeyOf } from './officer-key.js';
import { LOCAL } from './principal.js';

export interface Officer {
  /** API key id. */
  readonly id: string;
  readonly publicKey: PublicKey;
}

export interface Officers {
  /** @throws YimaError `forbidden` for anybody who is not an officer now */
  readonly get: (id: string) => Officer;
  /** @throws YimaError `forbidden` for anybody who is not a rule service now */
  readonly checkRuleService: (id: string) => void;
  /** Whether the key opens something now, whatever its duty; the socket's owner always does. */
  readonly isLive: (id: string) => boolean;
  /** Whether one of the two made the other's key, itself or by way of keys in between; also where a key's origin is not known. */
  readonly madeEachOther: (a: string, b: string) => boolean;
}

export function createOfficers({ findLive, makerOf }: Pick<ApiKeys, 'findLive' | 'makerOf'>): Officers {
  // The parsed object is kept: verifiers import a key once an object.
  const parsed = new Map<string, PublicKey>();
  const keyOf = (text: string): PublicKey => {
    const key = parsed.get(text) ?? officerKeyOf(text);
    parsed.set(text, key);
    return key;
  };
  return {
    get: (id) => {
      const key = findLive(id);
      if (key?.publicKey == null || !key.scopes.includes('officer')) {
        throw new YimaError('forbidden', 'This takes an officer whose API key is live and confirmed.', {
          rule: 'not_an_officer',
        });
      }
      return { id, publicKey: keyOf(key.publicKey) };
    },
    checkRuleService: (id) => {
      if (findLive(id)?.scopes.includes('rules') === true) return;
      throw new YimaError('forbidden', 'This takes a rule service whose API key is live and confirmed.', {
        rule: 'not_a_rule_service',
      });
    },
    isLive: (id) => id === LOCAL || findLive(id) !== undefined,
    madeEachOther: (a, b) => isMadeBy(a, b, makerOf) || isMadeBy(b, a, makerOf),
  };
}
