// The desk of a node that is in no network of trust lists.

import { YimaError } from '../../core/errors/yima-error.js';
import type { TrustDesk } from '../../http/trust-desk.js';

const nothing = async (): Promise<never> => {
  throw new YimaError(
    'not_found',
    'This node is in no trust network. Set YIMA_TRUST_PIN to the hash of its first root.',
  );
};

export const NO_DESK: TrustDesk = {
  accept: nothing,
  acceptBundle: nothing,
  marks: nothing,
  find: nothing,
  findRoot: nothing,
  roots: nothing,
  standing: nothing,
  why: nothing,
  dropped: nothing,
  bundle: nothing,
  checkpoint: nothing,
  proof: nothing,
  addCheckpoint: nothing,
  noteMember: nothing,
  members: nothing,
};
