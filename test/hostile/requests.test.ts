// Every hostile request through the real app over a real registry: the problem expected, nothing issued, nothing repeated.

import t from 'tap';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { buildTwinApp } from '../http/support/twin-deps.js';
import { openMemoryOffice } from '../support/office.js';
import { BODY_ROWS } from './rows/bodies.js';
import { ISSUE_ROWS } from './rows/issue.js';
import { createStopwatch } from './stopwatch.js';

const ROWS = [...BODY_ROWS, ...ISSUE_ROWS];

t.test('no two rows have one name', async (t) => {
  t.equal(new Set(ROWS.map(({ name }) => name)).size, ROWS.length);
});

t.test('each is refused with its problem', async (t) => {
  const { registry, store, verify } = await openMemoryOffice();
  const app = await buildTwinApp(t, { registry, verify, kinds: KINDS });
  const before = await store.head();
  const watch = createStopwatch();
  for (const { name, request, expected } of ROWS) {
    const response = await watch.time(name, async () => app.inject(request()));
    const problem = response.json();
    t.match(problem, expected, name);
    t.equal(response.statusCode, expected.status, `${name}: status`);
    t.match(response.headers['content-type'], 'application/problem+json', `${name}: is a problem document`);
    t.ok(response.body.length < 1_000, `${name}: repeats no input`);
  }
  watch.report(t);
  t.strictSame(await store.head(), before, 'nothing was issued');
});
