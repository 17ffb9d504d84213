// The pages: how much travels, and how fast they are. In Debian's Chromium.

import type { Bench } from './support/report.js';
import { clipFigures } from './web/clips.js';
import { scanFigures } from './web/scan.js';
import { walletFigures } from './web/wallet.js';

export const web: Bench = async (report, { print }) => {
  await walletFigures(report);
  await scanFigures(report);
  const table = await clipFigures();
  if (table !== undefined) print(table);
};
