// Every hostile request through the real app over a real registry, past the door and through it: the problem expected, nothing issued, nothing repeated.

import t from 'tap';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { bothWays } from '../http/support/ask.js';
import { buildTwinApp, published } from '../http/support/twin-deps.js';
import { openMemoryOffice } from '../support/office.js';
import { BODY_ROWS } from './rows/bodies.js';
import { ISSUE_ROWS } from './rows/issue.js';
import { PHONE_ROWS } from './rows/phones.js';
import { createStopwatch } from './stopwatch.js';

const ROWS = [...BODY_ROWS, ...ISSUE_ROWS, ...PHONE_ROWS];

t.test('no two rows have one name', async (t) => {
  t.equal(new Set(ROWS.map(({ name }) => name)).size, ROWS.length);
});

t.test('each is refused with its problem', async (t) => {
  const { registry, store, verify } = await openMemoryOffice();
  const app = await buildTwinApp(t, { registry: published(registry), verify, kinds: KINDS });
  const before = await store.head();
  const watch = createStopwatch();
  const asked = (await bothWays(app)).flatMap(([way, ask]) => ROWS.map((row) => ({ ...row, way, ask })));
  for (const { name: what, way, ask, request, expected } of asked) {
    const name = `${what}, ${way}`;
    const response = await watch.time(name, () => ask(request()));
    const problem = response.json();
    t.match(problem, expected, name);
    t.equal(response.statusCode, expected.status, `${name}: status`);
    t.match(response.headers['content-type'], 'application/problem+json', `${name}: is a problem document`);
    t.ok(response.body.length < 1_000, `${name}: repeats no input`);
  }
  watch.report(t);
  t.strictSame(await store.head(), before, 'nothing was issued');
});
