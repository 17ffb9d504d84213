// POST /v1/verify/batch: many codes in one request, a line each, and an answer a line while others still come.

import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { YimaError } from '../../../core/errors/yima-error.js';
import { overloadedAnswer } from '../../../core/verify/overloaded-answer.js';
import type { App } from '../../app-types.js';
import { answerLines, type BatchDeps } from '../../batch/answer-lines.js';
import { type AnswerPage, PAGE_BYTES } from '../../batch/answer-page.js';
import { readBatchLine } from '../../batch/batch-line.js';
import { createInbox } from '../../batch/inbox.js';
import type { Line } from '../../batch/line-splitter.js';
import { createTurns, type Turns } from '../../batch/turns.js';
import type { Access, AppDeps, AppOptions, Logger } from '../../deps.js';
import { keepWhole } from '../../plugins/client-errors.js';
import { findPrincipal, principalOf } from '../../plugins/guard.js';
import { type CountAnswers, countAnswers } from '../../plugins/http-metrics.js';
import type { RateLimit } from '../../plugins/rate-limit.js';
import { checkEncoding } from '../../plugins/strict-body.js';
import { type ProblemDocument, problemDocument } from '../../problems.js';
import { toRequestError } from '../../request-error.js';
import { batchBody, batchLines } from '../../schemas/batch.js';
import { documented, problems } from '../../schemas/common.js';
import { requestTimeoutMs } from '../../server-options.js';
import { readShowing } from '../../showing.js';
import { OVERLOADED, type VerifyLane } from '../../verify-lane.js';

export const NDJSON = 'application/x-ndjson';

const MAX_LINES = 10_000;
const MAX_BYTES = 16_777_216;
/** What batches may use of each turn of the event loop, so that single verifications and health stay quick. */
const TURN_MS = 2;
/** Of the time that a request has, so that the last line can still say why there is no other. */
const DEADLINE_SHARE = 0.8;
const CUT_OFF_SHARE = 0.95;

interface Batches {
  readonly verify: AppDeps['verify'];
  /** null: every request is the node's own user's. */
  readonly access: Access | null;
  readonly turns: Turns;
  readonly limit: RateLimit | null;
  /** null: single verifications do not wait here either. */
  readonly lane: VerifyLane | null;
  readonly count: CountAnswers;
  readonly logger: Logger;
  readonly publicUrl: string;
  readonly timeoutMs: number;
}

/** In a scope of its own, whose bodies are handed over as they come. */
export async function registerVerifyBatch(
  app: App,
  { verify, metrics, access }: AppDeps,
  options: AppOptions,
  { limit, lane }: Pick<Batches, 'limit' | 'lane'>,
): Promise<void> {
  const batches: Batches = {
    verify,
    access: options.local === true ? null : access,
    turns: createTurns({ budgetMs: TURN_MS, now: () => performance.now(), nextTurn: setImmediate }),
    limit,
    lane,
    count: countAnswers(metrics),
    logger: options.log.logger,
    publicUrl: options.publicUrl,
    timeoutMs: requestTimeoutMs(options.timeouts),
  };
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(NDJSON, checkBody);
    scope.addContentTypeParser('*', refuseBody);
    registerRoute(scope as App, batches);
  });
}

type Done = (error: Error | null, body?: unknown) => void;

function checkBody(request: FastifyRequest, body: IncomingMessage, done: Done): void {
  try {
    checkEncoding(request, NDJSON);
  } catch (error) {
    done(error as Error);
    return;
  }
  const isTooLarge = Number(request.headers['content-length'] ?? 0) > MAX_BYTES;
  if (isTooLarge) done(new YimaError('too_large', `A batch has at most ${MAX_BYTES} bytes.`));
  else done(null, body);
}

function refuseBody(_request: FastifyRequest, _body: IncomingMessage, done: Done): void {
  done(new YimaError('unsupported_media_type', `Send ${NDJSON}: one JSON object a line.`));
}

