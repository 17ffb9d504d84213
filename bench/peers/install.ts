// The peers' libraries have a lockfile of their own and are installed when they are first measured, without their scripts.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../test/support/shared.js';
import type { Contender, ContenderModule, PeerWorld } from './contender.js';

const FOLDER = join(ROOT, 'bench', 'peers');
const STAMP = join(FOLDER, 'node_modules', '.yima-installed');

/** @throws Error when npm fails, which has then said why */
export function installPeers(): void {
  const lock = readFileSync(join(FOLDER, 'package-lock.json'), 'utf8');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  console.error('Installing the peers (bench/peers) ...');
  const args = ['ci', '--ignore-scripts', '--no-progress', '--loglevel=error'];
  const { status } = spawnSync('npm', args, {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The peers could not be installed: is a package registry in reach?');
  writeFileSync(STAMP, lock);
}

async function importPeer<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(FOLDER, `${name}.mjs`)).href)) as T;
}

export async function loadContender(name: string, world: PeerWorld): Promise<Contender> {
  return (await importPeer<ContenderModule>(name)).prepare(world);
}

export interface Sodium {
  readonly verifyDetached: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
}

export function loadSodium(): Promise<Sodium> {
  return importPeer<Sodium>('sodium');
}
