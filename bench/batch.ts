// Server CPU a token of `POST /v1/verify/batch`, 100 a request, against one raw node:crypto.verify. Server and generator share one
// core as in the http bench, and no code is remembered when it comes again.

import { loadSlice } from './support/load-slice.js';
import { median, spreadOf } from './support/pairs.js';
import { createRawTimer } from './support/raw-timer.js';
import type { Bench } from './support/report.js';
import { pinToCore, startServer } from './support/server-process.js';

const PAIRS = 7;
const WARM_UP_SLICES = 4;

export const batch: Bench = async (report) => {
  const pinned = pinToCore(process.pid);
  const server = await startServer('batch', pinned);
  const rawUs = createRawTimer();
  try {
    for (let i = 0; i < WARM_UP_SLICES; i += 1) await loadSlice(server);
    const pairs: { token: number; raw: number; rate: number }[] = [];
    for (let i = 0; i < PAIRS; i += 1) {
      const { cpuUs, rate } = await loadSlice(server);
      pairs.push({ token: cpuUs / server.answers, raw: rawUs(), rate: rate * server.answers });
    }
    const ratios = pairs.map(({ token, raw }) => token / raw);
    report('token_ratio', median(ratios), 'ratio', spreadOf(ratios));
    report('token_us', median(pairs.map(({ token }) => token)), 'us');
    report('raw_us', median(pairs.map(({ raw }) => raw)), 'us');
    report(
      'tokens_per_s',
      median(pairs.map(({ rate }) => rate)),
      'tokens per second, generator on the same core',
    );
    if (!pinned) report('unpinned', 1, 'no taskset here: server and generator ran on different cores');
  } finally {
    await server.stop();
  }
};
