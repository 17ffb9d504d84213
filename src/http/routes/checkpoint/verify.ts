// POST /v1/verify: what a gate asks. The hot path: no promise, no look-up besides the verifier's own.

import { answerBytes } from '../../answer-bytes.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { answerSchema, verifyBody } from '../../schemas/answer.js';
import { problems } from '../../schemas/common.js';

/** A symbol holds 4,296 characters at most; the rest is room for JSON escapes. */
export const VERIFY_BODY_LIMIT = 16_384;

const JSON_TYPE = 'application/json; charset=utf-8';

export function registerVerify(app: App, { verify }: AppDeps): void {
  app.post(
    '/v1/verify',
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
      reply.type(JSON_TYPE).send(answerBytes(answer) as never); // the answer, already in bytes
    },
  );
}
