// The text of an answer, unpacked where it came in gzip, within a bound.

import { gunzipSync } from 'node:zlib';
import { YimaError } from '../core/errors/yima-error.js';

/** As long as the longest bundle. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * @param encoding the header `content-encoding`
 * @throws YimaError `too_large` above 64 MiB; `unavailable` for what is no gzip though it says so
 */
export function unpackBody(body: Uint8Array, encoding: unknown): string {
  const bytes = encoding === 'gzip' ? unpack(body) : body;
  return new TextDecoder().decode(bytes);
}

function unpack(body: Uint8Array): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new YimaError('too_large', 'The answer is larger than 64 MiB.', { cause });
    throw new YimaError('unavailable', 'The answer came damaged. Ask again.', { cause });
  }
}
