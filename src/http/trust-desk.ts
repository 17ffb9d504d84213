// What is done with the trust lists of the regions, as the surfaces and the pulling from mirrors ask for it. Plain values that pass
// from process to process; `accept` and `acceptBundle` are the only two that change anything.

import type { Explanation } from '../core/trust/network/why.js';

/** How a document came, for the audit and for the bounds that each sender has. */
export interface TrustSender {
  readonly via: 'upload' | 'import' | 'redis' | 'mirror';
  /** Of an API key, an address, a mirror; at most 128 characters count. */
  readonly name: string;
}

export interface TrustAccepted {
  /** `nothing`: these very bytes were here already. */
  readonly changes: 'root' | 'list' | 'nothing';
  /** `root`, or the list's `iss`. */
  readonly authority: string;
  readonly version: number;
  /** base64url SHA-256 of the payload. */
  readonly hash: string;
}

export interface TrustRefusedDocument {
  readonly authority: string;
  readonly rule: string;
  readonly message: string;
}

/** What came of the documents of a bundle, one by one; those that could not stand alone never count as accepted. */
export interface TrustBundleAccepted {
  readonly accepted: readonly TrustAccepted[];
  readonly refused: readonly TrustRefusedDocument[];
  readonly unchanged: number;
}

/** Which version of a document is here. */
export interface TrustMark {
  readonly authority: string;
  readonly version: number;
  readonly hash: string;
}

export interface TrustDocument extends TrustMark {
  /** Epoch seconds, as the document says. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Epoch seconds: when this node took it. */
  readonly acceptedAt: number;
  /** Exactly as it was signed and sent. */
  readonly text: string;
}

/** An entry that its parent does not allow, and why. */
export interface TrustDropped {
  readonly authority: string;
  /** Place in the list; null: the list as a whole. */
  readonly entry: number | null;
  readonly sub: string | null;
  /** RFC 7638, of each key; empty where none could be read. */
  readonly thumbprints: readonly string[];
  readonly rule: string;
  readonly message: string;
}

export interface TrustStanding {
  /** Hash of the first root, as it is pinned here; null: this node takes part in no network. */
  readonly pin: string | null;
  readonly root: TrustMark | null;
  readonly lists: number;
  readonly keys: number;
  readonly dropped: number;
  /** Epoch seconds: when the first document on which anything rests expires; null without documents. */
  readonly expiresAt: number | null;
  /** Epoch seconds of the newest acceptance. */
  readonly acceptedAt: number | null;
  /** Name of the own issuer's authority, and whether its keys count by a list. */
  readonly issuer: { readonly name: string; readonly listed: boolean };
  readonly log: {
    /** How far the log that the root names had come when this node last believed a bundle; 0 before. */
    readonly seenSize: number;
    /** C2SP verifier keys of this node as a root names them; null where it keeps no log, or is no witness. */
    readonly key: string | null;
    readonly witnessKey: string | null;
  };
}

/** A member as the hub knows it. */
export interface TrustMember {
  readonly authority: string;
  /** Who vouches for it: `root`, or an authority. */
  readonly through: string;
  readonly version: number | null;
  /** What it last said of itself when it asked; null: it never did. */
  readonly seen: (TrustMark & { readonly at: number }) | null;
}

/** A file as it is served. */
export interface TrustFile {
  /** gzip. */
  readonly body: Uint8Array;
  /** Of what is inside, bytes. */
  readonly length: number;
  /** With its quotes. */
  readonly etag: string;
}

/** A leaf of the log, and the hashes that lead from it to the root of the tree of this size. */
export interface TrustProof {
  readonly size: number;
  readonly index: number;
  readonly leaf: string;
  /** base64 (RFC 4648, section 4). */
  readonly proof: readonly string[];
  readonly checkpoint: string;
}

export type TrustProofQuery =
  | { readonly hash: string }
  | { readonly index: number }
  | { readonly from: number; readonly to: number };

/** What a witness answers to a checkpoint (C2SP tlog-witness). */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: string;
}

export interface TrustDesk {
  /**
   * Judges a document and, accepted, makes it durable and holds it wherever codes are judged, before it resolves.
   * @param expected the authority whose document it has to be; null for any
   * @throws YimaError `list_refused` with its rule; `not_found` where this node is in no network; `store_failed`
   */
  readonly accept: (text: string, from: TrustSender, expected: string | null) => Promise<TrustAccepted>;
  /**
   * Takes a bundle (its text, not compressed): root by root, then, where the root names a log and the log holds this very bundle, each list
   * after the list that vouches for it.
   * @param continues base64 hashes (RFC 6962, section 2.1.2) from `standing().log.seenSize` to the bundle's checkpoint; null where the bundle
   *   brings them itself
   * @throws YimaError `list_refused` when the bundle as a whole is not believed: then nothing of it was looked at
   */
  readonly acceptBundle: (
    text: string,
    from: TrustSender,
    continues?: readonly string[] | null,
  ) => Promise<TrustBundleAccepted>;
  /** Of every list, and of the newest root. */
  readonly marks: () => Promise<readonly TrustMark[]>;
  /** The newest list of an authority, or the newest root. */
  readonly find: (authority: string) => Promise<TrustDocument | undefined>;
  /** One version of the root. */
  readonly findRoot: (version: number) => Promise<TrustDocument | undefined>;
  /** All of them, the first one first. */
  readonly roots: () => Promise<readonly TrustDocument[]>;
  readonly standing: () => Promise<TrustStanding>;
  /** @param key thumbprint or kid */
  readonly why: (key: string) => Promise<readonly Explanation[]>;
  /** @param authority null: of all */
  readonly dropped: (authority: string | null) => Promise<readonly TrustDropped[]>;
  /** Everything in one file; undefined without a root. */
  readonly bundle: () => Promise<TrustFile | undefined>;
  /** The newest signed tree head with its cosignatures; undefined where no log is kept. */
  readonly checkpoint: () => Promise<string | undefined>;
  /** @throws YimaError `not_found`, `invalid_request` */
  readonly proof: (query: TrustProofQuery) => Promise<TrustProof | TrustConsistency>;
  /** Cosigns a checkpoint of a log that this node witnesses. @throws YimaError `not_found` where it witnesses none */
  readonly addCheckpoint: (request: string) => Promise<WitnessAnswer>;
  /** A member has told which version it runs, when it asked for something. */
  readonly noteMember: (member: string, mark: TrustMark) => Promise<void>;
  readonly members: () => Promise<readonly TrustMember[]>;
}

export interface TrustConsistency {
  readonly from: number;
  readonly to: number;
  /** base64 */
  readonly proof: readonly string[];
}

/** Newest versions, known in every process: whoever waits for a newer one waits here, and asks nobody meanwhile. */
export interface TrustNews {
  readonly version: (authority: string) => number;
  /**
   * Resolves with the newest version once it is above `after`, or with whatever it is when the time is over.
   * @param waitMs at most 30,000 count; 0 answers at once, and so does a process in which too many wait
   */
  readonly changed: (authority: string, after: number, waitMs: number) => Promise<number>;
  readonly marks: () => readonly TrustMark[];
  /** One hash for all of them (`manifestHash`). */
  readonly manifest: () => string;
  /** Resolves with another manifest than `seen`, or with whatever it is when the time is over; as `changed`. */
  readonly changedFrom: (seen: string, waitMs: number) => Promise<string>;
}

/** The trust network as a surface has it. */
export interface TrustSurface {
  readonly desk: TrustDesk;
  readonly news: TrustNews;
  /** Whether uploads are taken here and a log is kept. */
  readonly isHub: boolean;
  readonly isWitness: boolean;
}
