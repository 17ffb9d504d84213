// Failures of our own server in the words of a page, each with its one next action.

import type { Say } from '../shared/language.js';
import type { Trouble } from '../shared/notice.js';
import type { Failure } from '../shared/request.js';

/** `retry` asks the same again. */
export function troubleOf(failure: Failure, say: Say, retry: () => void): Trouble {
  return {
    sentence: say(`error.${failure.name}`, { s: failure.waitSeconds }),
    action: say('error.retry'),
    act: retry,
  };
}
