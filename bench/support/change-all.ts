// An office that suspends licences at a rate, over connections of its own.

import { openRawClient, type RawClient } from './raw-client.js';
import { postText } from './raw-http.js';
import { steadyMs } from './steady-ms.js';

const CONNECTIONS = 64;
const TICK_MS = 1;
const PAYLOAD = JSON.stringify({ action: 'suspend', reason: 'bench' });

/**
 * Asks for a change of each in turn, however long the answers take.
 * @returns when each was asked for, and when it was acknowledged, by the machine's steady clock
 * @throws Error for any other answer than success
 */
export async function changeAll(
  { port, apiKey }: { readonly port: number; readonly apiKey: string },
  ids: readonly string[],
  perSecond: number,
): Promise<readonly (readonly [number, number])[]> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => openRawClient(port)));
  const requests = ids.map((id) =>
    Buffer.from(postText(`/v1/credentials/${id}/status`, PAYLOAD, `authorization: Bearer ${apiKey}\r\n`)),
  );
  const begin = steadyMs();
  const changes: Promise<readonly [number, number]>[] = [];
  while (changes.length < ids.length) {
    const due = Math.min(ids.length, Math.floor(((steadyMs() - begin) * perSecond) / 1000) + 1);
    while (changes.length < due) {
      const number = changes.length;
      // In turn on each connection: a change whose turn comes while one is under way waits for it.
      const before = changes[number - CONNECTIONS] ?? Promise.resolve();
      const client = clients[number % CONNECTIONS] as RawClient;
      const askedMs = steadyMs();
      changes.push(before.then(() => change(client, requests[number] as Buffer)).then((at) => [askedMs, at]));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const times = await Promise.all(changes);
  for (const client of clients) client.close();
  return times;
}

async function change(client: RawClient, request: Buffer): Promise<number> {
  const answer = await client.ask(request);
  if (!answer.includes('HTTP/1.1 200 ')) throw new Error(answer.toString('utf8'));
  return steadyMs();
}
