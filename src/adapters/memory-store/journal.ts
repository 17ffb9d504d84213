// Writes to maps that can be taken back, so that a change which fails half-way leaves nothing.

import { YimaError } from '../../core/errors/yima-error.js';

export const conflict = (): YimaError =>
  new YimaError('conflict', 'The store holds something newer: nothing was written.');

/** Writes that remember how to take themselves back, so that a change which fails half-way leaves nothing. */
export function createJournal() {
  const undo: (() => void)[] = [];
  const put = <K, V>(table: Map<K, V>, key: K, value: V): void => {
    const before = table.get(key);
    undo.push(() => void (before === undefined ? table.delete(key) : table.set(key, before)));
    table.set(key, value);
  };
  return {
    put,
    add: <K, V>(table: Map<K, V>, key: K, value: V): void => {
      if (table.has(key)) throw conflict();
      put(table, key, value);
    },
    append: <K, V>(table: Map<K, V[]>, key: K, value: V): void => {
      const values = table.get(key) ?? [];
      table.set(key, values);
      values.push(value);
      undo.push(() => void values.pop());
    },
    takeBack: (): void => {
      for (const step of undo.reverse()) step();
    },
  };
}

export type Journal = ReturnType<typeof createJournal>;
