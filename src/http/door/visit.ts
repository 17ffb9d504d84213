// One verification that came through the door: its turn in the lane, its answer, and what figures and log learn of it.

import type { Principal } from '../../core/issue/principal.js';
import type { Answer } from '../../core/verify/answer.js';
import type { Showing } from '../../core/verify/showing.js';
import { answerMessage } from '../answer-bytes.js';
import { problemAnswer } from '../plugins/error-answers.js';
import { type RateLimit, rateLimited } from '../plugins/rate-limit.js';
import type { RequestError } from '../request-error.js';
import type { RecordRequest, RequestFacts } from '../request-fields.js';
import { type LaneJob, OVERLOADED, type VerifyLane } from '../verify-lane.js';
import type { MessageHeads } from './message-heads.js';
import type { UsualBody } from './usual-body.js';
import { VERIFY_PATH } from './usual-head.js';

export interface VisitDeps {
  readonly limit: RateLimit;
  readonly lane: VerifyLane;
  readonly verify: (code: string, showing: Showing) => Answer;
  readonly record: RecordRequest;
  readonly heads: MessageHeads;
  readonly publicUrl: string;
  readonly nextId: () => string;
}

/** Who asked. */
export interface Asker {
  /** Sends one whole answer; called once. */
  readonly send: (message: Buffer) => void;
  /** Whether the connection is closed: nothing is judged for nobody. */
  readonly isGone: () => boolean;
}

export class Visit implements RequestFacts, LaneJob {
  readonly method = 'POST';
  readonly pattern = VERIFY_PATH;
  readonly startedAt = performance.now();
  readonly principal: Principal;
  verdict: RequestFacts['verdict'] = null;
  problem: RequestFacts['problem'] = null;
  failure: RequestFacts['failure'] = null;
  readonly #body: UsualBody;
  readonly #asker: Asker;
  readonly #deps: VisitDeps;
  #id: string | undefined;

  constructor(principal: Principal, body: UsualBody, asker: Asker, deps: VisitDeps) {
    this.principal = principal;
    this.#body = body;
    this.#asker = asker;
    this.#deps = deps;
  }

  /** Made when somebody asks for it. */
  get id(): string {
    this.#id ??= this.#deps.nextId();
    return this.#id;
  }

  /** Spends the budget and takes its turn; the answer is sent now or later. */
  enter(): void {
    const { limit, lane } = this.#deps;
    const wait = limit.byKey('verify', this.principal, this.startedAt);
    if (wait > 0) this.#refuse(rateLimited(wait));
    else lane.enter(this);
  }

  run(): void {
    if (this.#asker.isGone()) return;
    const { verify, heads, record } = this.#deps;
    let message: Buffer;
    try {
      const { code, site } = this.#body;
      const { id, place } = this.principal;
      const answer = verify(code, { caller: id, site: place ?? site, nonce: null });
      message = answerMessage(answer, heads.verdict());
      this.verdict = answer;
    } catch (error) {
      this.failure = error as Error;
      this.#refuse({ code: 'internal' });
      return;
    }
    record(this, 200);
    this.#asker.send(message);
  }

  shed(): void {
    if (!this.#asker.isGone()) this.#refuse(OVERLOADED);
  }

  #refuse(error: RequestError): void {
    const { heads, record, publicUrl } = this.#deps;
    const answer = problemAnswer(error, publicUrl, this.id);
    this.problem = error.code;
    record(this, answer.status);
    this.#asker.send(heads.problem(answer));
  }
}
