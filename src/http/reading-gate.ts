// Connections that bring verifications, and whether they are read. A connection that is not costs nothing: what its client sends
// stays in the kernel, and then with the client.

import type { Socket } from 'node:net';
import type { ReadingGate } from './verify-lane.js';

export interface SocketGate extends ReadingGate {
  /** From its first verification on a connection counts as one that brings them, until it closes. */
  readonly join: (socket: Socket) => void;
  readonly held: () => number;
}

/** How many connections one release reads again. */
const BATCH = 128;

export function createSocketGate(): SocketGate {
  /** Each connection that joined is in one of the two, so that holding again costs nothing. */
  const read = new Set<Socket>();
  const held = new Set<Socket>();
  const forget = function (this: Socket): void {
    read.delete(this);
    held.delete(this);
  };
  return {
    join: (socket) => {
      if (read.has(socket) || held.has(socket)) return;
      read.add(socket);
      socket.once('close', forget);
    },
    hold: () => {
      for (const socket of read) {
        if (socket.isPaused()) continue;
        socket.pause();
        read.delete(socket);
        held.add(socket);
      }
    },
    release: () => {
      let left = BATCH;
      for (const socket of held) {
        if (left-- === 0) return;
        held.delete(socket);
        read.add(socket);
        if (!socket.writableNeedDrain) socket.resume(); // else who paused it resumes it
      }
    },
    isHolding: () => held.size > 0,
    held: () => held.size,
  };
}
