import t from 'tap';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { withStatusAgeLimit } from '../../../src/core/credential/status-age-limit.js';

const ages = (limit: number) =>
  withStatusAgeLimit(KINDS, limit).all.map(({ name, status }) => [name, status.maxAgeSeconds]);

t.test('a node’s limit lowers what kinds accept and raises nothing', async (t) => {
  const own = new Map(KINDS.all.map(({ name, status }) => [name, status.maxAgeSeconds]));
  for (const limit of [1, 300, 3_600, 86_400, 10_000_000]) {
    for (const [name, age] of ages(limit)) {
      t.equal(age, Math.min(own.get(String(name)) ?? 0, limit), `${name} under ${limit}`);
    }
  }
});

t.test('the kinds stay found by name and number, and are the same where nothing is lowered', async (t) => {
  const strict = withStatusAgeLimit(KINDS, 3);
  for (const kind of KINDS.all) {
    t.equal(strict.byName(kind.name), strict.byNumber(kind.number));
    t.same({ ...strict.byName(kind.name), status: kind.status }, kind);
  }
  t.equal(withStatusAgeLimit(KINDS, 86_400), KINDS);
});
