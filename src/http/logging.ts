// Log lines are JSON with a fixed list of members, none of which can hold a code, a name or an address (URL or network).
// Requests are sampled, errors are not.

import { pino } from 'pino';
import { YimaError } from '../core/errors/yima-error.js';
import type { Logger, LogOptions } from './deps.js';
import { isFault } from './problems.js';
import type { RecordRequest, RequestFacts } from './request-fields.js';

/** An error without its message, which may repeat input: class, code, rule and the places in the program. */
interface ErrorSummary {
  readonly name: string;
  readonly code?: string;
  readonly rule?: string;
  readonly at: readonly string[];
  readonly cause?: ErrorSummary;
}

const MAX_FRAMES = 12;
const MAX_CAUSES = 3;

function summariseError(error: unknown, depth = 0): ErrorSummary {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const { code, rule } = error as Partial<YimaError>;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error instanceof YimaError && typeof rule === 'string' ? { rule } : {}),
    at: frames.slice(0, MAX_FRAMES).map((line) => line.trim().slice('at '.length)),
    ...(error.cause !== undefined && depth < MAX_CAUSES
      ? { cause: summariseError(error.cause, depth + 1) }
      : {}),
  };
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

/**
 * A JSON logger: time, level and what a line names; errors without their messages. Apps have none of their own: Fastify adds
 * two listeners to every request of an app that logs.
 * @param stream where lines go; standard output when absent
 */
export function createLogger(level: LogLevel, stream?: { readonly write: (line: string) => void }): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => summariseError(error) },
  };
  return stream === undefined ? pino(options) : pino(options, stream);
}

/** Lets 1 in 1/share pass, evenly: no randomness, so a test can count. */
function createSampler(share: number): () => boolean {
  let sum = 0;
  return () => {
    sum += share;
    if (sum < 1) return false;
    sum -= 1;
    return true;
  };
}

/** One line a request, once it is answered: always for faults of ours, sampled for the rest. */
export function createRequestLog({ logger, sample }: LogOptions): RecordRequest {
  const sampled = createSampler(sample);
  return (request, status) => {
    if (isFault(request.problem, status)) logger.error(requestLine(request, status), 'request failed');
    else if (sampled()) logger.info(requestLine(request, status), 'request');
  };
}

function requestLine(request: RequestFacts, status: number): Record<string, unknown> {
  const { verdict, problem, failure, principal } = request;
  return {
    reqId: request.id,
    method: request.method,
    route: request.pattern,
    status,
    ms: Math.round((performance.now() - request.startedAt) * 1000) / 1000,
    principal: principal?.id ?? null,
    ...(verdict === null ? {} : { decision: verdict.decision, reason: verdict.reason }),
    ...(problem === null ? {} : { problem }),
    ...(failure === null ? {} : { err: failure }),
  };
}
