// The peers' figures as a table of docs/PERFORMANCE.md.

import { type Cell, markdownTable, provenance, writeSections } from '../support/document.js';
import type { PeerRow } from './rows.js';

export function writePeers(inProcess: readonly PeerRow[], overHttp: readonly PeerRow[]): void {
  writeSections({
    'peers-run': provenance('npm run bench -- peers --write'),
    peers: peerTable(inProcess, 'us of CPU a verification'),
    'peers-http': peerTable(overHttp, 'us of server CPU a request'),
  });
}

function peerTable(rows: readonly PeerRow[], cost: string): string {
  const cells = [...rows]
    .sort((a, b) => a.us - b.us)
    .map(({ name, us, ratio }): readonly Cell[] => [
      name,
      Number(us.toPrecision(3)).toLocaleString('en-GB'),
      ratio === null ? '' : `${ratio.value.toPrecision(3)} (${ratio.spread})`,
    ]);
  return markdownTable(['verifier', cost, 'times ours'], cells);
}
