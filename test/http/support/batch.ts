// Batches for tests: lines in, parsed lines out, over inject or over a socket that the test reads and writes as it likes.

import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { App } from '../../../src/http/app-types.js';
import { bearer } from './twin-deps.js';

export type AnswerLine = Readonly<Record<string, unknown>>;

export const NDJSON_HEADERS = { ...bearer('verify'), 'content-type': 'application/x-ndjson' };

export function batchBody(lines: readonly (string | object)[]): string {
  return lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
}

export function parseLines(text: string): AnswerLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AnswerLine);
}

export async function injectBatch(app: App, payload: string | Buffer): Promise<AnswerLine[]> {
  const response = await app.inject({
    method: 'POST',
    url: '/v1/verify/batch',
    headers: NDJSON_HEADERS,
    payload,
  });
  if (response.statusCode !== 200) throw new Error(response.payload);
  return parseLines(response.payload);
}

export interface BatchClient {
  readonly sent: ClientRequest;
  /** Once the headers of the answer are here. */
  readonly response: Promise<IncomingMessage>;
  /** Writes and waits until the socket takes more. */
  readonly write: (bytes: string | Buffer) => Promise<void>;
  /** The next line of the answer, waiting for it; null after the last. */
  readonly line: () => Promise<AnswerLine | null>;
  /** All that are still to come. */
  readonly rest: () => Promise<AnswerLine[]>;
}

/** A request whose body is sent in chunks as the test writes it. */
export function openBatch(port: number, agent: Agent | false = false): BatchClient {
  const sent = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/verify/batch',
    agent,
    headers: NDJSON_HEADERS,
  });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  const lines = response.then((message) => linesOf(message));
  lines.catch(() => {}); // told to whoever asks for a line
  const line = async (): Promise<AnswerLine | null> => {
    const { value, done } = await (await lines).next();
    return done === true ? null : (value as AnswerLine);
  };
  return {
    sent,
    response,
    write: (bytes) => new Promise((resolve) => sent.write(bytes, () => resolve())),
    line,
    rest: async () => {
      const all: AnswerLine[] = [];
      for (let next = await line(); next !== null; next = await line()) all.push(next);
      return all;
    },
  };
}

async function* linesOf(message: IncomingMessage): AsyncGenerator<AnswerLine> {
  let held = '';
  message.setEncoding('utf8');
  for await (const chunk of message) {
    const texts = (held + chunk).split('\n');
    held = texts.pop() ?? '';
    for (const text of texts) yield JSON.parse(text) as AnswerLine;
  }
}
