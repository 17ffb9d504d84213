// Bodies of token requests: a form in UTF-8, each name once (RFC 6749, section 3.2).

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { YimaError } from '../../../core/errors/yima-error.js';
import { checkEncoding } from '../../plugins/strict-body.js';

export const FORM = 'application/x-www-form-urlencoded';

const MOST_PARAMETERS = 16;

export function registerFormBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    FORM,
    { parseAs: 'string' },
    (request: FastifyRequest, body: string, done: (error: Error | null, body?: unknown) => void) => {
      try {
        checkEncoding(request, FORM);
        done(null, parseForm(body));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

/** @throws YimaError `invalid_request` for a name that comes twice */
function parseForm(body: string): Readonly<Record<string, string>> {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name) || form.size >= MOST_PARAMETERS)
      throw new YimaError(
        'invalid_request',
        'Send each parameter once, and no others than the documented ones.',
      );
    form.set(name, value);
  }
  return Object.fromEntries(form);
}
