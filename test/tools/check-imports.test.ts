import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/shared.js';

function check(folder: string): { status: number | null; output: string } {
  const result = spawnSync(process.execPath, [join(ROOT, 'tools', 'check-imports.mjs'), folder], {
    encoding: 'utf8',
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

const file = (text: string): string => `${text}\nexport const value = 1;\n`;

t.test('imports that point down pass', async (t) => {
  const folder = t.testdir({
    src: {
      core: {
        errors: { 'a.ts': file('') },
        codec: { 'b.ts': file("import { value as a } from '../errors/a.js'; export const used = a;") },
      },
    },
  });
  t.match(check(folder), { status: 0 });
});

t.test('every broken direction is named', async (t) => {
  const rows: readonly [string, string, string][] = [
    ['core-codec', 'codec/x.ts', '../verify/target.js'],
    ['core-envelope', 'envelope/x.ts', '../credential/target.js'],
    ['core-verify', 'verify/x.ts', '../issue/target.js'],
    ['core-is-pure', 'codec/x.ts', 'node:fs'],
  ];
  for (const [rule, path, target] of rows) {
    const [room = '', name = ''] = path.split('/');
    const other = target.split('/')[1] ?? '';
    const rooms = target.startsWith('..') ? { [other]: { 'target.ts': file('') } } : {};
    const folder = t.testdir({
      src: {
        core: {
          ...rooms,
          [room]: { [name]: `import * as used from '${target}';\nexport const value = used;\n` },
        },
      },
    });
    const { status, output } = check(folder);
    t.equal(status, 1, rule);
    t.match(output, rule);
  }
});

t.test('finding no modules is a failure', async (t) => {
  const { status, output } = check(t.testdir({ src: {} }));
  t.equal(status, 1);
  t.match(output, /nothing was checked/);
});
