// Requests that wait for a second person before anything is signed, and how much each office has issued, as they are stored.

export interface HeldIssueRow {
  /** As of `newTimedId`. */
  readonly id: string;
  /** What a second person decides. */
  readonly proposalId: string;
  /** The office that asked. */
  readonly principal: string;
  readonly kind: string;
  readonly region: string;
  readonly operator: string;
  readonly evidence: string;
  /** The office's own name for its request, and hex SHA-256 of the request; null without one. */
  readonly key: string | null;
  readonly requestHash: string;
  /**
   * Canonical JSON of `HeldContent`: what the code will carry, masked as in the code. null once it was issued, refused or given up:
   * then nothing is left of the person.
   */
  readonly content: string | null;
  readonly heldAt: number;
  /** What it was issued as. */
  readonly credentialId: string | null;
}

/** What one office issued of one kind on the newest day on which it issued any. */
export interface IssueCountRow {
  readonly principal: string;
  readonly kind: string;
  /** Local date, as `localDate` writes it. */
  readonly day: string;
  readonly count: number;
}

export interface HeldWrites {
  /** New ones, or known ones of which the content goes and a credential comes. */
  readonly heldIssues?: readonly HeldIssueRow[];
  /** They grow. */
  readonly issueCounts?: readonly IssueCountRow[];
}

export interface HeldReads {
  readonly findHeldIssue: (id: string) => Promise<HeldIssueRow | undefined>;
  readonly findHeldIssueByKey: (principal: string, key: string) => Promise<HeldIssueRow | undefined>;
  /** Of those held until `before` whose content is there, at most `limit` (1 to 1,000). */
  readonly staleHeldIssues: (before: number, limit: number) => Promise<readonly HeldIssueRow[]>;
  readonly issueCounts: () => Promise<readonly IssueCountRow[]>;
}

/** What of a held request may become different. */
export const HELD_CHANGING = ['content', 'credentialId'] as const satisfies readonly (keyof HeldIssueRow)[];

/** Its content goes, once; with it comes what it was issued as, or nothing. */
export function heldGoesOn(known: HeldIssueRow, row: HeldIssueRow): boolean {
  return known.content !== null && row.content === null && known.credentialId === null;
}

/** A day or the count of a day only grows. */
export function countGrows(known: IssueCountRow, row: IssueCountRow): boolean {
  return known.day < row.day || (known.day === row.day && known.count < row.count);
}
