// A write built by drizzle, run without it: drizzle looks for the placeholders among the values at every run, which takes as long as
// SQLite takes for the row.

import type { Database, RunResult } from 'better-sqlite3';
import { is, Param, Placeholder, type Query } from 'drizzle-orm';

/** @returns runs it with the values that its placeholders name */
export function prepareRun(
  client: Database,
  query: { readonly toSQL: () => Query },
): (values: Readonly<Record<string, unknown>>) => RunResult {
  const { sql, params } = query.toSQL();
  const statement = client.prepare(sql);
  const writers = params.map(writerOf);
  return (values) => statement.run(writers.map((write) => write(values)));
}

function writerOf(param: unknown): (values: Readonly<Record<string, unknown>>) => unknown {
  if (is(param, Placeholder)) return (values) => values[param.name];
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { encoder } = param;
    const { name } = param.value;
    return (values) => encoder.mapToDriverValue(values[name]);
  }
  return () => param;
}
