// What a phone has to fetch before it shows anything, so that no change makes it more unseen.

import t from 'tap';
import { brotliKb } from '../../bench/web/brotli-kb.js';

/** KiB by brotli; the scanner's decoder, WebAssembly, comes on top. */
const MOST = { wallet: 60, scan: 70 } as const;

t.test('pages stay small', async (t) => {
  for (const [page, most] of Object.entries(MOST)) {
    const size = brotliKb(page);
    t.ok(size > 1, `${page} is built`);
    t.ok(size <= most, `${page}: ${size.toFixed(1)} of ${most} KiB`);
  }
});
