// What primary and workers say to each other: plain data, structured clones of it. What is numbered is acknowledged by its number.

import type { ErrorCode } from '../core/errors/yima-error.js';
import type { ListName } from '../core/status/arena.js';
import type { Command } from './commands.js';
import type { JudgingConfig } from './judging.js';
import type { Pulse, Update } from './knowledge.js';
import type { SurfaceSettings, TrustRoles } from './surface.js';

/** All that a worker is given besides the knowledge: no secret among it. */
export interface WorkerSettings extends SurfaceSettings, JudgingConfig {
  /** Of the node. */
  readonly issuer: string;
  readonly host: string;
  readonly port: number;
  /** Six digits; null without the demo. */
  readonly demoRegion: string | null;
  readonly trust: TrustRoles | null;
}

/** In the order of their numbers, which begin at 1 and leave none out. */
export type Numbered =
  | { readonly type: 'apply'; readonly updates: readonly Update[] }
  | { readonly type: 'beat'; readonly pulse: Pulse }
  /** The knowledge is complete: serve. */
  | { readonly type: 'open' };

export type ToWorker =
  | { readonly type: 'start'; readonly settings: WorkerSettings }
  | (Numbered & { readonly seq: number })
  | { readonly type: 'answer'; readonly id: number; readonly outcome: Outcome }
  | { readonly type: 'report' }
  /** Takes no more connections and ends, at the latest after so long. */
  | { readonly type: 'drain'; readonly drainMs: number };

export type FromWorker =
  /** Its program runs and listens to the primary: what is said before is lost. */
  | { readonly type: 'hello' }
  /** Built, and waiting for the knowledge. */
  | { readonly type: 'ready' }
  | { readonly type: 'applied'; readonly seq: number }
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'refused'; readonly message: string }
  /** Codes named these lists, and it does not hold them. */
  | { readonly type: 'missed'; readonly lists: readonly ListName[] }
  /** Presentations that it was the first to see, packed. */
  | { readonly type: 'seen'; readonly packed: Uint8Array }
  | { readonly type: 'ask'; readonly id: number; readonly command: Command }
  /** Its figures, as prom-client gives them. */
  | { readonly type: 'metrics'; readonly metrics: readonly object[] };

/** What came of a command. Codes survive the way, defects become `internal` without detail. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly message: string;
      readonly field: string | undefined;
      readonly rule: string | undefined;
    };
