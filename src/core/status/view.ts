// What verification asks of status: one bit-packed read, no I/O.

import type { Moment } from './moment.js';

export interface StatusReading {
  readonly value: number;
  /** When this knowledge was last confirmed current. */
  readonly asOf: Moment;
}

export interface StatusView {
  /**
   * The status of one index; undefined when the list is not held or the index lies past its end (`status_unknown`).
   * @param base the trust entry's statusBase, ending in `/`
   * @param list list number under that base
   */
  readonly find: (base: string, list: number, index: number) => StatusReading | undefined;
}
