// What a verdict depends on besides the code and the keys: given anew for every verification, never read from the outside.

import type { PolicyTable } from '../credential/policy-table.js';
import type { StatusView } from '../status/view.js';
import type { Showing } from './showing.js';
import type { Sightings } from './sightings.js';

export interface VerifyContext {
  /** Epoch seconds. */
  readonly now: number;
  /** The same moment by the machine's monotonic clock, seconds. */
  readonly steady: number;
  readonly status: StatusView;
  /** The policies of the verifier's own region. */
  readonly policies: PolicyTable;
  /** Past this age of the key table nothing is admitted (`trust_stale`); null: no limit. */
  readonly maxTrustAgeSeconds: number | null;
  /** A time that has certainly passed, e.g. the newest signed list's; a clock before it is `clock_untrusted`. null: none known. */
  readonly clockFloor: number | null;
  readonly showing: Showing;
  /** Who saw which presentation; null: nobody remembers, so that a copy shown elsewhere is not noticed. */
  readonly sightings: Pick<Sightings, 'see'> | null;
}
