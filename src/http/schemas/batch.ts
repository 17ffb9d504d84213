// The lines of a batch, in and out.

import { Type } from 'typebox';
import { MAX_ID_CHARS } from '../batch/batch-line.js';
import { answerMembers, verifyBody } from './answer.js';
import { closed, nullable, problemSchema } from './common.js';

const id = Type.String({
  maxLength: MAX_ID_CHARS,
  description: "The caller's own; it comes back with the answer",
});
const line = Type.Integer({ minimum: 1, description: 'Counted from 1' });

/** One line of the request. */
export const batchBody = closed({ id, ...verifyBody.properties });

const answerLine = closed(
  {
    id,
    retryAfterSeconds: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Only where the line was not judged: when to send it again' }),
    ),
    ...answerMembers,
  },
  { description: 'The answer of POST /v1/verify' },
);

const problemLine = closed(
  { id: nullable(id), line, problem: problemSchema },
  { description: 'This line could not be judged' },
);

const lastLine = closed(
  { ended: Type.Literal(true), line, problem: problemSchema },
  { description: 'The batch ended here; `line` is the first without an answer' },
);

/** One line of the answer. */
export const batchLines = Type.Union([answerLine, problemLine, lastLine]);
