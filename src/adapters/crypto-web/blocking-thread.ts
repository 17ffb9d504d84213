// The thread behind createBlockingWebVerify: one question, one answer, and the bell.

import { type MessagePort, workerData } from 'node:worker_threads';
import { publicJwk } from '../../core/signature/public-jwk.js';
import type { PublicKey } from '../../core/signature/public-key.js';
import { createWebVerify } from '../crypto-web.js';
import type { Question, Reply } from './blocking.js';

const { port, bell } = workerData as { readonly port: MessagePort; readonly bell: Int32Array };
const verify = createWebVerify();
const MOST_KEYS = 10_000;
/** The same object for the same key, so that it is imported once. */
const keys = new Map<string, PublicKey>();

function sameObject(key: PublicKey): PublicKey {
  const id = JSON.stringify(publicJwk(key));
  const known = keys.get(id);
  if (known !== undefined) return known;
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(id, key);
  return key;
}

port.on('message', ({ key, message, signature }: Question) => {
  const answer = (reply: Reply): void => {
    port.postMessage(reply);
    Atomics.store(bell, 0, 1);
    Atomics.notify(bell, 0);
  };
  verify(sameObject(key), message, signature).then(answer, () => answer(null));
});
