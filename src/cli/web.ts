// One request to somebody else's node, by the address that the person typed.

import { YimaError } from '../core/errors/yima-error.js';
import type { LocalResponse } from './local-client.js';
import type { WebRequest } from './terminal.js';
import { MAX_BODY_BYTES } from './unpack-body.js';

const TIMEOUT_MS = 60_000;

/** Follows no redirection, and reads no more than 64 MiB. @throws YimaError `unavailable`, `too_large` */
export async function askWeb({ method, url, contentType, body }: WebRequest): Promise<LocalResponse> {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await readBounded(response),
    };
  } catch (cause) {
    if (cause instanceof YimaError) throw cause;
    throw new YimaError('unavailable', `${url} does not answer. Look at the address and the network.`, {
      cause,
    });
  }
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new YimaError('too_large', 'The answer is larger than 64 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
