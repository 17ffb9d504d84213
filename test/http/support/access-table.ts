// The access matrix as a file that people review: comma-separated, one line a route, one column a principal, padded to be read.

export interface AccessTable {
  readonly columns: readonly string[];
  /** By route, then by principal. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function printTable(columns: readonly string[], rows: AccessTable['rows']): string {
  const lines = [
    ['route', ...columns],
    ...Object.entries(rows).map(([name, row]) => [name, ...columns.map((column) => row[column] ?? '')]),
  ];
  const widths = ['route', ...columns].map((_, at) =>
    Math.max(...lines.map((line) => line[at]?.length ?? 0)),
  );
  const text = lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(' , ')
      .trimEnd(),
  );
  return `${text.join('\n')}\n`;
}

/** @throws Error for a route that stands there twice, or has another number of cells than there are columns */
export function parseTable(text: string): AccessTable {
  const [head = [], ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()));
  const columns = head.slice(1);
  const rows: Record<string, Record<string, string>> = {};
  for (const [name = '', ...cells] of lines) {
    if (rows[name] !== undefined || cells.length !== columns.length)
      throw new Error(`Row ${name} is not sound`);
    rows[name] = Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
  }
  return { columns, rows };
}
