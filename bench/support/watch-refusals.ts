// A checkpoint with one connection that asks about a code until it is refused, and then about the next.

import { openRawClient } from './raw-client.js';
import { verifyText } from './raw-http.js';
import { steadyMs } from './steady-ms.js';

const PAUSE_MS = 1;
const REFUSED = '"decision":"refuse"';

/** @returns when each was first refused, by the machine's steady clock: late by the pause of 1 ms and a way there and back at most */
export async function watchRefusals(
  { port, apiKey }: { readonly port: number; readonly apiKey: string },
  codes: readonly string[],
): Promise<readonly number[]> {
  const client = await openRawClient(port);
  const requests = codes.map((code) => Buffer.from(verifyText(code, apiKey)));
  const times: number[] = [];
  while (times.length < requests.length) {
    const answer = await client.ask(requests[times.length] as Buffer);
    if (answer.includes(REFUSED)) times.push(steadyMs());
    else await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  client.close();
  return times;
}
