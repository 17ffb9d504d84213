// What a promise is refused with, and the assertion that it is refused with a code, and a field where one is named.

import type { Test } from 'tap';
import { type ErrorCode, YimaError } from '../../src/core/errors/yima-error.js';

/** What a promise is refused with; undefined when it is not. */
export function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

export async function refuses(
  t: Test,
  work: Promise<unknown>,
  code: ErrorCode,
  field?: string,
): Promise<void> {
  const thrown = await refusal(work);
  if (!(thrown instanceof YimaError)) {
    t.fail(`expected ${code}`, { thrown });
    return;
  }
  t.equal(thrown.code, code, `is refused with ${code}`);
  if (field !== undefined) t.equal(thrown.field, field, `names ${field}`);
}
