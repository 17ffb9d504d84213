// One setting: where it stands in the environment, how it is read, and what the table of settings says of it.

import type { Parser } from './parsers.js';

export interface Setting<T> {
  /** The environment variable. */
  readonly name: string;
  readonly parse: Parser<T>;
  /** Absent where `shown` says how the default follows from other settings. */
  readonly default?: T;
  /** The default as the table shows it, where it is not the value itself. */
  readonly shown?: string;
  readonly description: string;
  /** Never shown by anything. */
  readonly secret?: true;
}

export const setting = <const T>(row: Setting<T>): Setting<T> => row;
