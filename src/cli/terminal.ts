// What a command may touch: its streams, the environment, the clock and the node. Tests pass their own.

import type { Config } from '../config.js';
import type { Language } from './language.js';
import type { LocalClient, LocalResponse } from './local-client.js';

/** One request to somebody else's node. */
export interface WebRequest {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly language: Language;
  /** Whether standard output understands colours. */
  readonly colour: boolean;
  /** Whether somebody sits there who can be asked. */
  readonly interactive: boolean;
  /** Standard output: results. */
  readonly out: (text: string) => void;
  /** Standard error: everything said to the person. */
  readonly talk: (text: string) => void;
  /** The line that the person types, without its end. */
  readonly ask: (question: string) => Promise<string>;
  /** All of standard input; @throws YimaError `too_large` */
  readonly readInput: () => Promise<string>;
  /** A file as text; @throws YimaError `not_found`, `too_large` */
  readonly readFile: (path: string) => Promise<string>;
  /** A file that only its owner may read; @throws YimaError `not_found`, `key_file_unsafe`, `too_large` */
  readonly readSecret: (path: string) => Promise<string>;
  /** A new file that only its owner may read; @throws YimaError `conflict` when there is one */
  readonly writeSecret: (path: string, text: string) => Promise<void>;
  /** A file that everybody may read, whole or not at all, in the place of an earlier one. @throws YimaError `invalid_request` */
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** Follows no redirection; an answer in gzip is unpacked. @throws YimaError `unavailable`, `too_large` */
  readonly web: (request: WebRequest) => Promise<LocalResponse>;
  /** Epoch seconds. */
  readonly now: () => number;
  /** The running node, or this data folder opened here. */
  readonly connect: (config: Config) => Promise<LocalClient>;
  /** Resolves when the node listens. */
  readonly serve: (config: Config) => Promise<void>;
}
