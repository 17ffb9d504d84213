// Where the nodes of one place leave trust documents for each other. Nothing that is read there is believed: forms are checked, sizes
// bounded, and every node judges each document by itself.

/** Which version is there, under the name of its place: `root/VERSION` or `list/AUTHORITY`. */
export interface SharedMark {
  readonly place: string;
  readonly version: number;
  /** base64url SHA-256 of the payload, as whoever wrote it says. */
  readonly hash: string;
}

export interface SharedDocument extends SharedMark {
  readonly text: string;
}

export interface TrustShare {
  /** What is there, and whose form is one of ours; of a place that was flooded not all. */
  readonly marks: () => Promise<readonly SharedMark[]>;
  /** undefined where there is nothing, or something too large to be a document. */
  readonly read: (place: string) => Promise<string | undefined>;
  /**
   * Puts a document into its place and tells everybody, unless what is there is as new.
   * @param refused what the caller has found there and does not believe: it gives way, whatever version it says it is
   * @returns whether it was put
   */
  readonly put: (document: SharedDocument, refused: SharedMark | null) => Promise<boolean>;
}

/** On a connection of its own: it waits. */
export interface TrustShareNews {
  /** Where the news end now. */
  readonly end: () => Promise<string>;
  /** What was told after `place`, once there is something or the time is over. */
  readonly read: (
    place: string,
    blockMs: number,
  ) => Promise<{ readonly place: string; readonly marks: readonly SharedMark[] }>;
  /** Gives a connection up that may hang. */
  readonly drop: () => void;
}
