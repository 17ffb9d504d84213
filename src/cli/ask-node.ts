// One request to the node for one command: opened, answered, closed. A problem document becomes the error it tells of.

import { type Config, loadConfig } from '../config.js';
import { REQUEST_ERROR_CODES, type RequestErrorCode, YimaError } from '../core/errors/yima-error.js';
import { printable } from './language.js';
import type { LocalClient, LocalRequest, LocalResponse } from './local-client.js';
import type { Terminal } from './terminal.js';

export type Ask = <T>(request: LocalRequest) => Promise<T>;

/**
 * Runs `work` with the node of the environment's data folder, told whether it runs (`socket`) or was opened for this (`process`).
 * @param prepare how a node is opened here that does not run
 * @throws YimaError as `connect` and whatever the node refuses
 */
export async function withNode<T>(
  terminal: Terminal,
  work: (ask: Ask, via: LocalClient['via']) => Promise<T>,
  prepare: (config: Config) => Config = (config) => config,
): Promise<T> {
  const client = await terminal.connect(prepare(loadConfig(terminal.env)));
  try {
    return await work(createAsk(client), client.via);
  } finally {
    await client.close();
  }
}

/** A node that is opened to have its file checked tells no verifier what that says. */
export function unpublished(config: Config): Config {
  return { ...config, redis: null };
}

/** One request that needs no other. */
export function askNode<T>(terminal: Terminal, request: LocalRequest): Promise<T> {
  return withNode(terminal, (ask) => ask<T>(request));
}

/** What was answered. @throws YimaError that a problem document tells of */
export function readAnswer(response: LocalResponse): string {
  if (response.status >= 400) throw problemOf(response);
  return response.body;
}

/** The answers of the node are of our own making; their types are those of its routes. */
export function createAsk(client: LocalClient): Ask {
  return async <T>(request: LocalRequest) => {
    const response = await client.request(request);
    const body = readAnswer(response);
    return (body === '' ? null : JSON.parse(body)) as T;
  };
}

function problemOf({ status, body }: LocalResponse): YimaError {
  const { title, detail, code, field, rule, requestId } = readProblem(body);
  const known = REQUEST_ERROR_CODES.find((each) => each === code);
  const sentence = [title, detail].filter((part) => part !== '').join(': ') || `HTTP ${status}`;
  const reference = status >= 500 && requestId !== '' ? ` (request ${requestId})` : '';
  return new YimaError(known ?? codeOf(status), printable(sentence) + reference, {
    ...(field === '' ? {} : { field: printable(field) }),
    ...(rule === '' ? {} : { rule: printable(rule) }),
  });
}

type Problem = Readonly<Record<'title' | 'detail' | 'code' | 'field' | 'rule' | 'requestId', string>>;

function readProblem(body: string): Problem {
  let document: Record<string, unknown> = {};
  try {
    document = Object(JSON.parse(body)) as Record<string, unknown>;
  } catch {
    // Not a problem document: the status alone has to do.
  }
  const read = (name: string): string => (typeof document[name] === 'string' ? document[name] : '');
  return {
    title: read('title'),
    detail: read('detail'),
    code: read('code'),
    field: read('field'),
    rule: read('rule'),
    requestId: read('requestId'),
  };
}

function codeOf(status: number): RequestErrorCode {
  return status >= 500 ? 'internal' : 'invalid_request';
}
