// What a bench is given and how it reports.

/** @param spread smallest and largest value behind a median */
export type Report = (metric: string, value: number, unit: string, spread?: string) => void;

export type Bench = (report: Report, options: { readonly full: boolean }) => Promise<void>;
