import t from 'tap';
import { COMMANDS } from '../../src/cli/command-table.js';
import { parseLine } from '../../src/cli/parse-args.js';
import { run } from './fake-terminal.js';

const parse = (...argv: string[]) => parseLine(argv, COMMANDS);

t.test('a noun with its verb is found before the noun alone', (t) => {
  const line = parse('status', 'revoke', 'abc', '--reason', 'lost', '--yes');
  t.match(line, { wants: 'run', command: { name: 'status revoke' } });
  t.match(line, {
    call: { args: ['abc'], json: false, options: { reason: 'lost', yes: true, form: undefined } },
  });
  t.end();
});

t.test('a name of three words is found before its beginning', (t) => {
  t.match(parse('trust', 'key', 'show', 'a.key'), {
    command: { name: 'trust key show' },
    call: { args: ['a.key'] },
  });
  t.match(parse('trust', 'draft', 'list', '33'), {
    command: { name: 'trust draft list' },
    call: { args: ['33'] },
  });
  t.throws(() => parse('trust', 'key'), { message: /key new, key show/ });
  t.end();
});

t.test('options may stand before the arguments, --json before the command', (t) => {
  t.match(parse('--json', 'revoke', '--reason=-x', 'abc'), {
    call: { args: ['abc'], json: true, options: { reason: '-x' } },
  });
  t.end();
});

t.test('a dash is an argument, and what follows -- too', (t) => {
  t.match(parse('verify', '-'), { call: { args: ['-'] } });
  t.match(parse('verify', '--', '--json'), { call: { args: ['--json'], json: false } });
  t.end();
});

t.test('a kid or fingerprint may begin with a dash', (t) => {
  const kid = '-bcdefghij_';
  t.match(parse('trust', 'why', kid, '--json'), { call: { args: [kid], json: true } });
  const print = `-${'x'.repeat(42)}`;
  t.match(parse('trust', 'draft', 'list', '33', '--revoke', print, '--reason', 'x'), {
    call: { args: ['33'], options: { revoke: [print], reason: 'x' } },
  });
  t.match(parse('trust', 'draft', 'list', '33', '--state', `${print}=retired`), {
    call: { options: { state: [`${print}=retired`] } },
  });
  t.throws(() => parse('verify', '--unknown-opt', 'x'), { code: 'invalid_request' });
  t.end();
});

t.test('repeatable options keep their order', (t) => {
  t.match(
    parse(
      'issue',
      'k',
      '--region',
      '330102',
      '--operator',
      'o',
      '--evidence',
      'e',
      '--form',
      'paper',
      '--form',
      'jws',
    ),
    {
      call: { options: { form: ['paper', 'jws'], claim: [], claims: undefined, qr: false } },
    },
  );
  t.end();
});

t.test('every wrong call is refused with exit code 1 and a sentence', async (t) => {
  const rows: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
    [[], /lists the commands/],
    [['verfy'], /nearest is yima verify/],
    [['status'], /one of show, suspend, reinstate, revoke, lists/],
    [['status', 'revok', 'x'], /one of show/],
    [['verify'], /needs CODE/],
    [['verify', 'a', 'b'], /1 argument\(s\), not 2/],
    [['verify', 'a', '--jsn'], /no option --jsn; the nearest is --json/],
    [['verify', 'a', '--json=yes'], /--json takes no value/],
    [['revoke', 'a'], /needs --reason TEXT/],
    [['revoke', 'a', '--reason'], /--reason needs a value/],
    [['revoke', 'a', '--reason', ''], /--reason needs a value/],
    [['revoke', 'a', '--reason', '--yes'], /begins with a dash/],
    [['revoke', 'a', '--reason', 'b', '--reason', 'c'], /only once/],
    [['help', 'nothing'], /no command "nothing"/],
    [['verify', 'a', '--__proto__'], /no option/],
    [['verify', 'a', '--toString'], /no option/],
  ];
  for (const [argv, says] of rows) {
    const { code, out, talk, asked } = await run(argv);
    t.equal(code, 1, argv.join(' '));
    t.match(talk, says);
    t.equal(out, '', 'results stay empty');
    t.equal(asked.length, 0, 'nothing is asked of the node');
  }
});

t.test('with --json an error is one JSON line on standard error', async (t) => {
  const { talk } = await run(['verify', '--json']);
  t.match(JSON.parse(talk), { code: 'invalid_request', message: /needs CODE/ });
});
