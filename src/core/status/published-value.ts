// The one value a status list publishes for an encoding, computed from what is known about it.

/** Token Status List, section 7.1: registered values keep their meaning in every list. */
export const STATUS_REVOKED = 1;
export const STATUS_SUSPENDED = 2;

export interface StatusFacts {
  readonly revoked: boolean;
  readonly suspended: boolean;
  /** The value underneath: 0, or a colour 0x0C-0x0E. Kept while suspended, shown again when reinstated. */
  readonly level: number;
}

/** Revoked before suspended before level. */
export function publishedValue(facts: StatusFacts): number {
  if (facts.revoked) return STATUS_REVOKED;
  return facts.suspended ? STATUS_SUSPENDED : facts.level;
}
