// The one way codecs refuse untrusted input: code `damaged`, a fixed sentence, a stable rule, never the input itself.

import { YimaError } from '../errors/yima-error.js';

/** A `damaged` error; `rule` is the finer reason, stable, in snake_case. */
export function damaged(rule: string): YimaError {
  return new YimaError('damaged', 'The text or data is incomplete or not in its one permitted form.', {
    rule,
  });
}
