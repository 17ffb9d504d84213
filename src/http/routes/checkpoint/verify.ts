// POST /v1/verify: what a gate asks. The hot path: no promise, no look-up besides the verifier's own.

import { ANSWER_TYPE, answerBytes } from '../../answer-bytes.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { answerSchema, verifyBody } from '../../schemas/answer.js';
import { problems } from '../../schemas/common.js';
import { VERIFY_BODY_LIMIT, VERIFY_PATH } from '../../verify-door.js';

export function registerVerify(app: App, { verify }: AppDeps): void {
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
          ...problems('unauthenticated', 'forbidden', 'too_large', 'unsupported_media_type'),
        },
      },
    },
    (request, reply) => {
      const answer = verify(request.body.code);
      request.verdict = answer;
      reply.type(ANSWER_TYPE).send(answerBytes(answer) as never); // the answer, already in bytes
    },
  );
}
