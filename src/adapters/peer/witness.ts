// Asks a witness for its cosignature over HTTP (C2SP tlog-witness). The address is the operator's own setting, so nothing guards it; what
// comes back is short, or nothing.

import { utf8Decode } from '../../core/codec/bytes.js';
import { YimaError } from '../../core/errors/yima-error.js';

const DEADLINE_MS = 10_000;
const MAX_BYTES = 16 * 1024;

/**
 * @param url of the witness, without a slash at the end
 * @throws YimaError `unavailable` when it does not answer in ten seconds, or with more than 16 KiB
 */
export async function postCheckpoint(
  url: string,
  body: string,
): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const response = await fetch(`${url}/trust/log/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > MAX_BYTES) throw new Error('The answer is too long.');
      chunks.push(chunk);
    }
    return { status: response.status, body: utf8Decode(new Uint8Array(Buffer.concat(chunks))) };
  } catch (cause) {
    throw new YimaError('unavailable', 'The witness does not answer as one does.', { cause });
  }
}
