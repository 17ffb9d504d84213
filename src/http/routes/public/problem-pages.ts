// GET /problems/:code: what the `type` of a problem document points to.

import { Type } from 'typebox';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import { isRequestErrorCode, PROBLEMS } from '../../problems.js';
import { closed, problems } from '../../schemas/common.js';

export function registerProblemPages(app: App): void {
  app.get(
    '/problems/:code',
    {
      config: { access: 'public' },
      schema: {
        tags: ['public'],
        summary: 'What a problem code means',
        params: closed({ code: Type.String({ pattern: '^[a-z_]{1,40}$' }) }),
        response: {
          200: closed({ code: Type.String(), status: Type.Integer(), title: Type.String() }),
          ...problems('not_found'),
        },
      },
    },
    (request, reply) => {
      const { code } = request.params;
      if (!isRequestErrorCode(code)) throw new YimaError('not_found', 'There is no such problem code.');
      reply.header('cache-control', 'public, max-age=3600').send({ code, ...PROBLEMS[code] });
    },
  );
}
