import t from 'tap';
import { utf8Encode } from '../../../src/core/codec/bytes.js';
import { aggregationUri, parseAggregation } from '../../../src/core/status/aggregation.js';

const BASE = 'https://a.example/status-lists/';
const read = (json: unknown, max = 10) => parseAggregation(utf8Encode(JSON.stringify(json)), BASE, max);

t.test('the index stands at the base without its slash', async (t) => {
  t.equal(aggregationUri(BASE), 'https://a.example/status-lists');
});

t.test('lists of the base are read once each, and uris that lead elsewhere are not followed', async (t) => {
  const uris = [
    `${BASE}3`,
    `${BASE}0`,
    `${BASE}3`,
    `${BASE}03`,
    `${BASE}-1`,
    `${BASE}1e3`,
    `${BASE}4/`,
    `${BASE}../x`,
    `${BASE}9999999999999999`,
    'https://b.example/status-lists/5',
    'http://127.0.0.1/status-lists/6',
    '',
  ];
  t.same(read({ status_lists: uris }), [3, 0]);
  t.same(read({ status_lists: [], more: 1 }), []);
});

t.test('no more lists are read than are wanted', async (t) => {
  t.same(read({ status_lists: [1, 2, 3].map((n) => `${BASE}${n}`) }, 2), [1, 2]);
});

t.test('an index of another shape is refused', async (t) => {
  const refused = { code: 'list_refused', rule: 'aggregation' };
  for (const json of [
    [],
    {},
    { status_lists: {} },
    { status_lists: `${BASE}1` },
    { status_lists: [1] },
    null,
    'x',
  ])
    t.throws(() => read(json), refused, JSON.stringify(json));
  for (const text of [
    '',
    '{',
    '{"status_lists":[],"status_lists":[]}',
    '[[[[[[[]]]]]]]',
    '\ufeff{"status_lists":[]}',
  ])
    t.throws(() => parseAggregation(utf8Encode(text), BASE, 1), { code: 'damaged' }, text);
  t.throws(() => parseAggregation(Uint8Array.of(0xff), BASE, 1), { code: 'damaged' }, 'no text');
});
