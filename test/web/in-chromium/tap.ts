// Stands in for tap where tests of core run in a browser: the assertions that they use, counted, and what failed.

import { isMatch, isSame } from './compare.js';

export interface Counts {
  passed: number;
  /** What failed, by the titles on the way to it. */
  readonly failed: string[];
  readonly skipped: string[];
}

export const counts: Counts = { passed: 0, failed: [], skipped: [] };

interface Options {
  readonly skip?: string | boolean;
}
type Body = (t: Test) => unknown;

const NAME_LENGTH = 300;

function told(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? `${each}n` : each));
    return String(text ?? value).slice(0, NAME_LENGTH);
  } catch {
    return String(value);
  }
}

export class Test {
  readonly #path: string;
  readonly #teardowns: (() => unknown)[] = [];
  /** Sub-tests run one after another, as tap's do. */
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  #count(isSo: boolean, name: unknown, detail = ''): boolean {
    if (isSo) counts.passed++;
    else counts.failed.push(`${this.#path}: ${typeof name === 'string' ? name : ''} ${detail}`);
    return isSo;
  }

  readonly ok = (value: unknown, name?: unknown) => this.#count(Boolean(value), name, told(value));
  readonly notOk = (value: unknown, name?: unknown) => this.#count(!value, name, told(value));
  readonly pass = (name?: unknown) => this.#count(true, name);
  readonly fail = (name?: unknown) => this.#count(false, name);
  readonly equal = (found: unknown, wanted: unknown, name?: unknown) =>
    this.#count(Object.is(found, wanted), name, `${told(found)} is not ${told(wanted)}`);
  readonly not = (found: unknown, wanted: unknown, name?: unknown) =>
    this.#count(!Object.is(found, wanted), name, `both are ${told(found)}`);
  readonly same = (found: unknown, wanted: unknown, name?: unknown) =>
    this.#count(isSame(found, wanted, false), name, `${told(found)} is not ${told(wanted)}`);
  readonly notSame = (found: unknown, wanted: unknown, name?: unknown) =>
    this.#count(!isSame(found, wanted, false), name, `both are ${told(found)}`);
  readonly strictSame = (found: unknown, wanted: unknown, name?: unknown) =>
    this.#count(isSame(found, wanted, true), name, `${told(found)} is not ${told(wanted)}`);
  readonly match = (found: unknown, pattern: unknown, name?: unknown) =>
    this.#count(isMatch(found, pattern), name, `${told(found)} does not match ${told(pattern)}`);
  readonly notMatch = (found: unknown, pattern: unknown, name?: unknown) =>
    this.#count(!isMatch(found, pattern), name, `${told(found)} matches ${String(pattern)}`);

  readonly throws = (run: () => unknown, wanted?: unknown, name?: unknown): boolean => {
    try {
      run();
    } catch (error) {
      return this.#thrown(error, wanted, name);
    }
    return this.#count(false, typeof wanted === 'string' ? wanted : name, 'did not throw');
  };

  readonly doesNotThrow = (run: () => unknown, name?: unknown): boolean => {
    try {
      run();
      return this.#count(true, name);
    } catch (error) {
      return this.#count(false, name, String(error));
    }
  };

  readonly rejects = async (
    work: Promise<unknown> | (() => Promise<unknown>),
    wanted?: unknown,
    name?: unknown,
  ): Promise<boolean> => {
    try {
      await (typeof work === 'function' ? work() : work);
    } catch (error) {
      return this.#thrown(error, wanted, name);
    }
    return this.#count(false, name, 'did not reject');
  };

  #thrown(error: unknown, wanted: unknown, name: unknown): boolean {
    if (wanted === undefined || typeof wanted === 'string') return this.#count(true, wanted);
    return this.#count(isMatch(error, wanted), name, `${String(error)} ${told(error)}, not ${told(wanted)}`);
  }

  readonly teardown = (run: () => unknown): void => {
    this.#teardowns.push(run);
  };
  readonly end = (): void => undefined;
  readonly setTimeout = (): void => undefined;

  readonly test = (title: string, ...rest: readonly [Body] | readonly [Options, Body]): Promise<void> => {
    const [options, body] = rest.length === 1 ? [{} as Options, rest[0]] : rest;
    const path = this.#path === '' ? title : `${this.#path} > ${title}`;
    if (options.skip !== undefined && options.skip !== false) counts.skipped.push(path);
    else this.#last = this.#last.then(() => runTest(new Test(path), body));
    return this.#last;
  };

  /** Resolves when every sub-test came to its end. */
  async settled(): Promise<void> {
    await this.#last;
    for (const run of this.#teardowns) await run();
  }

  exception(error: unknown): void {
    const { stack } = error as { readonly stack?: string };
    this.#count(false, 'exception', stack ?? String(error));
  }
}

async function runTest(t: Test, body: Body): Promise<void> {
  try {
    await body(t);
  } catch (error) {
    t.exception(error);
  }
  await t.settled();
}

const root = new Test('');
export const { test } = root;
/** Resolves when all that was begun came to its end. */
export const settled = (): Promise<void> => root.settled();
// biome-ignore lint/style/noDefaultExport: tap's is one
export default root;
