// Status at national scale: half a billion entries, what signing a list takes, and what a node does without Redis.

import { reportNational } from './status/national.js';
import { reportOutage } from './status/outage.js';
import { reportSigning } from './status/signing.js';
import type { Bench } from './support/report.js';

export const status: Bench = async (report) => {
  await reportNational(report);
  reportSigning(report);
  await reportOutage(report);
};
