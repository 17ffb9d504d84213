// The heads of what the door answers, as Node writes them: status, our own fields, length, date, and that the connection stays.

import { STATUS_CODES } from 'node:http';
import { ANSWER_TYPE, type AnswerHead } from '../answer-bytes.js';
import type { ProblemAnswer } from '../plugins/error-answers.js';
import { COMMON_HEADERS } from '../request-fields.js';

export interface MessageHeads {
  /** The head of a verdict, made anew once a second. */
  readonly verdict: () => AnswerHead;
  /** A whole problem document. */
  readonly problem: (answer: ProblemAnswer) => Buffer;
}

/** @param clock epoch milliseconds */
export function createMessageHeads(keepAliveMs: number, clock: () => number = Date.now): MessageHeads {
  const stay = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`;
  const fields = lines({ ...COMMON_HEADERS, 'content-type': ANSWER_TYPE });
  const before = Buffer.from(`HTTP/1.1 200 OK\r\n${fields}content-length: `);
  let second = -1;
  let head: AnswerHead = { before, after: Buffer.alloc(0) };
  return {
    verdict: () => {
      const now = Math.floor(clock() / 1000);
      if (now !== second) {
        second = now;
        head = { before, after: Buffer.from(`\r\n${dateLine(now)}${stay}`) };
      }
      return head;
    },
    problem: ({ status, headers, body }) => {
      const more = lines({ ...headers, 'content-length': String(Buffer.byteLength(body)) });
      const date = dateLine(Math.floor(clock() / 1000));
      return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${more}${date}${stay}${body}`);
    },
  };
}

function dateLine(seconds: number): string {
  return `Date: ${new Date(1000 * seconds).toUTCString()}\r\n`;
}

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
