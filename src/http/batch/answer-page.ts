// The lines of a batch's answer, written one after another into a page that leaves as a whole.

import type { Answer } from '../../core/verify/answer.js';
import { answerBytes } from '../answer-bytes.js';
import type { ProblemDocument } from '../problems.js';

export interface AnswerPage {
  /** @param retryAfterSeconds when to ask again about what was not judged; null: it was */
  readonly putAnswer: (id: string, answer: Answer, retryAfterSeconds: number | null) => void;
  /** What one line was refused for. @param line counted from 1 */
  readonly putProblem: (id: string | null, line: number, problem: ProblemDocument) => void;
  /** The last line of a batch that ends before its time. @param line the first that has no answer */
  readonly putEnd: (line: number, problem: ProblemDocument) => void;
  readonly isFull: () => boolean;
  /** What was written since the last time; null: nothing. */
  readonly take: () => Buffer | null;
}

/** As much as a stream takes before it asks to wait. */
export const PAGE_BYTES = 65_536;
/** Room for an answer past the end of a page; longer ones make it larger. */
const SLACK_BYTES = 8_192;
const UTF8_BYTES_A_UNIT = 3;
const LINE_FEED = 0x0a;
const COMMA = 0x2c;

export function createAnswerPage(): AnswerPage {
  let page = Buffer.allocUnsafe(PAGE_BYTES + SLACK_BYTES);
  let length = 0;

  const reserve = (bytes: number): void => {
    if (length + bytes <= page.length) return;
    page = Buffer.concat([page.subarray(0, length)], length + bytes + SLACK_BYTES);
  };
  const putText = (text: string): void => {
    reserve(UTF8_BYTES_A_UNIT * text.length);
    const start = length;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) {
        length = start + page.write(text, start);
        return;
      }
      page[length++] = unit;
    }
  };
  const putObject = (value: object): void => putText(`${JSON.stringify(value)}\n`);

  return {
    putAnswer: (id, answer, retryAfterSeconds) => {
      const wait = retryAfterSeconds === null ? '' : `,"retryAfterSeconds":${retryAfterSeconds}`;
      putText(`{"id":${JSON.stringify(id)}${wait}`);
      const bytes = answerBytes(answer);
      reserve(bytes.length + 1);
      page.set(bytes, length);
      page[length] = COMMA; // for its opening brace
      length += bytes.length;
      page[length++] = LINE_FEED;
    },
    putProblem: (id, line, problem) => putObject({ id, line, problem }),
    putEnd: (line, problem) => putObject({ ended: true, line, problem }),
    isFull: () => length >= PAGE_BYTES,
    take: () => {
      if (length === 0) return null;
      const taken = page.subarray(0, length);
      page = Buffer.allocUnsafe(PAGE_BYTES + SLACK_BYTES);
      length = 0;
      return taken;
    },
  };
}
