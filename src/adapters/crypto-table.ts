// Ed25519 with tables of multiples for the keys in use (WebAssembly, src/wasm/ed25519); every other key, message and algorithm goes to another backend.
// One answer with it for every input: refusals and samples are asked of both, and at the first difference or trap the tables are left for good.

import type { VerifySignature } from '../core/signature/ports.js';
import type { PublicKey } from '../core/signature/public-key.js';
import { checkSignatureEncoding } from '../core/signature/signature-encoding.js';
import { createKeyTables, type KeyUse } from './crypto-table/key-tables.js';
import { KNOWN_ANSWERS } from './crypto-table/known-answers.js';
import type { TableModule } from './crypto-table/table-module.js';

export interface TableVerifyOptions {
  /** From `openTableModule`; this verifier alone may use it. */
  readonly module: TableModule;
  /** Judges what has no table. */
  readonly other: VerifySignature;
  /** Runs a function after the request at hand. */
  readonly defer: (run: () => void) => void;
}

/** Why tables are not used any more. */
export type TableFault = 'self_test' | 'disagreement' | 'trap';

export interface TableFigures {
  /** Retained Ed25519 keys, how many of them have a table, and the bytes that tables take. */
  readonly keys: number;
  readonly tables: number;
  readonly bytes: number;
  readonly fault: TableFault | null;
}

export interface TableVerify {
  readonly verify: VerifySignature;
  /** The trusted keys from now on: only these get tables, and those of others are dropped. */
  readonly retain: (keys: readonly PublicKey[]) => void;
  /** Builds what is wanted now, without waiting: for benches and tests. */
  readonly settle: () => void;
  readonly figures: () => TableFigures;
}

/** One in so many sound answers is asked of the other backend too, the first of all among them. */
const SAMPLE_EVERY = 1_024;
/** And so is each refusal, or the honest would stand accused on one word: as many as this in a row, one more for each sound answer. */
const MOST_DOUBTS = 256;

export function createTableVerify({ module, other, defer }: TableVerifyOptions): TableVerify {
  const { wasm, bytes } = module;
  const [inputAt, scalarAt, maxMessage] = [wasm.inputAt(), wasm.scalarAt(), wasm.maxMessage()];
  const tables = createKeyTables(module);
  let fault: TableFault | null = null;
  let untilSample = 1;
  let doubts = MOST_DOUBTS;
  let isWorking = false;

  const ask = ({ address }: KeyUse, message: Uint8Array, signature: Uint8Array): boolean => {
    for (let i = 0; i < 32; i++) {
      bytes[inputAt + i] = signature[i] as number;
      bytes[scalarAt + i] = signature[32 + i] as number;
    }
    bytes.set(message, inputAt + 64);
    return wasm.verify(address, message.length) === 1;
  };

  const leave = (reason: TableFault): void => {
    fault = reason;
    tables.retain([]);
  };

  const work = (): void => {
    if (fault !== null) return;
    try {
      isWorking = tables.work();
    } catch {
      leave('trap');
      return;
    }
    if (isWorking) defer(work);
  };

  const plan = (): void => {
    tables.plan();
    if (isWorking) return;
    isWorking = true;
    defer(work);
  };

  /** Whether this answer is to be asked of both. A flood of forgeries soon is not, so that it costs us no more than others. */
  const isDoubted = (answer: boolean): boolean => {
    if (!answer) return doubts-- > 0;
    if (doubts < MOST_DOUBTS) doubts = Math.max(doubts, 0) + 1;
    untilSample--;
    if (untilSample > 0) return false;
    untilSample = SAMPLE_EVERY;
    return true;
  };

  const askBoth = (answer: boolean, key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean => {
    const expected = other(key, message, signature);
    if (answer !== expected) leave('disagreement');
    return expected;
  };

  const verify: VerifySignature = (key, message, signature) => {
    const use = key.algorithm === 'Ed25519' ? tables.find(key) : undefined;
    if (use === undefined) return other(key, message, signature);
    let answer: boolean;
    if (use.address === 0 || message.length > maxMessage) {
      answer = other(key, message, signature);
    } else {
      if (!checkSignatureEncoding(key, signature)) return false;
      try {
        answer = ask(use, message, signature);
      } catch {
        leave('trap');
        return other(key, message, signature);
      }
      if (isDoubted(answer)) answer = askBoth(answer, key, message, signature);
    }
    if (answer && tables.count(use)) plan();
    return answer;
  };

  const settle = (): void => {
    tables.plan();
    while (tables.work());
  };

  if (!passesSelfTest()) leave('self_test');

  /** Known answers through tables of their own, which go again. */
  function passesSelfTest(): boolean {
    try {
      const keys = KNOWN_ANSWERS.map(({ key }) => key);
      tables.retain(keys);
      for (const key of keys) for (let i = 0; i < 16; i++) tables.count(tables.find(key) as KeyUse);
      settle();
      return KNOWN_ANSWERS.every(({ key, message, signature, isSound }) => {
        const use = tables.find(key);
        return use !== undefined && use.address !== 0 && ask(use, message, signature) === isSound;
      });
    } catch {
      return false;
    } finally {
      tables.retain([]);
    }
  }

  return {
    verify,
    retain: (keys) => {
      if (fault === null) tables.retain(keys);
    },
    settle,
    figures: () => ({ ...tables.figures(), fault }),
  };
}
