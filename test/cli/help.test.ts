import t from 'tap';
import { COMMANDS } from '../../src/cli/command-table.js';
import { EXIT, VERIFY_EXIT } from '../../src/cli/exit-codes.js';
import { parseLine } from '../../src/cli/parse-args.js';
import { run } from './fake-terminal.js';

t.test('the overview names every command', async (t) => {
  for (const argv of [['--help'], ['-h'], ['help']]) {
    const { code, out } = await run(argv);
    t.equal(code, 0);
    for (const { name } of COMMANDS) t.match(out, `yima ${name}`);
  }
});

t.test('every command prints its options and examples, in both languages', async (t) => {
  for (const { name, examples, options } of COMMANDS) {
    for (const language of ['en', 'zh-CN'] as const) {
      const argv = [...name.split(' '), '--help'];
      const { code, out, asked } = await run(argv, { terminal: { language } });
      t.equal(code, 0, `${argv.join(' ')} (${language})`);
      t.ok(examples.length > 0 && examples.every((line) => out.includes(line)), 'with examples');
      t.ok(
        Object.keys(options).every((option) => out.includes(`--${option}`)),
        'with options',
      );
      t.equal(asked.length, 0);
    }
    t.match((await run(['help', ...name.split(' ')])).out, `yima ${name}`);
  }
});

t.test('a noun alone explains its verbs', async (t) => {
  for (const argv of [
    ['status', '--help'],
    ['help', 'status'],
  ]) {
    const { code, out } = await run(argv);
    t.equal(code, 0);
    t.match(out, /status suspend ID.*\n.*status reinstate ID/);
  }
});

/** The words of an example after `yima`, as a shell would split them, up to a pipe or redirection. */
function wordsOf(line: string): string[] {
  const call = line.split(/ [|<>] /).find((part) => part.includes('yima ')) ?? '';
  const words = /(?:^| )yima (.*)$/.exec(call)?.[1]?.match(/'[^']*'|[^\s']+/g) ?? [];
  return words.map((word) => word.replaceAll("'", ''));
}

t.test('every example is a line that parses to its own command', async (t) => {
  for (const { name, examples } of COMMANDS) {
    for (const line of examples)
      t.match(parseLine(wordsOf(line), COMMANDS), { wants: 'run', command: { name } }, line);
  }
});

t.test('verify tells its exit codes, all of them', async (t) => {
  const { out } = await run(['verify', '--help']);
  const told = new Set(
    /Exit codes: (.*)/
      .exec(out)?.[1]
      ?.match(/\b\d+(?= )/g)
      ?.map(Number),
  );
  t.same(
    [...new Set([...Object.values(VERIFY_EXIT), ...Object.values(EXIT)])].filter((code) => !told.has(code)),
    [],
  );
});

t.test('--version prints the version alone', async (t) => {
  t.match(await run(['--version']), { code: 0, out: '9.9.9\n' });
});
