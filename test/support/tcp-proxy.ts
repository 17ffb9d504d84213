// A network that misbehaves on command: a TCP proxy on loopback that refuses, falls silent, delays, trickles or cuts.

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Owner } from './redis-server.js';

/** How it treats what passes. Absent members do nothing. */
export interface Weather {
  /** Takes connections and closes them at once. */
  readonly refuse?: boolean;
  /** Takes connections and never reads from either side. */
  readonly silent?: boolean;
  /** Every piece waits this long, in both directions. */
  readonly delayMs?: number;
  /** From the server to the client, for each connection. */
  readonly bytesPerSecond?: number;
  /** Ends the next connection that brought this many bytes from the server, once. */
  readonly cutAfterBytes?: number;
}

export interface TcpProxy {
  readonly port: number;
  /** Takes effect on open connections too, but for `refuse`. */
  readonly set: (weather: Weather) => void;
  /** Ends every open connection. */
  readonly cut: () => void;
  /** Fair weather from now on; connections that were silent go on. */
  readonly heal: () => void;
  /** Connections that were cut by `cutAfterBytes`. */
  readonly cuts: () => number;
  /** Connections that have ever been taken. */
  readonly taken: () => number;
}

const TICK_MS = 10;

/** Stands before a server of this machine. */
export async function startTcpProxy(owner: Owner, targetPort: number): Promise<TcpProxy> {
  let weather: Weather = {};
  let cuts = 0;
  let taken = 0;
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
    return socket;
  };
  const isDue = (bytes: number): boolean => {
    if (weather.cutAfterBytes === undefined || bytes < weather.cutAfterBytes) return false;
    const { cutAfterBytes: _, ...rest } = weather;
    weather = rest;
    cuts++;
    return true;
  };

  const server = createServer({ allowHalfOpen: false }, (client) => {
    taken++;
    keep(client);
    if (weather.refuse) {
      client.resetAndDestroy();
      return;
    }
    const target = keep(connect({ port: targetPort, host: '127.0.0.1' }));
    const endBoth = (): void => {
      client.destroy();
      target.destroy();
    };
    client.once('close', endBoth);
    target.once('close', endBoth);
    pump(client, target, () => ({ ...weather, bytesPerSecond: undefined }));
    pump(
      target,
      client,
      () => weather,
      (bytes) => isDue(bytes) && endBoth(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  owner.teardown(async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      weather = next;
    },
    cut,
    heal: () => {
      weather = {};
    },
    cuts: () => cuts,
    taken: () => taken,
  };
}

interface Passing {
  readonly silent?: boolean | undefined;
  readonly delayMs?: number | undefined;
  readonly bytesPerSecond?: number | undefined;
}

/** Carries one direction, in order, as the weather of each moment has it. */
function pump(
  from: Socket,
  to: Socket,
  weather: () => Passing,
  onPassed: (bytes: number) => void = () => undefined,
): void {
  let passed = 0;
  let last: Promise<void> = Promise.resolve();
  const pass = async (piece: Buffer): Promise<void> => {
    if (!to.writable) return;
    passed += piece.length;
    onPassed(passed);
    if (to.writable && !to.write(piece)) await drained(to);
  };
  const carry = async (chunk: Buffer, arrivedMs: number): Promise<void> => {
    const { delayMs = 0 } = weather();
    await sleep(arrivedMs + delayMs - performance.now());
    for (let at = 0; at < chunk.length && !to.destroyed; ) {
      const { silent, bytesPerSecond } = weather();
      if (silent) {
        await sleep(TICK_MS);
        continue;
      }
      const room = bytesPerSecond === undefined ? chunk.length : Math.ceil((bytesPerSecond * TICK_MS) / 1000);
      await pass(chunk.subarray(at, at + room));
      at += room;
      if (bytesPerSecond !== undefined) await sleep(TICK_MS);
    }
  };
  from.on('data', (chunk: Buffer) => {
    from.pause(); // one piece at a time: what waits, waits in the kernel
    const arrivedMs = performance.now();
    last = last.then(() => carry(chunk, arrivedMs));
    void last.then(() => from.resume());
  });
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', () => resolve());
  });
}

function sleep(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
