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
import type { RequestError } from './request-error.js';
import { COMMON_HEADERS, type RecordRequest, type RequestFacts } from './request-fields.js';
import { usualCode } from './usual-body.js';

/** Passes a request to the router, at any time before its body was read. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** Stands in front of the router. @param ordinary the router */
export type Door = (request: IncomingMessage, response: ServerResponse, ordinary: Handler) => void;

export interface VerifyDoorDeps {
  readonly access: Access;
  readonly limit: RateLimit;
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

/** What the ordinary way learns from hooks; the id is made when somebody asks for it. */
class Visit implements RequestFacts {
  readonly method = 'POST';
  readonly pattern = VERIFY_PATH;
  readonly startedAt = performance.now();
  readonly failure = null;
  readonly principal: Principal;
  verdict: RequestFacts['verdict'] = null;
  problem: RequestFacts['problem'] = null;
  readonly #nextId: () => string;
  #id: string | undefined;

  constructor(principal: Principal, nextId: () => string) {
    this.principal = principal;
    this.#nextId = nextId;
  }

  get id(): string {
    this.#id ??= this.#nextId();
    return this.#id;
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
    const visit = new Visit(principal, deps.nextId);
    request.once('data', (body: Buffer) => {
      const code = isWhole(request, body) ? usualCode(body) : null;
      const answer = code === null ? null : judge(code, visit, deps);
      if (answer === null) {
        request.unshift(body);
        ordinary(request, response);
      } else {
        send(answer, visit, response, deps);
      }
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

/** null: the verifier broke. It will break again on the ordinary way, which knows how to tell. */
function judge(code: string, visit: Visit, { limit, verify }: VerifyDoorDeps): Answer | RequestError | null {
  const wait = limit.byKey('verify', visit.principal, visit.startedAt);
  if (wait > 0) return rateLimited(wait);
  try {
    return verify(code);
  } catch {
    return null;
  }
}

function send(
  answer: Answer | RequestError,
  visit: Visit,
  response: ServerResponse,
  { record, publicUrl }: VerifyDoorDeps,
): void {
  if ('decision' in answer) {
    visit.verdict = answer;
    const body = answerBytes(answer);
    record(visit, 200);
    response.writeHead(200, [...ANSWER_HEADERS, 'content-length', String(body.length)]).end(body);
  } else {
    visit.problem = answer.code;
    const { status, headers, body } = problemAnswer(answer, publicUrl, visit.id);
    record(visit, status);
    response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) }).end(body);
  }
}
