// How far an office's API key reaches: the region and the kinds that it may issue for, read and revoke in.

import { regionCovers } from '../codec/region.js';
import { YimaError } from '../errors/yima-error.js';
import type { CredentialRow } from './store.js';

export interface Reach {
  /** GB/T 2260 prefix; null: wherever this node issues. */
  readonly region: string | null;
  /** Names of kinds; null: all. */
  readonly kinds: readonly string[] | null;
}

export function reaches(reach: Reach, { kind, region }: Pick<CredentialRow, 'kind' | 'region'>): boolean {
  const { region: prefix, kinds } = reach;
  return (prefix === null || regionCovers(prefix, region)) && (kinds === null || kinds.includes(kind));
}

/** For whoever asks beyond it: says how far it goes, and nothing of what lies there. */
export function outOfReach({ region, kinds }: Reach): YimaError {
  const where = region === null ? 'every region of this node' : `regions that begin with ${region}`;
  const what = kinds === null ? 'every kind' : kinds.join(', ');
  const message = `This API key is for ${where} and ${what}. Ask the office that is responsible.`;
  return new YimaError('forbidden', message, { rule: 'out_of_reach' });
}
