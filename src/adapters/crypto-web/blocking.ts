// WebCrypto behind the synchronous port, for who pins it on a server: a thread of its own answers while this one waits (some 0.2 ms a call).

import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { YimaError } from '../../core/errors/yima-error.js';
import type { VerifySignature } from '../../core/signature/ports.js';
import type { PublicKey } from '../../core/signature/public-key.js';

/** What the thread is asked. */
export interface Question {
  readonly key: PublicKey;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** null: WebCrypto failed, e.g. has no such algorithm here. */
export type Reply = boolean | null;

const DEADLINE_MS = 5_000;

/**
 * A verifier that blocks this thread for each answer. The key must have passed `checkPublicKey`.
 * @throws YimaError `unavailable` from the returned function when the thread fails or does not answer in 5 s
 */
export function createBlockingWebVerify(): VerifySignature {
  const { port1: here, port2: there } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(new URL('./blocking-thread.js', import.meta.url), {
    workerData: { port: there, bell },
    transferList: [there],
  });
  thread.unref();
  here.unref();
  return (key, message, signature) => {
    Atomics.store(bell, 0, 0);
    here.postMessage({ key, message, signature } satisfies Question);
    Atomics.wait(bell, 0, 0, DEADLINE_MS);
    const reply = receiveMessageOnPort(here)?.message as Reply | undefined;
    if (reply === undefined || reply === null) {
      throw new YimaError(
        'unavailable',
        'WebCrypto does not answer here. Set YIMA_VERIFIER to auto or node.',
      );
    }
    return reply;
  };
}
