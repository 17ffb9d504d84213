// The hammer's command line.

import t from 'tap';
import { DEFAULT_MIX } from '../../../bench/hammer/mix.js';
import { parseOptions } from '../../../bench/hammer/options.js';

t.test('without options a node is started for 20 seconds of the default mix', async (t) => {
  t.strictSame(parseOptions([]), {
    help: false,
    run: { rate: 1000, seconds: 20, connections: 64, mix: DEFAULT_MIX },
    node: { settings: { WORKERS: '1' } },
    maxGrowthMb: 48,
    json: false,
    write: false,
  });
});

t.test('the long form is half an hour, unless a time is given', async (t) => {
  t.equal(parseOptions(['--full']).run.seconds, 1800);
  t.equal(parseOptions(['--full', '--seconds', '2.5']).run.seconds, 2.5);
});

t.test('settings go to the node that is started', async (t) => {
  const { node } = parseOptions(['--workers', '2', '--set', 'YIMA_LOG_LEVEL=warn', '--set', 'HOST=a=b']);
  t.strictSame(node, { settings: { WORKERS: '2', YIMA_LOG_LEVEL: 'warn', HOST: 'a=b' } });
});

t.test('a running node is shown no expired codes', async (t) => {
  const { node, run } = parseOptions(['--url', 'http://127.0.0.1:3000', '--key', 'yk_x', '--pid', '7']);
  t.strictSame(node, { url: 'http://127.0.0.1:3000', key: 'yk_x', pid: 7 });
  t.strictSame(run.mix, { ...DEFAULT_MIX, expired: 0 });
});

for (const [args, words] of [
  [['--rate', '0'], /--rate needs a number above 0/],
  [['--rate', 'fast'], /--rate needs a number above 0/],
  [['--connections', '1.5'], /--connections needs a whole number/],
  [['--url', 'http://127.0.0.1:3000'], /--url and --key go together/],
  [['--set', 'lower=1'], /--set needs NAME=VALUE/],
  [['--mix', 'warm=1'], /one of cold/],
  [['--faster'], /--faster/],
] as const) {
  t.test(`${args.join(' ')} is refused`, async (t) => {
    t.throws(() => parseOptions(args), { message: words });
  });
}
