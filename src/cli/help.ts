// Help, made from the table of commands: an overview, a noun, or one command with its options and examples.

import type { Text } from '../core/errors/reasons.js';
import type { Command } from './command.js';
import { columns, type Language } from './language.js';

const INTRO: Text = {
  'zh-CN': 'yima（一码）：签发、核验健康码与电子证照',
  en: 'yima issues and verifies health codes and electronic licences',
};
const COMMANDS: Text = { 'zh-CN': '命令', en: 'Commands' };
const OPTIONS: Text = { 'zh-CN': '选项', en: 'Options' };
const EXAMPLES: Text = { 'zh-CN': '示例', en: 'Examples' };
const JSON_OPTION: Text = { 'zh-CN': '以 JSON 输出，每行一个值', en: 'Print JSON, one value a line' };
const HELP_OPTION: Text = { 'zh-CN': '显示帮助和示例', en: 'Show this help' };
const CLOSING: Text = {
  'zh-CN':
    '结果写到标准输出，提示写到标准错误。“-”表示标准输入。退出码：0 成功，1 用法错误或被拒绝，70 内部错误，75 稍后再试。',
  en: 'Results go to standard output, talk to standard error; - is standard input. Exit codes: 0 done, 1 wrong call or refused, 70 internal, 75 try again.',
};
const OVERVIEW_EXAMPLES = ['yima serve', 'yima verify @code.txt', 'yima issue --help'];

/** @param topic a command's name, the noun of several, or '' for the overview; undefined when there is no such thing */
export function helpText(
  topic: string,
  commands: readonly Command[],
  language: Language,
): string | undefined {
  const exact = commands.find(({ name }) => name === topic);
  if (exact !== undefined) return commandHelp(exact, language);
  const listed = topic === '' ? commands : commands.filter(({ name }) => name.startsWith(`${topic} `));
  if (listed.length === 0) return undefined;
  const examples = topic === '' ? OVERVIEW_EXAMPLES : listed.flatMap((each) => each.examples.slice(0, 1));
  return [
    topic === '' ? `${INTRO[language]}\n` : `yima ${topic}\n`,
    section(
      COMMANDS[language],
      listed.map((each) => [`yima ${usageOf(each)}`, each.summary[language]]),
    ),
    section(
      EXAMPLES[language],
      examples.map((line) => [line]),
    ),
    `${CLOSING[language]}\n`,
  ].join('\n');
}

function commandHelp(row: Command, language: Language): string {
  const options = Object.entries(row.options).map(([name, { value, multiple, required, description }]) => [
    `--${name}${value === undefined ? '' : ` ${value}`}${multiple ? ' ...' : ''}`,
    description[language] + (required ? (language === 'en' ? ' (required)' : '（必填）') : ''),
  ]);
  options.push(['--json', JSON_OPTION[language]], ['-h, --help', HELP_OPTION[language]]);
  return [
    `yima ${usageOf(row)}\n\n  ${row.summary[language]}\n${row.notes === undefined ? '' : `  ${row.notes[language]}\n`}`,
    section(OPTIONS[language], options),
    section(
      EXAMPLES[language],
      row.examples.map((line) => [line]),
    ),
  ].join('\n');
}

function usageOf({ name, args }: Command): string {
  return [name, ...args.map((arg) => (arg.optional ? `[${arg.name}]` : arg.name))].join(' ');
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `${title}:\n${columns(rows.map(([first = '', ...others]) => [`  ${first}`, ...others]))}`;
}
