import { gzipSync } from 'node:zlib';
import t from 'tap';
import { MAX_BODY_BYTES, unpackBody } from '../../src/cli/unpack-body.js';

t.test('an answer is its text, packed or not', (t) => {
  const text = '{"一":1}';
  t.equal(unpackBody(Buffer.from(text), undefined), text);
  t.equal(unpackBody(gzipSync(text), 'gzip'), text);
  t.end();
});

t.test('what is no gzip, or unpacks beyond the bound, is refused', (t) => {
  t.throws(() => unpackBody(Buffer.from('{}'), 'gzip'), { code: 'unavailable' });
  t.throws(() => unpackBody(gzipSync('x'.repeat(100)).subarray(0, 20), 'gzip'), { code: 'unavailable' });
  t.throws(() => unpackBody(gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1)), 'gzip'), { code: 'too_large' });
  t.end();
});
