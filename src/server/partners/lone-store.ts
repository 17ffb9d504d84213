// A cluster of one: it leads, and has nobody to share with.

import type { PartnerStore } from '../../core/status/partner-store.js';

export const LONE_STORE: PartnerStore = {
  lead: async () => true,
  put: async () => true,
  news: async () => ({ isAnew: false, lists: [] }),
  get: async () => undefined,
  ask: async () => undefined,
  asked: async () => [],
  release: async () => undefined,
};
