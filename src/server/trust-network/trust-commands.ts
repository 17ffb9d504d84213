// The trust network among the commands of the core, and the desk that a surface makes of them again.

import type { TrustDesk, TrustFile } from '../../http/trust-desk.js';

/** Each function of the desk under a name of its own; the bundle travels only to whoever has another one. */
export type TrustCommands = {
  readonly [K in Exclude<keyof TrustDesk, 'bundle'> as `trust${Capitalize<K>}`]: TrustDesk[K];
} & {
  /** @param known the etag of the one that is there already. @returns null for that very one */
  readonly trustBundle: (known: string | null) => Promise<TrustFile | null | undefined>;
};

/** A list of thousands of keys takes its time on a busy machine, a bundle of thousands of lists more. */
const JUDGING_MS = 60_000;
const BUNDLE_MS = 600_000;
const SOON_MS = 10_000;

export const TRUST_DEADLINES_MS: Readonly<Record<keyof TrustCommands, number>> = {
  trustAccept: JUDGING_MS,
  trustAcceptBundle: BUNDLE_MS,
  trustMarks: SOON_MS,
  trustFind: SOON_MS,
  trustFindRoot: SOON_MS,
  trustRoots: SOON_MS,
  trustStanding: SOON_MS,
  trustWhy: SOON_MS,
  trustDropped: SOON_MS,
  trustBundle: JUDGING_MS,
  trustCheckpoint: SOON_MS,
  trustProof: SOON_MS,
  trustAddCheckpoint: SOON_MS,
  trustNoteMember: SOON_MS,
  trustMembers: SOON_MS,
};

export function trustCommands(desk: TrustDesk): TrustCommands {
  return {
    trustAccept: desk.accept,
    trustAcceptBundle: desk.acceptBundle,
    trustMarks: desk.marks,
    trustFind: desk.find,
    trustFindRoot: desk.findRoot,
    trustRoots: desk.roots,
    trustStanding: desk.standing,
    trustWhy: desk.why,
    trustDropped: desk.dropped,
    trustBundle: async (known) => {
      const file = await desk.bundle();
      return file !== undefined && file.etag === known ? null : file;
    },
    trustCheckpoint: desk.checkpoint,
    trustProof: desk.proof,
    trustAddCheckpoint: desk.addCheckpoint,
    trustNoteMember: desk.noteMember,
    trustMembers: desk.members,
  };
}

/** Keeps the newest bundle in this process. */
export function deskOf(commands: TrustCommands): TrustDesk {
  let held: TrustFile | undefined;
  return {
    accept: commands.trustAccept,
    acceptBundle: commands.trustAcceptBundle,
    marks: commands.trustMarks,
    find: commands.trustFind,
    findRoot: commands.trustFindRoot,
    roots: commands.trustRoots,
    standing: commands.trustStanding,
    why: commands.trustWhy,
    dropped: commands.trustDropped,
    bundle: async () => {
      const told = await commands.trustBundle(held?.etag ?? null);
      if (told !== null) held = told;
      return held;
    },
    checkpoint: commands.trustCheckpoint,
    proof: commands.trustProof,
    addCheckpoint: commands.trustAddCheckpoint,
    noteMember: commands.trustNoteMember,
    members: commands.trustMembers,
  };
}
