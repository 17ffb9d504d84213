// A worker that waits for its page: WebCrypto answers later, and core's ports ask at once. One question at a time.

/** What the page can be asked, with what it answers. */
export interface Questions {
  readonly digest: (name: string, data: Uint8Array) => Uint8Array;
  readonly compress: (format: string, data: Uint8Array) => Uint8Array;
  readonly generate: (algorithm: object) => object;
  readonly sign: (jwk: object, message: Uint8Array) => Uint8Array;
  readonly verify: (key: object, message: Uint8Array, signature: Uint8Array) => boolean;
}

export const ANSWER_BYTES = 4 * 1024 * 1024;
/** Bell, form, length. */
const HEAD_BYTES = 12;
const FORMS = { json: 0, bytes: 1, error: 2 } as const;

const shared = new SharedArrayBuffer(HEAD_BYTES + ANSWER_BYTES);
const scope = globalThis as unknown as { postMessage: (message: unknown) => void };

/** @throws Error that the page's work ended in */
export function ask<Name extends keyof Questions>(
  name: Name,
  ...input: Parameters<Questions[Name]>
): ReturnType<Questions[Name]> {
  const [head, body] = partsOf(shared);
  Atomics.store(head, 0, 0);
  scope.postMessage({ name, input, shared });
  // The bell of the answer before may still ring.
  while (Atomics.load(head, 0) === 0) Atomics.wait(head, 0, 0);
  const [, form = 0, length = 0] = head;
  const bytes = body.slice(0, length);
  if (form === FORMS.bytes) return bytes as ReturnType<Questions[Name]>;
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (form === FORMS.error) throw new Error(String(value));
  return value as ReturnType<Questions[Name]>;
}

function partsOf(memory: SharedArrayBuffer): readonly [Int32Array, Uint8Array] {
  return [new Int32Array(memory, 0, HEAD_BYTES / 4), new Uint8Array(memory, HEAD_BYTES)];
}

/** In the page: writes what came out, and wakes the worker. */
export async function answer(memory: SharedArrayBuffer, work: Promise<unknown>): Promise<void> {
  const [head, body] = partsOf(memory);
  const [form, bytes] = await work.then(
    (value) =>
      value instanceof Uint8Array
        ? ([FORMS.bytes, value] as const)
        : ([FORMS.json, new TextEncoder().encode(JSON.stringify(value))] as const),
    (error: unknown) => [FORMS.error, new TextEncoder().encode(JSON.stringify(String(error)))] as const,
  );
  body.set(bytes);
  head[1] = form;
  head[2] = bytes.length;
  Atomics.store(head, 0, 1);
  Atomics.notify(head, 0);
}
