// Failures of our own server in the words of a page, each with its one next action.

import type { Trouble } from '../shared/notice.js';
import type { Failure } from '../shared/request.js';
import type { HomeSay } from './home-language.js';

/** `retry` asks the same again. */
export function troubleOf(failure: Failure, say: HomeSay, retry: () => void): Trouble {
  return {
    sentence: say(`error.${failure.name}`, { s: failure.waitSeconds }),
    action: say('error.retry'),
    act: retry,
  };
}
