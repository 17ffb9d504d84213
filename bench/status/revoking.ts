// Revoking by scope in one call: time grows with the credentials, memory does not.

import type { Report } from '../support/report.js';
import { measureScopedRevocation } from '../support/scoped-revocation.js';

const COUNTS = [10_000, 100_000] as const;
const FULL = 1_000_000;

/** @param full a million as well */
export async function reportRevoking(report: Report, full: boolean): Promise<void> {
  for (const count of full ? [...COUNTS, FULL] : COUNTS) {
    const { countSeconds, seconds, growthBytes, longestMs } = await measureScopedRevocation(count);
    report(`revoke_${count}_count_s`, countSeconds, 's');
    report(`revoke_${count}_s`, seconds, 's');
    report(`revoke_${count}_growth_mb`, growthBytes / 1e6, 'MB');
    report(`revoke_${count}_longest_ms`, longestMs, 'ms');
  }
}
