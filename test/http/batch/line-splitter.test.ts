import fc from 'fast-check';
import t from 'tap';
import { createLineSplitter, type Line, TOO_LONG } from '../../../src/http/batch/line-splitter.js';

const MAX = 12;

function textOf(line: Line): string | symbol {
  return line === TOO_LONG ? line : line.toString('utf8');
}

/** The lines that come out when the bytes are cut at these places. */
function split(bytes: Buffer, cuts: readonly number[], maxBytes = MAX): (string | symbol)[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const lines: (string | symbol)[] = [];
  const splitter = createLineSplitter(maxBytes);
  for (const [i, place] of places.slice(1).entries()) {
    splitter.feed(bytes.subarray(places[i], place));
    for (let line = splitter.next(); line !== null; line = splitter.next()) lines.push(textOf(line));
  }
  const rest = splitter.rest();
  return rest === null ? lines : [...lines, textOf(rest)];
}

/** What the lines are by definition. */
function expected(text: string): (string | symbol)[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (Buffer.byteLength(line) > MAX ? TOO_LONG : line));
}

t.test('lines are the same wherever the chunks end, inside a character too', async (t) => {
  const text = fc.array(fc.constantFrom('a', '码', '🙂', '\n', '\r\n', 'bcdefghijkl'), { maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(200), { maxLength: 20 }), (parts, cuts) => {
      const whole = parts.join('');
      t.same(split(Buffer.from(whole), cuts), expected(whole));
    }),
    { numRuns: 300 },
  );
});

t.test('byte by byte is no different', async (t) => {
  const text = 'first\n\nthird line is long\nfourth';
  const cuts = Array.from(text, (_, i) => i);
  t.same(split(Buffer.from(text), cuts), ['first', '', TOO_LONG, 'fourth']);
});

t.test('a line may be as long as it may be', async (t) => {
  for (const cuts of [[], [3], [12], [13]]) {
    t.same(split(Buffer.from('123456789012\n'), cuts), ['123456789012']);
    t.same(split(Buffer.from('1234567890123\n'), cuts), [TOO_LONG]);
    t.same(split(Buffer.from('1234567890123'), cuts), [TOO_LONG]);
  }
});

t.test('a line without end takes no memory past its limit', async (t) => {
  const splitter = createLineSplitter(16_384);
  const chunk = Buffer.alloc(65_536, 'a');
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 1_000; i++) {
    splitter.feed(chunk);
    t.equal(splitter.next(), null);
  }
  t.ok(process.memoryUsage().arrayBuffers - before < 1_000_000);
  t.equal(splitter.rest(), TOO_LONG);
});
