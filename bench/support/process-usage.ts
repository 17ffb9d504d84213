// What a process and those it has started use, as Linux counts it. Elsewhere there is no figure rather than a wrong one.

import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessUsage {
  /** User and system time so far, with that of children that have ended, microseconds; null where /proc does not tell. */
  readonly cpuUs: () => number | null;
  /** Resident memory now, MiB; a page that two processes share counts twice. */
  readonly rssMb: () => number | null;
}

/** USER_HZ, which Linux fixes for programs on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat behind the name in parentheses, counted from the state. */
const FIELD = { parent: 1, user: 11, system: 12, childrenUser: 13, childrenSystem: 14 } as const;

/** Processes that it starts are found at each call of `cpuUs`. */
export function createProcessUsage(pid: number): ProcessUsage {
  let family: readonly number[] = [pid];
  return {
    cpuUs: () => {
      family = familyOf(pid);
      const ticks = family.map(cpuTicks);
      if (ticks[0] === null) return null;
      return (ticks.reduce<number>((sum, each) => sum + (each ?? 0), 0) / TICKS_PER_SECOND) * 1e6;
    },
    rssMb: () => {
      const sizes = family.map(residentKb);
      if (sizes[0] === null) return null;
      return sizes.reduce<number>((sum, each) => sum + (each ?? 0), 0) / 1024;
    },
  };
}

/** The process first, then its descendants. */
function familyOf(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of procFolders()) {
    const parent = statFields(Number(name))?.[FIELD.parent];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  return family;
}

function procFolders(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function cpuTicks(pid: number): number | null {
  const fields = statFields(pid);
  if (fields === null) return null;
  const { user, system, childrenUser, childrenSystem } = FIELD;
  return [user, system, childrenUser, childrenSystem].reduce((sum, field) => sum + Number(fields[field]), 0);
}

function statFields(pid: number): readonly string[] | null {
  const text = readProc(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function residentKb(pid: number): number | null {
  const text = readProc(`/proc/${pid}/status`);
  const size = text === null ? undefined : /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  return size === undefined ? null : Number(size);
}

/** null: the process has ended, or this is no Linux. */
function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
