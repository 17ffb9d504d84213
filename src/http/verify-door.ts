// The short way of POST /v1/verify. A request in its one usual shape is read, judged and answered here, in front of the router;
// whatever is not exactly that goes the ordinary way untouched, so that every refusal but "come later" has one definition.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../core/issue/principal.js';
import type { Answer } from '../core/verify/answer.js';
import { ANSWER_TYPE, answerBytes } from './answer-bytes.js';
import type { Access } from './deps.js';
import { problemAnswer } from './plugins/error-answers.js';
import { findPrincipal } from './plugins/guard.js';
import { type RateLimit, rateLimited } from './plugins/rate-limit.js';
import type { SocketGate } from './reading-gate.js';
import type { RequestError } from './request-error.js';
import { COMMON_HEADERS, type RecordRequest, type RequestFacts } from './request-fields.js';
import { usualCode } from './usual-body.js';
import { type LaneJob, OVERLOADED, type VerifyLane } from './verify-lane.js';

/** Passes a request to the router, at any time before its body was read. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** Stands in front of the router. @param ordinary the router */
export type Door = (request: IncomingMessage, response: ServerResponse, ordinary: Handler) => void;

export interface VerifyDoorDeps {
  readonly access: Access;
  readonly limit: RateLimit;
  readonly lane: VerifyLane;
  readonly gate: SocketGate;
  readonly verify: (code: string) => Answer;
  readonly record: RecordRequest;
  readonly publicUrl: string;
  readonly nextId: () => string;
}

export const VERIFY_PATH = '/v1/verify';
/** A symbol holds 4,296 characters at most; the rest is room for JSON escapes. */
export const VERIFY_BODY_LIMIT = 16_384;

const ANSWER_HEADERS: readonly string[] = Object.entries({
  ...COMMON_HEADERS,
  'content-type': ANSWER_TYPE,
}).flat();

/** What the ordinary way learns from hooks, and the answer; the id is made when somebody asks for it. */
class Visit implements RequestFacts, LaneJob {
  readonly method = 'POST';
  readonly pattern = VERIFY_PATH;
  readonly startedAt = performance.now();
  readonly principal: Principal;
  verdict: RequestFacts['verdict'] = null;
  problem: RequestFacts['problem'] = null;
  failure: RequestFacts['failure'] = null;
  readonly #response: ServerResponse;
  readonly #deps: VerifyDoorDeps;
  #code = '';
  #id: string | undefined;

  constructor(principal: Principal, response: ServerResponse, deps: VerifyDoorDeps) {
    this.principal = principal;
    this.#response = response;
    this.#deps = deps;
  }

  get id(): string {
    this.#id ??= this.#deps.nextId();
    return this.#id;
  }

  judge(code: string): void {
    const { limit, lane } = this.#deps;
    this.#code = code;
    const wait = limit.byKey('verify', this.principal, this.startedAt);
    if (wait > 0) this.#refuse(rateLimited(wait));
    else lane.enter(this, this.startedAt);
  }

  run(): void {
    try {
      this.#answer(this.#deps.verify(this.#code));
    } catch (error) {
      this.failure = error as Error;
      this.#refuse({ code: 'internal' });
    }
  }

  shed(): void {
    this.#refuse(OVERLOADED);
  }

  #answer(answer: Answer): void {
    const body = answerBytes(answer);
    this.verdict = answer;
    this.#deps.record(this, 200);
    this.#response.writeHead(200, [...ANSWER_HEADERS, 'content-length', String(body.length)]).end(body);
  }

  #refuse(error: RequestError): void {
    const { status, headers, body } = problemAnswer(error, this.#deps.publicUrl, this.id);
    this.problem = error.code;
    this.#deps.record(this, status);
    this.#response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  }
}

export function createVerifyDoor(deps: VerifyDoorDeps): Door {
  return (request, response, ordinary) => {
    const principal = isUsual(request)
      ? findPrincipal(request.headers.authorization, deps.access)
      : undefined;
    if (principal?.scopes.includes('verify') !== true) {
      ordinary(request, response);
      return;
    }
    deps.gate.join(request.socket);
    const visit = new Visit(principal, response, deps);
    request.once('data', (body: Buffer) => {
      const code = isWhole(request, body) ? usualCode(body) : null;
      if (code !== null) {
        visit.judge(code);
        return;
      }
      request.unshift(body);
      ordinary(request, response);
    });
  };
}

/** By what headers say. Of doubled headers Node keeps one or joins them, as it does for the ordinary way. */
function isUsual({ method, url, headers }: IncomingMessage): boolean {
  const length = Number(headers['content-length']);
  return (
    url === VERIFY_PATH &&
    method === 'POST' &&
    headers['content-type'] === 'application/json' &&
    headers['content-encoding'] === undefined &&
    length > 0 &&
    length <= VERIFY_BODY_LIMIT
  );
}

/** Whether this piece, the first, is the last as well. */
function isWhole({ headers }: IncomingMessage, { length }: Buffer): boolean {
  return Number(headers['content-length']) === length;
}
