// One HTTP answer of somebody who may be hostile: its head judged before a byte of the body is kept, its body capped twice, as it
// travels and unpacked.

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ENTITY_TAG } from '../../core/status/partner-store.js';
import { type PeerAnswer, PeerRefusal } from './peer-answer.js';

export interface AnswerLimits {
  /** In the spelling that the answer must have, but for the case of letters. */
  readonly mediaTypes: readonly string[];
  /** Of the body, packed and unpacked. */
  readonly maxBytes: number;
  /** Whether an entity tag was sent, so that "not modified" is an answer. */
  readonly isConditional: boolean;
}

const unpack = promisify(gunzip);
const JSON_TYPE = 'application/json';
const JSON_IN_UTF8 = /^application\/json; ?charset=utf-8$/;

/** @throws PeerRefusal */
export async function readAnswer(message: IncomingMessage, limits: AnswerLimits): Promise<PeerAnswer> {
  checkStatus(message.statusCode ?? 0, limits.isConditional);
  if (message.statusCode === 304) return { kind: 'unchanged' };
  const mediaType = checkType(message.headers['content-type'], limits.mediaTypes);
  const encoding = message.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') throw new PeerRefusal('encoding');
  const raw = await readBody(message, limits.maxBytes);
  const body = encoding === 'gzip' ? await inflated(raw, limits.maxBytes) : raw;
  const { etag } = message.headers;
  return {
    kind: 'fresh',
    mediaType,
    body: new Uint8Array(body.buffer, body.byteOffset, body.length),
    etag: etag !== undefined && ENTITY_TAG.test(etag) ? etag : null,
  };
}

function checkStatus(status: number, isConditional: boolean): void {
  if (status === 200) return;
  if (status === 304) {
    if (isConditional) return;
    throw new PeerRefusal('not_modified'); // of something that we never had
  }
  if (status >= 300 && status < 400) throw new PeerRefusal('redirect');
  if (status === 401 || status === 403) throw new PeerRefusal('forbidden');
  throw new PeerRefusal(status === 404 || status === 410 ? 'not_found' : 'http_status');
}

function checkType(header: string | undefined, wanted: readonly string[]): string {
  const given = header?.toLowerCase() ?? '';
  const found = wanted.find(
    (type) => type === given || (type === JSON_TYPE && JSON_IN_UTF8.test(given)), // RFC 8259 knows no such parameter, servers do
  );
  if (found === undefined) throw new PeerRefusal('content_type');
  return found;
}

function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > maxBytes) throw new PeerRefusal('too_large');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) reject(new PeerRefusal('too_large'));
      else chunks.push(chunk);
    });
    message.once('end', () => resolve(Buffer.concat(chunks)));
    const cut = (): void => reject(new PeerRefusal('connection')); // after the end it changes nothing
    message.once('error', cut);
    message.once('close', cut);
  });
}

async function inflated(raw: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await unpack(raw, { maxOutputLength: maxBytes });
  } catch (error) {
    const isBomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new PeerRefusal(isBomb ? 'too_large' : 'encoding');
  }
}
