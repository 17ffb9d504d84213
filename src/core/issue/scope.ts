// Which credentials are meant at once, and how a store looks at them: a bounded window in one turn, so that its size bounds how long
// anybody waits, however few are found.

/** Which credentials are meant: those that every member covers; null covers all. At least one is not null. */
export interface RevocationScope {
  /** Ids, ascending. */
  readonly credentials: readonly string[] | null;
  /** What the office called the batch. */
  readonly batch: string | null;
  /** API key id that issued. */
  readonly office: string | null;
  /** The person at the desk. */
  readonly operator: string | null;
  /** base64url key id: one encoding signed with it is enough. */
  readonly signingKey: string | null;
  readonly kind: string | null;
  /** A region prefix as regions are stored: the Corps' is 66. */
  readonly region: string | null;
  /** Epoch seconds, not included. */
  readonly issuedBefore: number | null;
}

/** A part of the credentials in id order: those after `after`, as many as `rows` (1 to 10,000) of them. */
export interface Window {
  /** `''`: from the first. */
  readonly after: string;
  readonly rows: number;
}

/** How many of a window are covered, by what tells them apart. */
export interface ScopeCount {
  readonly kind: string;
  readonly region: string;
  readonly revoked: boolean;
  readonly count: number;
}

/** `next`: where the following window begins; null when there is none. */
export interface ScopeCounted {
  readonly counts: readonly ScopeCount[];
  readonly next: string | null;
}
