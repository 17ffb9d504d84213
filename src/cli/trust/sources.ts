// Where documents come from: a file, standard input, somebody's node by its address, or the own node.

import { loadConfig } from '../../config.js';
import { readAnswer } from '../ask-node.js';
import type { Terminal } from '../terminal.js';
import type { ReadPath } from './node-documents.js';

const ADDRESS = /^https?:\/\//;

export function isAddress(source: string): boolean {
  return ADDRESS.test(source);
}

/** The address of a path below a node's own, which may end in a slash. */
export function addressBelow(node: string, path: string): string {
  return `${node.replace(/\/+$/, '')}${path}`;
}

/**
 * @param source a file, `-`, or a node's address; undefined for the own node
 * @param path what is asked of a node
 * @throws YimaError `not_found`, `unavailable`, and what the node refuses
 */
export async function readSource(
  source: string | undefined,
  path: string,
  terminal: Terminal,
): Promise<string> {
  if (source === '-') return terminal.readInput();
  if (source !== undefined && !isAddress(source)) return terminal.readFile(source);
  return withReader(source, terminal, (read) => read(path));
}

/** Several questions to one node: by its address, or the own one. */
export async function withReader<T>(
  address: string | undefined,
  terminal: Terminal,
  work: (read: ReadPath) => Promise<T>,
): Promise<T> {
  if (address !== undefined) {
    return work(async (path) =>
      readAnswer(await terminal.web({ method: 'GET', url: addressBelow(address, path) })),
    );
  }
  const client = await terminal.connect(loadConfig(terminal.env));
  try {
    return await work(async (path) => readAnswer(await client.request({ method: 'GET', path })));
  } finally {
    await client.close();
  }
}

/** The hash of the first root that the settings name; null where they name none. */
export function pinOfSettings(terminal: Terminal): string | null {
  return loadConfig(terminal.env).trust?.pin ?? null;
}
