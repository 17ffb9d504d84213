// Figures in docs/PERFORMANCE.md: each section stands between markers of its name and is written by the bench that measured it.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../test/support/shared.js';

const DOCUMENT = join(ROOT, 'docs', 'PERFORMANCE.md');
const PLOTS = join(ROOT, 'docs', 'plots');

export type Cell = string | number;

export function markdownTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * Puts each text between `<!-- NAME -->` and `<!-- /NAME -->`.
 * @throws Error when the document has no such markers
 */
export function withSections(document: string, sections: Readonly<Record<string, string>>): string {
  let written = document;
  for (const [name, text] of Object.entries(sections)) {
    const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const from = written.indexOf(begin);
    const to = written.indexOf(end);
    if (from < 0 || to < from)
      throw new Error(`The document has no ${begin.trim()} and ${end} to write between.`);
    written = `${written.slice(0, from + begin.length)}${text}\n${written.slice(to)}`;
  }
  return written;
}

export function writeSections(sections: Readonly<Record<string, string>>): void {
  writeFileSync(DOCUMENT, withSections(readFileSync(DOCUMENT, 'utf8'), sections));
}

/** @param file such as `keys.svg` */
export function writePlot(file: string, svg: string): void {
  writeFileSync(join(PLOTS, file), svg);
}

/** Where, when, on what commit and by which command figures were made. */
export function provenance(command: string): string {
  const git = (...args: readonly string[]): string =>
    spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
  const changed = git('status', '--porcelain', '--', 'src', 'bench') === '' ? '' : ' with changes';
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}`;
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, commit ${git('rev-parse', '--short', 'HEAD')}${changed}; ${machine}; \`${command}\`.`;
}
