// What a command is: one row with its name, options, examples and what it does. Parsing and help read nothing else.

import type { Text } from '../core/errors/reasons.js';
import type { Terminal } from './terminal.js';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: true;
  readonly required?: true;
  /** How help names the value. */
  readonly value?: string;
  readonly description: Text;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

interface Argument {
  /** How help names it. */
  readonly name: string;
  readonly optional?: true;
}

type ValueOf<S extends OptionSpec> = S extends { type: 'boolean' }
  ? boolean
  : S extends { multiple: true }
    ? readonly string[]
    : S extends { required: true }
      ? string
      : string | undefined;

export interface Call<O extends OptionSpecs = OptionSpecs> {
  readonly options: { readonly [K in keyof O]: ValueOf<O[K]> };
  /** As many as the command declares; an optional one that is absent is ''. */
  readonly args: readonly string[];
  /** Whether to print for machines. */
  readonly json: boolean;
}

export interface Command<O extends OptionSpecs = OptionSpecs> {
  /** One word, or noun and verb, or two nouns and a verb. */
  readonly name: string;
  readonly summary: Text;
  /** More to know, below the summary. */
  readonly notes?: Text;
  readonly args: readonly Argument[];
  readonly options: O;
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** Resolves with the exit code. */
  readonly run: (call: Call<O>, terminal: Terminal) => Promise<number>;
}

/** Ties the options that `run` reads to those declared. The parser keeps the promise that this cast relies on. */
export function command<const O extends OptionSpecs>(row: Command<O>): Command {
  return row as unknown as Command;
}

/** Destructive commands ask first; scripts say this instead. */
export const YES = {
  type: 'boolean',
  description: { 'zh-CN': '不再询问，直接执行', en: 'Do not ask, do it' },
} as const satisfies OptionSpec;
