// Numbers on a command line.

import { YimaError } from '../core/errors/yima-error.js';

/** A whole number from 0, as typed for `--name`. @throws YimaError `invalid_request` */
export function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw new YimaError('invalid_request', `--${name} is a whole number.`, { field: name });
  return Number(text);
}
