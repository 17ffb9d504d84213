// What a bench is given and how it reports.

/** @param spread smallest and largest value behind a median */
export type Report = (metric: string, value: number, unit: string, spread?: string) => void;

export interface BenchOptions {
  /** The long form. */
  readonly full: boolean;
  /** Whether the figures also go into docs/. */
  readonly write: boolean;
  /** For people: says nothing where lines are for a program. */
  readonly print: (text: string) => void;
}

export type Bench = (report: Report, options: BenchOptions) => Promise<void>;
