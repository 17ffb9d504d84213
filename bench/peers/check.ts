// A peer is timed only after it has told sound tokens from bad ones.

import type { Contender } from './contender.js';
import { REVOKED_SERIAL } from './world.js';

const SPOILT_PLACES = 8;

/** Makes `count` sound tokens. @throws Error naming what the peer got wrong */
export async function soundTokens(name: string, peer: Contender, count: number): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let serial = 0; serial < count; serial += 1) tokens.push(await peer.sign(serial));
  for (const token of tokens) await expect(name, peer, token, true, 'a sound token');
  for (const spoilt of spoil(tokens[0] ?? '')) await expect(name, peer, spoilt, false, 'a spoilt token');
  await expect(name, peer, await peer.sign(REVOKED_SERIAL), false, 'a revoked token');
  return tokens;
}

/** One letter or digit changed, at places all over the token; not the last, whose low bits may mean nothing. */
function spoil(token: string): readonly string[] {
  return Array.from({ length: SPOILT_PLACES }, (_, i) => {
    let at = Math.floor(((i + 0.5) / SPOILT_PLACES) * token.length);
    while (!/[A-Za-z0-9]/.test(token[at] ?? 'x')) at -= 1;
    return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
  });
}

async function expect(
  name: string,
  peer: Contender,
  token: string,
  sound: boolean,
  what: string,
): Promise<void> {
  if ((await peer.judge(token)) !== sound) {
    throw new Error(`${name} ${sound ? 'refused' : 'accepted'} ${what}.`);
  }
}
