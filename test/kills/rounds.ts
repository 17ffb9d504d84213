// Rounds of work that end in SIGKILL. After each the files are opened again: what was acknowledged is there, no code without its row,
// pages, references and log hold, and a migration was made whole or not at all.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { openDatabase } from '../../src/adapters/sqlite/database.js';
import { findFaults } from '../../src/adapters/sqlite/faults.js';
import { createSqliteStore } from '../../src/adapters/sqlite/store.js';
import { auditLog } from '../../src/core/issue/log-audit.js';
import type { Store } from '../../src/core/issue/store.js';
import { ROOT } from '../support/shared.js';

export type Work = 'issue' | 'revoke' | 'batch' | 'rotation' | 'migration';

export interface Killed {
  readonly kills: number;
  readonly acknowledged: number;
  /** What was lost or is wrong, one line each. */
  readonly faults: readonly string[];
}

const WORKS: readonly Work[] = ['issue', 'revoke', 'batch', 'rotation', 'migration'];
const MIGRATIONS = join(ROOT, 'migrations');
const SOURCE = new URL('./child.js', import.meta.url).pathname;
/** Beside its source, so that it finds the package. */
const CHILD = new URL('./child.bundle.mjs', import.meta.url).pathname;
/** So often a folder is used: its log is checked whole after each round. */
const ROUNDS_A_FOLDER = 10;
/** From the first acknowledgement to the kill. */
const MOST_DELAY_MS = 60;
/** From the word to begin a migration to the kill. */
const MIGRATION_DELAY_MS = 250;

/** Enough that a kill meets it: the log six times doubled, in one transaction with everything else. */
const LATER_MIGRATION = `CREATE TABLE moved AS SELECT * FROM log;
${'--> statement-breakpoint\nINSERT INTO moved SELECT * FROM moved;\n'.repeat(6)}`;
const COPIES = 2 ** 6;

/**
 * @param random a number from 0 to 1 each time
 * @param say told after each round
 */
export async function killRounds(
  rounds: number,
  random: () => number,
  say: (line: string) => void = () => undefined,
): Promise<Killed> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-kills-'));
  const later = laterMigrations(join(folder, 'migrations'));
  await bundleChild();
  const faults: string[] = [];
  let acknowledged = 0;
  const start = (round: number): Child => {
    const work = WORKS[round % WORKS.length] as Work;
    const dataDir = join(folder, String(Math.floor(round / ROUNDS_A_FOLDER)));
    return startChild(work, work === 'migration' ? join(folder, 'migrated') : dataDir, dataDir, later);
  };
  let next = start(0);
  try {
    for (let round = 0; round < rounds; round++) {
      const child = next;
      if (round + 1 < rounds) next = start(round + 1); // loads while this one works
      const most = child.work === 'migration' ? MIGRATION_DELAY_MS : MOST_DELAY_MS;
      const told = await runChild(child, Math.floor(random() * most));
      const found =
        child.work === 'migration'
          ? checkMigrated(child, later, told)
          : await checkAcknowledged(child.dataDir, told);
      acknowledged += told.length;
      faults.push(...found.map((fault) => `round ${round}, ${child.work}: ${fault}`));
      say(`round ${round}: ${child.work}, ${told.length} acknowledged, ${found.length} faults`);
      if (round % ROUNDS_A_FOLDER === ROUNDS_A_FOLDER - 1) rmSync(child.source, { recursive: true });
    }
  } finally {
    next.process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  return { kills: rounds, acknowledged, faults };
}

