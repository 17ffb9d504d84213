// Just enough HTTP/1.1 for load on raw sockets: whole requests as text, and where an answer ends.

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** No further request may follow on this connection. */
  readonly closes: boolean;
}

/** @param headers whole lines, each with its CRLF */
export function postText(path: string, body: string, headers = '', type = 'application/json'): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export function verifyText(code: string, apiKey: string): string {
  return postText('/v1/verify', JSON.stringify({ code }), `authorization: Bearer ${apiKey}\r\n`);
}

/** @param lines NDJSON */
export function batchText(lines: string, apiKey: string): string {
  return postText('/v1/verify/batch', lines, `authorization: Bearer ${apiKey}\r\n`, 'application/x-ndjson');
}

interface Frame {
  readonly headers: string;
  readonly bodyStart: number;
  readonly end: number;
}

/** Where the answer's body begins and ends once its headers are here; null before. @throws without a content-length */
function frameOf(received: Buffer): Frame | null {
  const headersEnd = received.indexOf('\r\n\r\n');
  if (headersEnd < 0) return null;
  const headers = received.toString('latin1', 0, headersEnd);
  const length = /content-length: (\d+)/i.exec(headers)?.[1];
  if (length === undefined) throw new Error('the answer has no content-length');
  return { headers, bodyStart: headersEnd + 4, end: headersEnd + 4 + Number(length) };
}

const CHUNKED = /^HTTP\/1\.1 [^\r]*\r\n(?:[^\r]+\r\n)*transfer-encoding: chunked\r\n/i;
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** Length of the whole answer once its headers are here, and of one in chunks once it has ended; null before. */
export function endOfAnswer(received: Buffer): number | null {
  const headersEnd = received.indexOf('\r\n\r\n');
  if (headersEnd < 0) return null;
  if (!CHUNKED.test(received.toString('latin1', 0, headersEnd + 2))) return frameOf(received)?.end ?? null;
  const tail = received.toString('latin1', received.length - LAST_CHUNK.length);
  return tail === LAST_CHUNK ? received.length : null;
}

/** The answer once all of it is here; null before. @throws when more came than one answer, or it is none */
export function readAnswer(received: Buffer): HttpAnswer | null {
  const frame = frameOf(received);
  if (frame === null || received.length < frame.end) return null;
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(frame.headers)?.[1];
  if (status === undefined || received.length > frame.end) throw new Error('not one HTTP/1.1 answer');
  const body = received.subarray(frame.bodyStart, frame.end);
  return { status: Number(status), body, closes: /^connection: close\r?$/im.test(frame.headers) };
}
