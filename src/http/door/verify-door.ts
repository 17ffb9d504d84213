// The short way of POST /v1/verify: connections are met in front of Node's HTTP parser. A request in its one usual shape, whole in one
// piece, is read, judged and answered here; at the first byte of anything else the connection and what it brought go to the ordinary
// server for good, so that every refusal but "come later" has one definition.

import type { Socket } from 'node:net';
import type { Access } from '../deps.js';
import { findPrincipal } from '../plugins/guard.js';
import type { SocketGate } from '../reading-gate.js';
import { maySpeakFor } from '../showing.js';
import { usualBody } from './usual-body.js';
import { bodyStart, readUsualHead, type UsualHead } from './usual-head.js';
import { type Asker, Visit, type VisitDeps } from './visit.js';

export interface VerifyDoorDeps extends VisitDeps {
  readonly access: Access;
  readonly gate: SocketGate;
}

export interface DoorTimes {
  /** Milliseconds until a connection must have brought its first request, and between two of them. */
  readonly firstMs: number;
  readonly nextMs: number;
}

/** Stands in front of a server's parser. */
export interface Door {
  /**
   * Takes a new connection.
   * @param passOn gives the socket to the ordinary server, as if it had just come
   * @param isOpen whether the server still takes connections; when not, the ordinary one tells clients to come no more
   */
  readonly meet: (socket: Socket, passOn: () => void, isOpen: () => boolean) => void;
  readonly closeIdle: () => void;
  readonly closeAll: () => void;
}

export function createVerifyDoor(deps: VerifyDoorDeps, times: DoorTimes): Door {
  const guests = new Set<Guest>();
  return {
    meet: (socket, passOn, isOpen) => {
      guests.add(new Guest(socket, { passOn, isOpen, forget: (guest) => guests.delete(guest) }, times, deps));
    },
    closeIdle: () => {
      for (const guest of guests) guest.closeIfIdle();
    },
    closeAll: () => {
      for (const guest of guests) guest.close();
    },
  };
}

interface House {
  readonly passOn: () => void;
  readonly isOpen: () => boolean;
  readonly forget: (guest: Guest) => void;
}

/** One connection, as long as it asks what is usual. */
class Guest {
  readonly #socket: Socket;
  readonly #house: House;
  readonly #times: DoorTimes;
  readonly #deps: VerifyDoorDeps;
  readonly #asker: Asker;
  #head: UsualHead | null = null;
  #isWaiting = false;
  /** Whether it said, while an answer was due, that nothing more comes. */
  #hasEnded = false;
  /** What came while an answer was due. */
  #early: Buffer | null = null;

  constructor(socket: Socket, house: House, times: DoorTimes, deps: VerifyDoorDeps) {
    this.#socket = socket;
    this.#house = house;
    this.#times = times;
    this.#deps = deps;
    this.#asker = { send: (message) => this.#answer(message), isGone: () => socket.destroyed };
    socket.on('data', this.#onData).on('end', this.#onEnd).on('timeout', this.#onTimeout);
    socket.on('error', this.#onError).on('close', this.#onClose);
    socket.setTimeout(times.firstMs);
  }

  close(): void {
    this.#socket.destroy();
  }

  closeIfIdle(): void {
    if (!this.#isWaiting && this.#socket.writableLength === 0) this.close();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isWaiting) {
      this.#early = this.#early === null ? chunk : Buffer.concat([this.#early, chunk]);
      this.#socket.pause();
      return;
    }
    const visit = this.#house.isOpen() ? this.#read(chunk) : null;
    if (visit === null) {
      this.#leave(chunk);
      return;
    }
    this.#isWaiting = true;
    visit.enter();
  };

  #read(chunk: Buffer): Visit | null {
    const { access, gate } = this.#deps;
    const start = this.#headOf(chunk);
    if (start < 0 || this.#head === null) return null;
    const body = usualBody(chunk, start);
    if (body === null) return null;
    const principal = findPrincipal(this.#head.authorization, access);
    if (principal?.scopes.includes('verify') !== true || !maySpeakFor(principal, body.site)) return null;
    gate.join(this.#socket);
    return new Visit(principal, body, this.#asker, this.#deps);
  }

  /** Where the body begins. A client's next head is mostly its last. */
  #headOf(chunk: Buffer): number {
    const known = this.#head === null ? -1 : bodyStart(this.#head, chunk);
    if (known >= 0) return known;
    this.#head = readUsualHead(chunk);
    if (this.#head === null) return -1;
    this.#socket.setTimeout(this.#times.nextMs);
    return bodyStart(this.#head, chunk);
  }

  #answer(message: Buffer): void {
    const socket = this.#socket;
    this.#isWaiting = false;
    if (!socket.write(message)) this.#holdUntilRead();
    if (this.#hasEnded) socket.end();
    else if (this.#early !== null) this.#leave(this.#early);
  }

  /** Who does not read its answers brings no more requests. */
  #holdUntilRead(): void {
    this.#socket.pause();
    this.#socket.once('drain', () => this.#socket.resume());
  }

  /** To the ordinary server, with what was read last as the first that it reads. */
  #leave(chunk: Buffer): void {
    const socket = this.#socket;
    socket.off('data', this.#onData).off('end', this.#onEnd).off('timeout', this.#onTimeout);
    socket.off('error', this.#onError).off('close', this.#onClose);
    socket.setTimeout(0);
    this.#house.forget(this);
    socket.pause();
    socket.unshift(chunk);
    this.#house.passOn();
    socket.resume();
  }

  readonly #onEnd = (): void => {
    if (this.#isWaiting) this.#hasEnded = true;
    else this.#socket.end();
  };

  readonly #onTimeout = (): void => {
    this.#socket.destroy();
  };

  readonly #onError = (): void => {
    this.#socket.destroy();
  };

  readonly #onClose = (): void => this.#house.forget(this);
}
