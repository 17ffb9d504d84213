// The one spelling of a verify request that clients send, read from its bytes. Any other spelling is for the JSON parser.

/** What JSON.stringify writes in front of the code, and what writers with a space behind the colon do. */
const STARTS = ['{"code":"', '{"code": "'].map((start) => Buffer.from(start));
const END = Buffer.from('"}');

/**
 * The code in `{"code":"..."}` when that is all there is from `from` on and the code is printable ASCII without quote and backslash, so
 * that the text means itself; null otherwise.
 */
export function usualCode(bytes: Buffer, from = 0): string | null {
  const end = bytes.length - END.length;
  if (!holdsAt(bytes, END, end)) return null;
  const start = STARTS.find((each) => holdsAt(bytes, each, from));
  if (start === undefined || from + start.length > end) return null;
  for (let i = from + start.length; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c) return null;
  }
  return bytes.toString('latin1', from + start.length, end);
}

function holdsAt(body: Buffer, text: Buffer, at: number): boolean {
  for (let i = 0; i < text.length; i++) if (body[at + i] !== text[i]) return false;
  return true;
}
