// POST /v1/verify: what a gate asks. The hot path: no promise, no look-up besides the verifier's own.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { YimaError } from '../../../core/errors/yima-error.js';
import { ANSWER_TYPE, answerBytes } from '../../answer-bytes.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { VERIFY_BODY_LIMIT, VERIFY_PATH } from '../../door/usual-head.js';
import { principalOf } from '../../plugins/guard.js';
import type { SocketGate } from '../../reading-gate.js';
import { answerSchema, verifyBody } from '../../schemas/answer.js';
import { problems } from '../../schemas/common.js';
import { readShowing } from '../../showing.js';
import { OVERLOADED, type VerifyLane } from '../../verify-lane.js';

/** Where verifications wait, and how their connections are left unread. */
export interface Queue {
  readonly lane: VerifyLane;
  readonly gate: SocketGate;
}

/** @param queue null: every request is judged at once */
export function registerVerify(app: App, { verify }: AppDeps, queue: Queue | null): void {
  app.post(
    VERIFY_PATH,
    {
      config: { access: { anyOf: ['verify'] }, limit: 'verify' },
      bodyLimit: VERIFY_BODY_LIMIT,
      schema: {
        tags: ['checkpoint'],
        summary: 'Judge a code',
        description:
          'Status 200 with a decision, whatever the code is; a problem only when nothing was judged.',
        body: verifyBody,
        response: {
          200: answerSchema,
          ...problems('unauthenticated', 'forbidden', 'too_large', 'unsupported_media_type', 'overloaded'),
        },
      },
    },
    (request, reply) => {
      const judge = (): void => {
        const answer = verify(request.body.code, readShowing(principalOf(request), request.body));
        request.verdict = answer;
        reply.type(ANSWER_TYPE).send(answerBytes(answer) as never); // the answer, already in bytes
      };
      if (queue === null) judge();
      else enterLane(queue, request, reply, judge);
    },
  );
}

/** Whatever breaks while it waits is told as if it had not waited. */
function enterLane(
  { lane, gate }: Queue,
  request: FastifyRequest,
  reply: FastifyReply,
  judge: () => void,
): void {
  const run = (): void => {
    try {
      judge();
    } catch (error) {
      reply.send(error);
    }
  };
  const { code, detail, ...more } = OVERLOADED;
  const shed = (): void => {
    reply.send(new YimaError(code, detail, more));
  };
  gate.join(request.raw.socket);
  lane.enter({ run, shed });
}