/** One file in place of hundreds: most of a round is the start of a process. */
async function bundleChild(): Promise<void> {
  await build({
    entryPoints: [SOURCE],
    outfile: CHILD,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['better-sqlite3', 'pino'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
}

/** The program's migrations and one that a later version might have. */
function laterMigrations(folder: string): string {
  cpSync(MIGRATIONS, folder, { recursive: true });
  writeFileSync(join(folder, '9999_later.sql'), LATER_MIGRATION);
  const file = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { when: number }[] };
  const when = Math.max(...journal.entries.map((entry) => entry.when)) + 1;
  const entry = { idx: journal.entries.length, version: '6', when, tag: '9999_later', breakpoints: true };
  writeFileSync(file, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
  return folder;
}

/** What was done, to what, and what it is. */
type Told = readonly [what: string, id?: string, code?: string];

interface Child {
  readonly work: Work;
  readonly process: ChildProcess;
  /** That it opens. */
  readonly dataDir: string;
  /** That a migration is tried on a copy of. */
  readonly source: string;
}

function startChild(work: Work, dataDir: string, source: string, migrations: string): Child {
  // Nothing of a test runner's loaders.
  const child = spawn(process.execPath, [CHILD, work, dataDir, migrations], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  child.stdin?.on('error', () => undefined); // it may be dead before it is told to begin
  return { work, process: child, dataDir, source };
}

/** @returns what it had acknowledged when it was killed */
async function runChild(
  { work, process: child, dataDir, source }: Child,
  delayMs: number,
): Promise<readonly Told[]> {
  let output = '';
  let isTold = false;
  let isKilled = false;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): void => {
    if (isKilled) return;
    isKilled = true;
    setTimeout(() => child.kill('SIGKILL'), delayMs);
  };
  if (work === 'migration') copyFolder(source, dataDir);
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString('latin1');
    const lines = output.split('\n').length - 1;
    if (lines > 0 && !isTold) {
      isTold = true;
      child.stdin?.write('go\n');
      if (work === 'migration') kill();
    }
    if (lines > 1) kill();
  });
  await ended;
  const whole = output.split('\n').slice(1, -1); // without `loaded`, and a last piece that is no line
  return whole.map((line) => JSON.parse(line) as Told);
}

function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { mode: 0o700 });
  for (const name of readdirSync(from).filter((each) => /^yima\.db/.test(each)))
    cpSync(join(from, name), join(to, name));
}

async function withStore(
  file: string,
  migrations: string,
  look: (store: Store) => Promise<string[]>,
): Promise<string[]> {
  const database = openDatabase(file, migrations);
  const store = createSqliteStore(database);
  try {
    return [...findFaults(database.client, migrations, sha256), ...(await look(store))];
  } finally {
    await store.close();
  }
}

async function checkAcknowledged(dataDir: string, told: readonly Told[]): Promise<string[]> {
  return withStore(join(dataDir, 'yima.db'), MIGRATIONS, async (store) => {
    const faults: string[] = [];
    const { ok } = await auditLog({ store, sha256, nextTurn: async () => undefined });
    if (!ok) faults.push('the store is not as its log tells');
    const created = new Set<string>();
    for (const [what, id = '', code] of told) {
      if (what === 'rotated') created.add(id);
      else {
        const stored = await store.findCredential(id);
        const isThere =
          what === 'revoked'
            ? stored?.credential.revoked === true && stored.encodings.every(({ value }) => value === 1)
            : stored?.encodings[0]?.code === code;
        if (!isThere) faults.push(`lost: ${what} ${id}`);
      }
    }
    const keys = readdirSync(join(dataDir, 'keys'));
    for (const kid of created) {
      if (!keys.includes(`credential.${kid}.json`)) faults.push(`lost: the key ${kid}`);
    }
    return faults;
  });
}

/** The copy from before holds what the source holds, and the migrated file too, whether it was done or is done now. */
function checkMigrated({ dataDir, source }: Child, later: string, told: readonly Told[]): string[] {
  const counts = (folder: string, migrations: string) => {
    const { client } = openDatabase(join(folder, 'yima.db'), migrations);
    const count = (table: string): unknown => client.prepare(`select count(*) from ${table}`).pluck().get();
    const rows = ['log', 'credentials', 'encodings', 'lists'].map(count);
    const moved = migrations === later ? count('moved') : null;
    const faults = findFaults(client, migrations, sha256);
    client.close();
    return { rows, moved, faults };
  };
  const isDone = told.some(([what]) => what === 'migrated');
  const before = counts(source, MIGRATIONS);
  const after = counts(dataDir, later);
  const copies = readdirSync(dataDir).filter((name) => /before-migration-\d+$/.test(name));
  return [
    ...after.faults,
    ...(after.rows.join() === before.rows.join() ? [] : [`${before.rows} rows became ${after.rows}`]),
    ...(after.moved === Number(before.rows[0]) * COPIES ? [] : [`${after.moved} rows were moved`]),
    ...(isDone && !existsSync(join(dataDir, copies[0] ?? '')) ? ['migrated without a copy'] : []),
  ];
}