function registerRoute(app: App, batches: Batches): void {
  app.post(
    '/v1/verify/batch',
    {
      config: { access: { anyOf: ['verify'] }, limit: 'verify' },
      schema: {
        tags: ['checkpoint'],
        summary: 'Judge many codes',
        description: [
          `Up to ${MAX_LINES} lines in, one line out for each, in order, sent while others still come. Each line costs as much of`,
          'the limit as a single verification; past it lines are answered `overloaded`, with the seconds to wait.',
          'A line that cannot be judged is answered with its problem, and the others go on.',
          'When the batch ends before its time the last line says so, and names the first line without an answer.',
        ].join('\n'),
        body: { content: { [NDJSON]: { schema: batchBody } } },
        response: {
          200: documented(NDJSON, batchLines, 'A line for each line, each of one of these forms'),
          ...problems('unauthenticated', 'forbidden', 'too_large', 'unsupported_media_type'),
        },
      },
      // Lines are checked and written by hand: neither body nor answer is ever one value.
      validatorCompiler: () => () => true,
      serializerCompiler: () => JSON.stringify,
    },
    (request, reply) => {
      const answers = answerLines(batchOf(request, reply, batches));
      cutOffLate(reply, batches.timeoutMs * CUT_OFF_SHARE);
      keepWhole(request.raw.socket, reply.raw);
      reply
        .type(NDJSON)
        .send(Readable.from(answers, { objectMode: false, highWaterMark: PAGE_BYTES }) as never);
    },
  );
}

/** Who neither reads nor leaves is cut off: nothing waits without end. */
function cutOffLate({ raw }: FastifyReply, ms: number): void {
  const timer = setTimeout(() => raw.destroy(), ms);
  raw.once('close', () => clearTimeout(timer));
}

function batchOf(request: FastifyRequest, reply: FastifyReply, batches: Batches): BatchDeps {
  const explain = (error: unknown): ProblemDocument => explainTo(request, error, batches);
  return {
    inbox: createInbox(request.raw, { maxBytes: MAX_BYTES, deadlineMs: batches.timeoutMs * DEADLINE_SHARE }),
    turns: batches.turns,
    maxLines: MAX_LINES,
    isGone: () => reply.raw.destroyed,
    explain: (error, number, page) => page.putEnd(number, explain(error)),
    answer: (line, number, page) => answerLine({ line, number, page, request, explain }, batches),
  };
}

interface Asked {
  readonly line: Line;
  readonly number: number;
  readonly page: AnswerPage;
  readonly request: FastifyRequest;
  readonly explain: (error: unknown) => ProblemDocument;
}

/** Seconds after which this line should come again; 0: it is judged now. The first was paid for when the request came in. */
function putOff(number: number, request: FastifyRequest, { limit, lane }: Batches): number {
  const now = performance.now();
  const overLimit = number === 1 || limit === null ? 0 : limit.byKey('verify', principalOf(request), now);
  if (overLimit > 0) return overLimit;
  return lane?.isBehind(now) === true ? OVERLOADED.retryAfterSeconds : 0;
}

/** A key that ended while the batch goes on opens no further line. */
function keyFault({ headers }: FastifyRequest, { access }: Batches): YimaError | null {
  if (access === null || findPrincipal(headers.authorization, access) !== undefined) return null;
  return new YimaError('unauthenticated', 'The API key has ended. Send the rest with a live one.');
}

function answerLine({ line, number, page, request, explain }: Asked, batches: Batches): void {
  const { verify, count } = batches;
  const waitSeconds = putOff(number, request, batches);
  const asked = readBatchLine(line);
  if (asked.fault !== null) {
    page.putProblem(asked.id, number, explain(asked.fault));
    return;
  }
  const ended = keyFault(request, batches);
  if (ended !== null) {
    page.putProblem(asked.id, number, explain(ended));
    return;
  }
  try {
    const showing = readShowing(principalOf(request), asked);
    const answer = waitSeconds === 0 ? verify(asked.code, showing) : overloadedAnswer(waitSeconds);
    page.putAnswer(asked.id, answer, waitSeconds === 0 ? null : waitSeconds);
    count.decision(answer.reason);
  } catch (error) {
    page.putProblem(asked.id, number, explain(error));
  }
}

function explainTo(
  request: FastifyRequest,
  error: unknown,
  { count, logger, publicUrl }: Batches,
): ProblemDocument {
  const { code, ...facts } = toRequestError(error);
  count.problem(code);
  if (code === 'internal')
    logger.error({ reqId: request.id, route: request.pattern, err: error }, 'request failed');
  return problemDocument(code, publicUrl, { ...facts, requestId: request.id });
}
