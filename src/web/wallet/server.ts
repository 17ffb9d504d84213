// Asks the wallet's own server, and learns its time from every answer.

import { offsetOf } from './server-clock.js';

export interface Heard {
  readonly status: number;
  /** Parsed JSON; null where the answer has none. */
  readonly body: unknown;
  /** Of `Retry-After`, 5 when absent. */
  readonly waitSeconds: number;
}

export interface Server {
  readonly origin: string;
  /** null: it did not answer, or not in time. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Heard | null>;
}

const TIMEOUT_MS = 10_000;

/** @param onOffset told after every answer: seconds to add to this phone's clock */
export function createServer(origin: string, onOffset: (seconds: number) => void): Server {
  return {
    origin,
    ask: async (path, init = {}) => {
      const asked = Date.now();
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const response = await fetch(path, { cache: 'no-store', credentials: 'omit', ...init, signal });
        const offset = offsetOf(response.headers.get('date'), asked, Date.now());
        if (offset !== null) onOffset(offset);
        return {
          status: response.status,
          body: await response.json().catch(() => null),
          waitSeconds: Number(response.headers.get('retry-after')) || 5,
        };
      } catch {
        return null;
      }
    },
  };
}

/** The member of a JSON object, undefined in anything else. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

export function postJson(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
