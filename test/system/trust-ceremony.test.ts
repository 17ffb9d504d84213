// The commands of docs/trust.md, in their order: each block on the machines that its fence names, each machine a folder of its own.

import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { freePorts, type NodeProcess, SERVING, type Settings, spawnNode } from '../support/node-process.js';
import { ROOT } from '../support/shared.js';

interface Block {
  /** sh: commands. ini: the settings that a node begins, or begins anew, with. */
  readonly form: 'sh' | 'ini';
  readonly machines: readonly string[];
  readonly text: string;
  readonly line: number;
}

const FENCE = /^```(sh|ini) ([a-z][a-z ]*)\n([\s\S]*?)^```$/gm;
/** What a block gives a name to is known to those after it. */
const ASSIGNED = /^([A-Z][A-Z_]*)=/gm;
const EXITS = /^(.*?) *# exits (\d+)$/;
const NODES = ['hub', 'gate', 'hangzhou'] as const;
const BLOCK_MS = 120_000;

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(FENCE)].map(({ 1: form, 2: machines = '', 3: text = '', index }) => ({
    form: form === 'ini' ? 'ini' : 'sh',
    machines: machines.split(' '),
    text,
    line: page.slice(0, index).split('\n').length,
  }));
}

/** The same commands, ending at the first that fails; one that says what it exits with must do just that. */
function scriptOf(text: string, variables: string): string {
  const lines = text.split('\n').map((line) => {
    const [, command, code] = EXITS.exec(line) ?? [];
    return command === undefined ? line : `${command} && code=0 || code=$?; test $code -eq ${code}`;
  });
  const saved = [...text.matchAll(ASSIGNED)].map(
    ([, name]) => `printf '${name}=%q\\n' "$${name}" >> ${variables}`,
  );
  return ['set -euo pipefail', `source ${variables}`, ...lines, ...saved].join('\n');
}

interface World {
  readonly run: (block: Block) => Promise<void>;
}

async function createWorld(t: Test): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-ceremony-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = (...names: string[]): string => join(folder, ...names);
  mkdirSync(file('bin'));
  writeFileSync(
    file('bin', 'yima'),
    `#!/bin/sh\nexec ${process.execPath} ${join(ROOT, 'dist/cli/main.js')} "$@"\n`,
  );
  chmodSync(file('bin', 'yima'), 0o755);
  mkdirSync(file('stick'));
  const ports = new Map<string, Settings>();
  for (const name of NODES) ports.set(name, await freePorts());
  const addresses = NODES.map(
    (name) => `${name.toUpperCase()}=http://127.0.0.1:${ports.get(name)?.['PORT']}\n`,
  );
  writeFileSync(file('variables'), addresses.join(''));
  const settings = new Map<string, Settings>();
  const nodes = new Map<string, NodeProcess>();
  t.teardown(async () => {
    for (const node of nodes.values()) node.signal('SIGKILL');
    await Promise.all([...nodes.values()].map(({ ended }) => ended));
  });

  const machine = (name: string): string => {
    const path = file(name);
    mkdirSync(path, { recursive: true });
    const link = join(path, 'stick');
    rmSync(link, { force: true });
    symlinkSync(file('stick'), link);
    return path;
  };

  /** Not to be waited for in one go: the nodes' words are read meanwhile. */
  const shell = (name: string, script: string): Promise<{ code: number | null; output: string }> =>
    new Promise((resolve) => {
      const child = spawn('bash', ['--norc', '-c', script], {
        cwd: machine(name),
        timeout: BLOCK_MS,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: `${file('bin')}:${process.env['PATH']}`,
          LANG: 'en_US.UTF-8',
          WHO: name,
          YIMA_DATA_DIR: join(machine(name), 'data'),
          ...settings.get(name),
        },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString('utf8');
        });
      child.on('close', (code) => resolve({ code, output }));
    });

  const said = (): string =>
    [...nodes].map(([name, { output }]) => `\n${name}: ${output().slice(-2_000)}`).join('');

  const start = async (name: string, text: string): Promise<void> => {
    const { output: expanded } = await shell(name, `source ${file('variables')}\ncat <<END\n${text}END`);
    const given = expanded.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    });
    const all = {
      ...ports.get(name),
      YIMA_SHUTDOWN_GRACE_SECONDS: '0',
      YIMA_PARTNER_LISTS: 'off',
      YIMA_LOG_LEVEL: 'error',
      ...Object.fromEntries(given),
    };
    const before = nodes.get(name);
    before?.signal('SIGTERM');
    await before?.ended;
    settings.set(name, all);
    const node = spawnNode(join(machine(name), 'data'), all);
    nodes.set(name, node);
    await node.says(SERVING);
  };

  return {
    run: async ({ form, machines, text, line }) => {
      const onOne = async (name: string): Promise<void> => {
        if (form === 'ini') return start(name, text);
        const { code, output } = await shell(name, scriptOf(text, file('variables')));
        t.equal(code, 0, `line ${line} on ${name}${code === 0 ? '' : `: ${output}${said()}`}`);
      };
      await Promise.all(machines.map(onOne));
    },
  };
}

t.test('what the page tells to do works', { skip: process.platform === 'win32' }, async (t) => {
  const blocks = blocksOf(readFileSync(join(ROOT, 'docs', 'trust.md'), 'utf8'));
  t.ok(blocks.length > 40, 'the page has its commands');
  const world = await createWorld(t);
  for (const block of blocks) {
    await world.run(block);
    if (!t.passing()) break;
  }
});
