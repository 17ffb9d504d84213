// Bodies: uncompressed JSON in UTF-8, with one meaning or none. Fastify's own parser takes the last of two equal names.

import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseStrictJson } from '../../core/codec/json.js';
import { YimaError } from '../../core/errors/yima-error.js';

const MAX_DEPTH = 16;

type Done = (error: Error | null, body?: unknown) => void;

/** @throws YimaError `unsupported_media_type`, `invalid_request` */
function parseBody(request: FastifyRequest, body: Buffer): unknown {
  checkEncoding(request, 'application/json');
  if (!isUtf8(body)) throw new YimaError('invalid_request', 'The body is not UTF-8.');
  try {
    return parseStrictJson(body.toString('utf8'), { maxDepth: MAX_DEPTH });
  } catch (cause) {
    const rule = cause instanceof YimaError ? cause.rule : undefined;
    const message =
      'The body is not JSON in its strict form: no member twice, no prototype names, no deep nesting.';
    throw new YimaError('invalid_request', message, rule === undefined ? { cause } : { cause, rule });
  }
}

/**
 * That a body is what it is called, in UTF-8 and uncompressed.
 * @param mediaType without parameters, as most requests have it
 * @throws YimaError `unsupported_media_type`
 */
export function checkEncoding({ headers }: FastifyRequest, mediaType: string): void {
  if (headers['content-type'] !== mediaType) checkCharset(headers['content-type'] ?? '');
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    throw new YimaError('unsupported_media_type', 'Compressed bodies are not read.');
  }
}

function checkCharset(contentType: string): void {
  const parameter = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
  if (parameter !== undefined && parameter.toLowerCase() !== 'utf-8') {
    throw new YimaError('unsupported_media_type', 'JSON is read in UTF-8 only.');
  }
}

export function registerStrictBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: Done) => {
      try {
        done(null, parseBody(request, body));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}
