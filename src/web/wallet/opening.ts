// What this phone keeps, asked for before anything else: a script of its own, ahead of the page's, so that the browser reads while the page
// is fetched and evaluated.

import { openStore } from './wallet-store.js';

/** null: nothing can be kept here. */
export const opening = openStore().catch(() => null);
