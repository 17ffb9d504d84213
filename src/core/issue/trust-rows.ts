// Rows of the trust network: the documents that were accepted, the keys that died for good, and the log of all of it. Nothing here
// ever goes back: versions, tombstones and trees only grow.

/** One accepted version of a root or a list. */
export interface TrustDocumentRow {
  readonly type: 'root' | 'list';
  /** `root`, or the list's `iss`. */
  readonly authority: string;
  /** Above every one that is stored of this document. */
  readonly version: number;
  /** base64url SHA-256 of the payload. */
  readonly hash: string;
  /** As it was signed; null in older versions of a list, of which only the mark is kept. */
  readonly text: string | null;
  /** Keys that were not admissible when it was accepted, and left out. */
  readonly leftOut: number;
  /** Epoch seconds. */
  readonly acceptedAt: number;
}

/** A key that an authority revoked: dead for all that is the authority's or comes from it. */
export interface TrustTombstoneRow {
  readonly authority: string;
  /** RFC 7638, base64url SHA-256. */
  readonly thumbprint: string;
  /** Epoch seconds, as the authority says. */
  readonly at: number;
}

/** The hash of a complete subtree of the log (RFC 6962): leaves are level 0. */
export interface TrustNodeRow {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

export interface TrustLeafRow {
  /** 0, 1, 2, ... without a gap. */
  readonly index: number;
  /** Canonical JSON. */
  readonly text: string;
}

/** How far a log had come: our own (`own`), one that we believe (`seen`), or one that we cosign (`witness`). */
export interface TrustLogMarkRow {
  readonly role: 'own' | 'seen' | 'witness';
  readonly origin: string;
  /** Never falls. */
  readonly size: number;
  /** base64 of the tree's root hash; of one size there is one. */
  readonly root: string;
  /** The signed note that says so. */
  readonly note: string;
  /** Epoch seconds. */
  readonly at: number;
}

/** What a change writes of these. */
export interface TrustWrites {
  readonly documents?: readonly TrustDocumentRow[];
  /** One that is stored already stays as it is. */
  readonly tombstones?: readonly TrustTombstoneRow[];
  readonly nodes?: readonly TrustNodeRow[];
  readonly leaves?: readonly TrustLeafRow[];
  readonly logMarks?: readonly TrustLogMarkRow[];
}

/** What a store answers about them. */
export interface TrustReads {
  /** Every root, oldest first, and the newest version of every list, in the order in which they were accepted; in batches. */
  readonly trustDocuments: () => AsyncIterable<readonly TrustDocumentRow[]>;
  /** The newest version. */
  readonly findTrustDocument: (
    type: TrustDocumentRow['type'],
    authority: string,
  ) => Promise<TrustDocumentRow | undefined>;
  /** By authority and thumbprint. */
  readonly trustTombstones: () => Promise<readonly TrustTombstoneRow[]>;
  /** By level and index, in batches. */
  readonly trustNodes: () => AsyncIterable<readonly TrustNodeRow[]>;
  readonly trustLeaf: (index: number) => Promise<string | undefined>;
  /** Index of the newest leaf with this text. */
  readonly findTrustLeaf: (text: string) => Promise<number | undefined>;
  readonly trustLogMarks: () => Promise<readonly TrustLogMarkRow[]>;
}

/** Those of several commands, one after the other. */
export function mergeTrust(all: readonly TrustWrites[]): TrustWrites {
  return {
    documents: all.flatMap(({ documents = [] }) => documents),
    tombstones: all.flatMap(({ tombstones = [] }) => tombstones),
    nodes: all.flatMap(({ nodes = [] }) => nodes),
    leaves: all.flatMap(({ leaves = [] }) => leaves),
    logMarks: all.flatMap(({ logMarks = [] }) => logMarks),
  };
}
