// Fastify with a body and a response schema, as much JSON in and out as a verification has, and somebody else's work in its handler.

import Fastify, { type FastifyInstance } from 'fastify';

/** The handler's work; its outcome is the answer's decision. */
export type Judge = (code: string) => boolean | Promise<boolean>;

const FILLER = 'x'.repeat(1_300);
const ADMIT = { decision: 'admit', filler: FILLER };
const REFUSE = { decision: 'refuse', filler: FILLER };
const TEXT = { type: 'string' } as const;

/** Answers `POST /fixed`. */
export function createFixedApp(judge: Judge): FastifyInstance {
  const app = Fastify();
  app.post<{ Body: { code: string } }>(
    '/fixed',
    {
      schema: {
        body: { type: 'object', properties: { code: TEXT }, required: ['code'] },
        response: { 200: { type: 'object', properties: { decision: TEXT, filler: TEXT } } },
      },
    },
    (request, reply) => {
      const sound = judge(request.body.code);
      if (sound instanceof Promise) return sound.then(answerOf);
      reply.send(answerOf(sound));
    },
  );
  return app;
}

function answerOf(sound: boolean): typeof ADMIT {
  return sound ? ADMIT : REFUSE;
}
