// What this phone keeps, asked for before the rest of the page is evaluated: main.tsx imports this first, so that the browser reads while the
// page starts.

import { openStore } from './wallet-store.js';

/** null: nothing can be kept here. */
export const opening = openStore().catch(() => null);
