// Closed-loop load of codes that a node has never seen, however fast it is.

import { loadSlice, SLICE_SECONDS, type SliceFigures } from './load-slice.js';
import type { NodeServer } from './node-server.js';

const WARM_UP_SLICES = 2;
/** So that no slice runs out of new codes. */
const HEADROOM = 1.5;

/** Warms the node up. @returns what measures one slice; its codes are signed before the slice begins */
export async function prepareColdLoad(server: NodeServer): Promise<() => Promise<SliceFigures>> {
  let { rate } = await loadSlice(server);
  const cold = async (): Promise<SliceFigures> => {
    const figures = await loadSlice(server.fresh(Math.ceil(rate * SLICE_SECONDS * HEADROOM)));
    rate = Math.max(rate, figures.rate);
    return figures;
  };
  for (let i = 0; i < WARM_UP_SLICES; i += 1) await cold();
  return cold;
}
