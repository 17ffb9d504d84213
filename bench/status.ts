// Status at national scale: half a billion entries, what signing a list takes, what a node does without Redis,
// and what revoking many at once takes.

import { reportNational } from './status/national.js';
import { reportOutage } from './status/outage.js';
import { reportRevoking } from './status/revoking.js';
import { reportSigning } from './status/signing.js';
import type { Bench } from './support/report.js';

export const status: Bench = async (report, { full }) => {
  await reportNational(report);
  reportSigning(report);
  await reportOutage(report);
  await reportRevoking(report, full);
};
