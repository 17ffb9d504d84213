// What a conformance suite is: the text of a published vectors file in, counts and a line for each mismatch or skip out.

export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One line for each mismatch and each skipped case, naming the case. */
  readonly lines: readonly string[];
}

/** Throws on a file that is not of the suite's format. */
export type Suite = (fileText: string) => Promise<SuiteResult>;
