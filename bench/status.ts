// Status at national scale: half a billion entries, what signing a list takes, scoped revocation, and what a node does without Redis.

import { reportNational } from './status/national.js';
import { reportOutage } from './status/outage.js';
import { reportScoped } from './status/scoped.js';
import { reportSigning } from './status/signing.js';
import type { Bench } from './support/report.js';

export const status: Bench = async (report, { full }) => {
  await reportNational(report);
  reportSigning(report);
  await reportScoped(report, full);
  await reportOutage(report);
};
