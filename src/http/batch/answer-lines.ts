// A batch from its first byte to its last: lines are read as the answers are taken, judged in turns, and answered in order.

import { YimaError } from '../../core/errors/yima-error.js';
import { type AnswerPage, createAnswerPage } from './answer-page.js';
import { MAX_LINE_BYTES } from './batch-line.js';
import type { Inbox } from './inbox.js';
import { createLineSplitter, type Line, type LineSplitter } from './line-splitter.js';
import type { Turns } from './turns.js';

export interface BatchDeps {
  readonly inbox: Inbox;
  readonly turns: Turns;
  readonly maxLines: number;
  /** Judges one line and writes its answer. @param number counted from 1 */
  readonly answer: (line: Line, number: number, page: AnswerPage) => void;
  /** Writes what ended the batch. @param number of the first line without an answer */
  readonly explain: (error: unknown, number: number, page: AnswerPage) => void;
  /** Whether nobody waits for answers any more. */
  readonly isGone: () => boolean;
}

/** Pages of answers. Never throws: what goes wrong is told in the last line. Work stops when the other side has left. */
export async function* answerLines(deps: BatchDeps): AsyncGenerator<Buffer, void> {
  const page = createAnswerPage();
  const batch: Batch = { ...deps, page, lines: createLineSplitter(MAX_LINE_BYTES), answered: 0 };
  try {
    yield* readAll(batch);
  } catch (error) {
    deps.explain(error, batch.answered + 1, page);
    const last = page.take();
    if (last !== null) yield last;
  } finally {
    await deps.inbox.close();
  }
}

interface Batch extends BatchDeps {
  readonly page: AnswerPage;
  readonly lines: LineSplitter;
  answered: number;
}

async function* readAll(batch: Batch): AsyncGenerator<Buffer, void> {
  for (;;) {
    const chunk = await batch.inbox.next();
    if (chunk === 'gone') return;
    if (chunk === 'end') {
      yield* judge(batch, batch.lines.rest, () => null);
      return;
    }
    batch.lines.feed(chunk);
    yield* judge(batch, batch.lines.next, batch.lines.next);
  }
}

/** A page leaves when it is full, and before more lines are waited for. */
async function* judge(
  batch: Batch,
  first: () => Line | null,
  next: () => Line | null,
): AsyncGenerator<Buffer, void> {
  let line = first();
  while (line !== null) {
    const turn = await batch.turns.begin();
    try {
      if (batch.isGone()) return;
      batch.inbox.checkTime();
      do {
        answerOne(batch, line);
        line = next();
      } while (line !== null && !turn.isOver() && !batch.page.isFull());
    } finally {
      turn.end();
    }
    const answers = line === null || batch.page.isFull() ? batch.page.take() : null;
    if (answers !== null) yield answers;
  }
}

function answerOne(batch: Batch, line: Line): void {
  if (batch.answered >= batch.maxLines) {
    throw new YimaError('too_large', `A batch has at most ${batch.maxLines} lines.`, { rule: 'lines' });
  }
  batch.answer(line, batch.answered + 1, batch.page);
  batch.answered++;
}
