// The short form of `npm run fuzz -- ed25519`.

import t from 'tap';
import { differential } from './ed25519-differential.js';

t.test(
  'ten thousand random signatures and their spoiled copies get one answer from all backends',
  async (t) => {
    const { signatures, verdicts, differences } = await differential({ signatures: 10_000, slow: 500 }, 8);
    t.strictSame(differences, []);
    t.equal(signatures, 10_000);
    t.ok(verdicts > 80_000, `${verdicts} answers`);
  },
);

t.test('windows of every width give the same answers', async (t) => {
  for (const width of [4, 5, 6, 7, 9, 10]) {
    const { differences } = await differential({ signatures: 200, slow: 0 }, width);
    t.strictSame(differences, [], `width ${width}`);
  }
});
