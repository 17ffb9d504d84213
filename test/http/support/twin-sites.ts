// Sites for tests of other things: there is none, and none can be enrolled.

import { YimaError } from '../../../src/core/errors/yima-error.js';
import type { SiteDesk } from '../../../src/http/deps.js';

const none = async (): Promise<never> => {
  throw new YimaError('not_found', 'There is no site with this id.');
};

export const TWIN_SITES: SiteDesk = {
  check: () => {
    throw new YimaError('unauthenticated', 'There is no such site.', { rule: 'proof' });
  },
  knowledge: () => ({ body: new Uint8Array([0x7b, 0x7d]), gzipped: new Uint8Array(), etag: '"1"' }),
  create: none,
  enrol: none,
  revoke: none,
  list: async () => [],
  override: none,
};
