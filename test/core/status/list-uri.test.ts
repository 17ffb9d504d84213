import fc from 'fast-check';
import t from 'tap';
import { listNumberOf } from '../../../src/core/status/list-uri.js';

const BASE = 'https://a.example/status-lists/';

t.test('one list has one uri', async (t) => {
  fc.assert(
    fc.property(fc.nat(), (number) => {
      t.equal(listNumberOf(`${BASE}${number}`, BASE), number);
    }),
  );
  for (const rest of ['', '01', '+1', '1.0', '1/', ' 1', '1?', '１', '1'.repeat(16)])
    t.equal(listNumberOf(`${BASE}${rest}`, BASE), null, `"${rest}"`);
  t.equal(listNumberOf('https://b.example/status-lists/1', BASE), null);
  t.equal(listNumberOf(`x${BASE}1`, BASE), null);
});
