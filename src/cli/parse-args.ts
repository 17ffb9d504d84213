// A command line to a command and its values. Every mistake gets one sentence that says what to write instead.

import { parseArgs } from 'node:util';
import { nearestWord } from '../config/nearest-word.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { Call, Command, OptionSpec } from './command.js';
import { printable } from './language.js';

export type ParsedLine =
  | { readonly wants: 'run'; readonly command: Command; readonly call: Call }
  /** `topic` is a whole name, the noun of several, or '' for all. */
  | { readonly wants: 'help'; readonly topic: string }
  | { readonly wants: 'version' };

type Token = { readonly name: string; readonly value: string | undefined; readonly inline: boolean };

/** A kid or a fingerprint that begins with a dash, as one in sixty-four does; no option is written so. */
const DASHED = /^-[A-Za-z0-9_](?:[A-Za-z0-9_-]{9}|[A-Za-z0-9_-]{41})(?:=[a-z]+)?$/;

const FLAG = { type: 'boolean', description: { 'zh-CN': '', en: '' } } as const satisfies OptionSpec;
const EVERYWHERE: Readonly<Record<string, OptionSpec>> = { json: FLAG, help: FLAG };
const LONGEST_NAME = 3;
const LEADING = /^(?:--json|--help|--version|-h)$/;

/** @throws YimaError `invalid_request` */
export function parseLine(argv: readonly string[], commands: readonly Command[]): ParsedLine {
  const leading = argv.findIndex((arg) => !LEADING.test(arg));
  const flags = leading < 0 ? argv : argv.slice(0, leading);
  const rest = leading < 0 ? [] : argv.slice(leading);
  if (flags.includes('--version')) return { wants: 'version' };
  const words = rest.slice(0, rest.findIndex((arg) => arg.startsWith('-')) >>> 0);
  const command = findCommand(words, commands);
  if (command !== undefined) return parseCall(command, [...rest.slice(nameLength(command)), ...flags]);
  const noun = words[0] ?? '';
  if (noun === 'help') return { wants: 'help', topic: checkTopic(words.slice(1).join(' '), commands) };
  const isTopic = noun === '' || commands.some(({ name }) => name.startsWith(`${noun} `));
  const asked = [...rest, ...flags].some((arg) => arg === '--help' || arg === '-h');
  if (noun !== '' && !isTopic) throw unknownCommand(noun, commands);
  if (asked && words.length < 2) return { wants: 'help', topic: noun };
  if (noun === '') throw usage('Say what to do; yima --help lists the commands.');
  const verbs = commands
    .filter(({ name }) => name.startsWith(`${noun} `))
    .map(({ name }) => name.slice(noun.length + 1));
  throw usage(`After "${noun}" comes one of ${verbs.join(', ')}; yima ${noun} --help explains them.`);
}

function checkTopic(topic: string, commands: readonly Command[]): string {
  if (topic === '' || commands.some(({ name }) => name === topic || name.startsWith(`${topic} `)))
    return topic;
  throw unknownCommand(topic, commands);
}

/** The command that these words name, the longest name first. */
function findCommand(words: readonly string[], commands: readonly Command[]): Command | undefined {
  const named = (count: number): Command | undefined =>
    commands.find(({ name }) => name === words.slice(0, count).join(' '));
  const longest = Math.min(words.length, LONGEST_NAME);
  for (let count = longest; count > 0; count--) {
    const found = named(count);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nameLength({ name }: Command): number {
  return name.split(' ').length;
}

function parseCall(command: Command, argv: readonly string[]): ParsedLine {
  const specs = { ...command.options, ...EVERYWHERE };
  const { options, positionals } = readTokens(command, specs, argv);
  if (options.has('help')) return { wants: 'help', topic: command.name };
  const values: Record<string, boolean | string | readonly string[] | undefined> = {};
  for (const [name, spec] of Object.entries(command.options)) {
    const given = options.get(name) ?? [];
    if (spec.required && given.length === 0)
      throw usage(`yima ${command.name} needs --${name} ${spec.value ?? ''}`);
    values[name] = spec.type === 'boolean' ? given.length > 0 : spec.multiple ? given : given[0];
  }
  const args = checkCount(command, positionals);
  return {
    wants: 'run',
    command,
    call: { options: values as Call['options'], args, json: options.has('json') },
  };
}

/** Kids and fingerprints that begin with a dash, as what they are: the value of the option before them, or an argument. */
function joinDashed(argv: readonly string[], specs: Readonly<Record<string, OptionSpec>>): string[] {
  const words: string[] = [];
  const dashed: string[] = [];
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  for (const word of argv.slice(0, end)) {
    const before = words.at(-1) ?? '';
    const isValue = before.startsWith('--') && specs[before.slice(2)]?.type === 'string';
    if (!DASHED.test(word)) words.push(word);
    else if (isValue) words.splice(-1, 1, `${before}=${word}`);
    else dashed.push(word);
  }
  const rest = [...dashed, ...argv.slice(end + 1)];
  return end === argv.length && rest.length === 0 ? words : [...words, '--', ...rest];
}

function readTokens(
  command: Command,
  specs: Readonly<Record<string, OptionSpec>>,
  argv: readonly string[],
): { options: ReadonlyMap<string, readonly string[]>; positionals: readonly string[] } {
  const types = Object.fromEntries(Object.entries(specs).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({
    args: joinDashed(argv, specs),
    options: { ...types, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value, inlineValue = false } = token;
    checkOption(command, specs, { name, value, inline: inlineValue });
    const before = options.get(name) ?? [];
    if (before.length > 0 && specs[name]?.multiple !== true) throw usage(`Give --${name} only once.`);
    options.set(name, [...before, value ?? '']);
  }
  return { options, positionals };
}

function checkOption(
  command: Command,
  specs: Readonly<Record<string, OptionSpec>>,
  { name, value, inline }: Token,
): void {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) {
    const near = nearestWord(name, Object.keys(specs));
    throw usage(`yima ${command.name} has no option --${printable(name)}; the nearest is --${near}.`);
  }
  if (spec.type === 'boolean' && value !== undefined) throw usage(`--${name} takes no value.`);
  if (spec.type === 'boolean') return;
  if (value === undefined || value === '')
    throw usage(`--${name} needs a value: --${name} ${spec.value ?? 'VALUE'}`);
  if (!inline && value.length > 1 && value.startsWith('-')) {
    throw usage(`--${name} needs a value; write --${name}=VALUE for one that begins with a dash.`);
  }
}

function checkCount(command: Command, positionals: readonly string[]): readonly string[] {
  const missing = command.args.find((arg, i) => arg.optional !== true && positionals[i] === undefined);
  if (missing !== undefined) {
    throw usage(`yima ${command.name} needs ${missing.name}; yima ${command.name} --help shows examples.`);
  }
  if (positionals.length > command.args.length) {
    throw usage(
      `yima ${command.name} takes ${command.args.length} argument(s), not ${positionals.length}; quote what has spaces.`,
    );
  }
  return command.args.map((_, i) => positionals[i] ?? '');
}

function unknownCommand(words: string, commands: readonly Command[]): YimaError {
  const nouns = new Set(commands.flatMap(({ name }) => [name, name.split(' ')[0] ?? '']));
  return usage(
    `There is no command "${printable(words)}"; the nearest is yima ${nearestWord(words, [...nouns])}.`,
  );
}

function usage(message: string): YimaError {
  return new YimaError('invalid_request', message);
}
