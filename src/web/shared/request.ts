// Asks our own server for JSON. A failure is a value with one of a few names, each of which a page has a sentence for.

type FailureName =
  | 'unreachable'
  | 'rate_limited'
  | 'forbidden'
  | 'gone'
  | 'conflict'
  | 'too_large'
  | 'failed';

export interface Failure {
  readonly name: FailureName;
  /** Only for `rate_limited`. */
  readonly waitSeconds: number;
}

/** What went wrong, or the body. The body's shape is the server's promise (OpenAPI). */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

const TIMEOUT_MS = 10_000;

function failed(name: FailureName, waitSeconds = 0): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { name, waitSeconds } };
}

function nameStatus(response: Response): ReturnType<typeof failed> {
  const waitSeconds = Number(response.headers.get('retry-after')) || 5;
  switch (response.status) {
    case 404:
    case 410:
      return failed('gone');
    case 403:
      return failed('forbidden');
    case 409:
      return failed('conflict');
    case 413:
      return failed('too_large');
    case 429:
    case 503:
      return failed('rate_limited', waitSeconds);
    default:
      return failed('failed');
  }
}

async function send<T>(path: string, init: RequestInit): Promise<Reply<T>> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    return failed('unreachable');
  }
  if (!response.ok) return nameStatus(response);
  try {
    return { ok: true, value: (await response.json()) as T };
  } catch {
    return failed('failed');
  }
}

export function getJson<T>(path: string): Promise<Reply<T>> {
  return send(path, { headers: { accept: 'application/json' } });
}

export function postJson<T>(path: string, body: unknown): Promise<Reply<T>> {
  return send(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
