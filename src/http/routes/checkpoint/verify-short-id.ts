// POST /v1/verify/short-id: paper whose symbol cannot be read, by what is printed under it. The code that belongs to it is judged as if
// it had been scanned.

import { parseShortId, unknownShortId } from '../../../core/codec/short-id.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { answerSchema } from '../../schemas/answer.js';
import { closed, problems } from '../../schemas/common.js';
import { shortIdSchema } from '../../schemas/credential.js';

export function registerVerifyShortId(app: App, { registry, verify }: AppDeps): void {
  app.post(
    '/v1/verify/short-id',
    {
      config: { access: { anyOf: ['verify'] }, limit: 'short-id' },
      schema: {
        tags: ['checkpoint'],
        summary: 'Judge paper by its short id',
        description:
          'The answer of `POST /v1/verify` for the code on that paper. Known to the office that printed it alone; `not_found` elsewhere.',
        body: closed({ shortId: shortIdSchema }),
        response: {
          200: answerSchema,
          ...problems('unauthenticated', 'forbidden', 'not_found', 'too_large', 'unsupported_media_type'),
        },
      },
    },
    async (request) => {
      const paper = await registry.findPaper(parseShortId(request.body.shortId));
      if (paper === undefined) throw unknownShortId();
      const answer = verify(paper.code);
      request.verdict = answer;
      return answer;
    },
  );
}
