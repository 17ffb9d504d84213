// The cosignatures of a checkpoint: every witness is asked at once, told what it lacks, and left where it does not answer.

import { encodeBase64 } from '../../core/codec/base64.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import { type Checkpoint, parseCheckpoint } from '../../core/trust/log/checkpoint.js';
import { encodeNote, type NoteSignature, parseNote } from '../../core/trust/log/signed-note.js';
import { consistencyProof } from '../../core/trust/log/tree.js';
import type { LogTree } from './log-tree.js';
import type { Witness } from './witness-port.js';

export interface AskWitnessesDeps {
  readonly witnesses: readonly Witness[];
  readonly tree: LogTree;
  readonly sha256: Sha256;
  /** Hears of each who did not sign, and why. */
  readonly onFailure: (witness: string, reason: string) => void;
}

const SIZE = /^(?:0|[1-9][0-9]{0,15})\n$/;

/** @returns asks all of them; their signatures are not looked at here */
export function createAskWitnesses({ witnesses, tree, sha256, onFailure }: AskWitnessesDeps) {
  /** What each has cosigned last, as far as is known. */
  const sizes = new Map<string, number>();

  const ask = async (witness: Witness, checkpoint: Checkpoint): Promise<readonly NoteSignature[]> => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const from = Math.min(sizes.get(witness.name) ?? 0, checkpoint.size);
      const proof = consistencyProof(from, checkpoint.size, tree.read, sha256).map(encodeBase64);
      const body = `${[`old ${from}`, ...proof].join('\n')}\n\n${encodeNote(checkpoint.note)}`;
      const reply = await witness.addCheckpoint(body);
      if (reply.status === 200) {
        sizes.set(witness.name, checkpoint.size);
        return parseNote(`${checkpoint.note.text}\n${reply.body}`).signatures;
      }
      if (reply.status !== 409 || !SIZE.test(reply.body)) throw new Error(`It answered ${reply.status}.`);
      sizes.set(witness.name, Number(reply.body));
    }
    throw new Error('It has seen another size each time.');
  };

  return async (text: string): Promise<readonly NoteSignature[]> => {
    const checkpoint = parseCheckpoint(text);
    const asked = witnesses.map(async (witness) => {
      try {
        return await ask(witness, checkpoint);
      } catch (error) {
        onFailure(witness.name, error instanceof Error ? error.message : String(error));
        return [];
      }
    });
    return (await Promise.all(asked)).flat();
  };
}
