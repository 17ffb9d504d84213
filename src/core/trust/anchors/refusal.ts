// How readers of foreign sources refuse: a whole source, or one key of it.

import { YimaError } from '../../errors/yima-error.js';

export function refuseSource(field: string): YimaError {
  return new YimaError('list_refused', `The source's member ${field} is missing or not of its form.`, {
    field,
  });
}

export function refuseAnchor(rule: string): YimaError {
  return new YimaError('key_refused', 'The key does not meet the rules of its format.', { rule });
}

/** The rule that a key was refused by. @throws anything else */
export function anchorRule(error: unknown): string {
  if (error instanceof YimaError && error.code === 'key_refused') return error.rule ?? 'key_refused';
  throw error;
}
