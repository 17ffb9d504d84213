// Holds the log against the stored states by itself: soon after the start, and then once a day. An edit of the database file that
// nobody looks for is found all the same.

import { Gauge, type Registry } from 'prom-client';
import type { LogAudit } from '../core/issue/log-audit.js';
import type { Clock } from '../core/issue/ports.js';
import type { Logger } from '../http/deps.js';
import type { After } from './after.js';

export interface LogWatchDeps {
  /** The whole check, at a pace that leaves the node to its work. */
  readonly audit: () => Promise<LogAudit>;
  readonly after: After;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Registry;
}

export interface LogWatch {
  /** No check begins any more. */
  readonly stop: () => void;
}

const FIRST_MS = 5_000;
const DAY_MS = 24 * 60 * 60 * 1000;

export function startLogWatch({ audit, after, clock, logger, metrics }: LogWatchDeps): LogWatch {
  let found: { readonly ok: boolean; readonly at: number } | null = null;
  let isStopped = false;
  let cancel: () => void = () => undefined;

  const look = async (): Promise<void> => {
    try {
      const { ok, brokenAt, ...rest } = await audit();
      found = { ok, at: clock() };
      const strays = {
        credentials: rest.strayCredentials.length,
        apiKeys: rest.strayApiKeys.length,
        proposals: rest.strayProposals.length,
        rules: rest.strayRules.length,
        changes: rest.strayChanges.length,
        appeals: rest.strayAppeals.length,
        offers: rest.strayOffers.length,
        trust: rest.strayTrust.length,
      };
      if (!ok) logger.error({ brokenAt, strays }, 'the store is not as its log tells: run yima log verify');
    } catch (err) {
      if (!isStopped) logger.error({ err }, 'the log could not be checked');
    }
    if (!isStopped) cancel = after(() => void look(), DAY_MS);
  };
  cancel = after(() => void look(), FIRST_MS);

  new Gauge({
    name: 'yima_log_audit_ok',
    help: 'Whether the store was as its log tells when that was last checked: 1 or 0; NaN before the first check',
    registers: [metrics],
    collect() {
      this.set(found === null ? Number.NaN : Number(found.ok));
    },
  });
  new Gauge({
    name: 'yima_log_audit_timestamp_seconds',
    help: 'When the log was last checked',
    registers: [metrics],
    collect() {
      this.set(found?.at ?? Number.NaN);
    },
  });
  return {
    stop: () => {
      isStopped = true;
      cancel();
    },
  };
}
