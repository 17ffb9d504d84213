// A terminal that remembers what was printed, and a node that answers from a table.

import type { LocalRequest, LocalResponse } from '../../src/cli/local-client.js';
import { runLine } from '../../src/cli/run.js';
import type { Terminal, WebRequest } from '../../src/cli/terminal.js';
import type { Config } from '../../src/config.js';
import { YimaError } from '../../src/core/errors/yima-error.js';

type Answer = Readonly<{ status?: number; body: unknown }>;

interface Setup {
  /** By `METHOD path`. */
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly terminal?: Partial<Terminal>;
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Whether the node runs in another process; `process` when absent. */
  readonly via?: 'socket' | 'process';
  readonly onConnect?: (config: Config) => void;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
  readonly asked: readonly LocalRequest[];
  /** What was asked of other nodes. */
  readonly sent: readonly WebRequest[];
  /** Files that were made. */
  readonly written: ReadonlyMap<string, string>;
  /** Clients that were not closed. */
  readonly leftOpen: number;
}

/** The JSON object that the last request carried. */
export function bodySent({ asked }: Ran): Readonly<Record<string, unknown>> {
  return Object(asked.at(-1)?.body);
}

/** Runs one command line against fakes. */
export async function run(argv: readonly string[], setup: Setup = {}): Promise<Ran> {
  const printed = { out: '', talk: '' };
  const asked: LocalRequest[] = [];
  const sent: WebRequest[] = [];
  let leftOpen = 0;
  const written = new Map<string, string>();
  const terminal: Terminal = {
    env: {},
    language: 'en',
    colour: false,
    interactive: false,
    out: (text) => {
      printed.out += text;
    },
    talk: (text) => {
      printed.talk += text;
    },
    ask: async () => '',
    readInput: async () => setup.input ?? '',
    readFile: async (path) => {
      const text = written.get(path) ?? setup.files?.[path];
      if (text === undefined) throw new YimaError('not_found', `${path} cannot be read.`);
      return text;
    },
    readSecret: async (path) => terminal.readFile(path),
    writeSecret: async (path, text) => void written.set(path, text),
    writeFile: async (path, text) => void written.set(path, text),
    web: async (request) => {
      sent.push(request);
      return respond(setup.answers?.[`${request.method} ${request.url}`]);
    },
    now: () => 1_700_000_000,
    connect: async (config) => {
      setup.onConnect?.(config);
      leftOpen += 1;
      return {
        via: setup.via ?? 'process',
        request: async (request) => {
          asked.push(request);
          return respond(setup.answers?.[`${request.method} ${request.path}`]);
        },
        close: async () => {
          leftOpen -= 1;
        },
      };
    },
    serve: async () => {},
    ...setup.terminal,
  };
  const code = await runLine(argv, '9.9.9', terminal);
  return { code, ...printed, asked, sent, leftOpen, written };
}

function respond(
  answer: Answer = { status: 500, body: { title: 'no such fake', code: 'internal' } },
): LocalResponse {
  const { status = 200, body } = answer;
  return {
    status,
    contentType: 'application/json',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
