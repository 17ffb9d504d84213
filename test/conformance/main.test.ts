// The conformance command: its last line, its exit codes, its usage.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { sharedPath } from '../support/shared.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

function run(...words: readonly string[]): { status: number | null; lines: string[]; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

const SUITES = [
  ['wycheproof-ed25519', 'wycheproof-ed25519.json'],
  ['token-status-list', 'token-status-list.json'],
  ['eu-dcc', 'eu-dcc.ndjson'],
  ['shc', 'smart-health-cards.json'],
  ['nzcp', 'nz-covid-pass.ndjson'],
] as const;

for (const [suite, file] of SUITES) {
  const path = sharedPath(file);
  const absent = path === undefined && `${file} is not beside the checkout`;
  t.test(`${suite} agrees with every published case`, { skip: absent }, async (t) => {
    const { status, lines } = run(suite, path ?? '');
    t.match(lines.at(-1), /^[1-9]\d* passed, 0 failed, \d+ skipped$/, lines.join('\n'));
    t.equal(status, 0);
  });
}

t.test('a mismatch is printed and fails the run; a refused key is skipped with its reason', async (t) => {
  const group = (pk: string, results: readonly string[]): object => ({
    publicKey: { curve: 'edwards25519', pk },
    tests: results.map((result, i) => ({
      tcId: i + 1,
      comment: 'made here',
      msg: '',
      sig: '00'.repeat(64),
      result,
    })),
  });
  const sound = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  const identity = `01${'00'.repeat(31)}`;
  const other = {
    publicKey: { curve: 'edwards448', pk: '' },
    tests: [{ tcId: 9, comment: '', msg: '', sig: '', result: 'valid' }],
  };
  const file = join(t.testdir(), 'cases.json');
  const testGroups = [group(sound, ['valid', 'invalid']), group(identity, ['valid', 'invalid']), other];
  writeFileSync(file, JSON.stringify({ testGroups }));
  const { status, lines } = run('wycheproof-ed25519', file);
  t.equal(status, 1);
  t.equal(lines.at(-1), '2 passed, 1 failed, 2 skipped');
  t.match(lines[0], /^tcId 1 failed: expected valid: node:crypto refuses, WebCrypto refuses, noble refuses/);
  t.match(lines[1], /^tcId 1 skipped: the key is refused at import: ed25519_small_order/);
  t.match(lines[2], /^tcId 9 skipped: the curve edwards448 is not supported/);
});

t.test('unknown suites, absent files and other formats are told apart, with exit code 1', async (t) => {
  const file = join(t.testdir(), 'other.json');
  writeFileSync(file, '{}');
  for (const [words, pattern] of [
    [[], /usage: npm run conformance -- SUITE FILE/],
    [['nonsense', file], /There is no suite "nonsense"[\s\S]*usage/],
    [['wycheproof-ed25519'], /usage/],
    [['wycheproof-ed25519', `${file}.absent`], /cannot be read/],
    [['wycheproof-ed25519', file], /not of the format of wycheproof-ed25519/],
  ] as const) {
    const { status, stderr } = run(...words);
    t.equal(status, 1);
    t.match(stderr, pattern);
  }
});
