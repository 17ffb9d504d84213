// Answers are read whole or not yet, one at a time.

import t from 'tap';
import { postText, readAnswer } from '../../../bench/support/raw-http.js';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}';

t.test('an answer is there once its last byte is', async (t) => {
  for (let length = 0; length < ANSWER.length; length += 1) {
    t.equal(readAnswer(Buffer.from(ANSWER.slice(0, length))), null);
  }
  const body = Buffer.from('{"a":1}');
  t.strictSame(readAnswer(Buffer.from(ANSWER)), { status: 200, body, closes: false });
  const last = ANSWER.replace('\r\n', '\r\nConnection: close\r\n');
  t.strictSame(readAnswer(Buffer.from(last)), { status: 200, body, closes: true });
});

t.test('two answers, no length, or no HTTP are errors', async (t) => {
  t.throws(() => readAnswer(Buffer.from(`${ANSWER}${ANSWER}`)), { message: /not one/ });
  t.throws(() => readAnswer(Buffer.from(`x${ANSWER}`)), { message: /not one/ });
  t.throws(() => readAnswer(Buffer.from('HTTP/1.1 200 OK\r\n\r\n')), { message: /no content-length/ });
});

t.test('the length of a request counts bytes', async (t) => {
  t.match(postText('/x', '码'), /content-length: 3\r\n\r\n码$/);
});
