// Where the node and the commands meet.

import { join } from 'node:path';

/** The node's own door for the CLI, in the data folder that only its user may enter. */
export function socketPath(dataDir: string): string {
  return join(dataDir, 'yima.sock');
}
