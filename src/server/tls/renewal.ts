// The certificate of the public port, looked at again by itself: one whose end is near, or whose addresses are no longer this machine's, is
// made anew, and files that somebody renewed are read, without anybody sending SIGHUP.

import type { Logger } from '../../http/deps.js';
import type { After } from '../after.js';
import type { LoadedTls } from './load-tls.js';

export interface RenewalDeps {
  /** As `loadTls` with the time of now. */
  readonly load: () => LoadedTls | null;
  /** What is shown; null: the port is not open yet, or speaks plain HTTP. */
  readonly shown: () => LoadedTls | null;
  readonly show: (loaded: LoadedTls | null) => void;
  readonly after: After;
  readonly logger: Logger;
}

const EVERY_MS = 6 * 3_600_000;

export function startRenewal({ load, shown, show, after, logger }: RenewalDeps): {
  readonly stop: () => void;
} {
  let cancel: () => void;
  const look = (): void => {
    cancel = after(look, EVERY_MS);
    const before = shown();
    if (before === null) return;
    try {
      const loaded = load();
      if (loaded === null || loaded.cert === before.cert) return;
      show(loaded);
      logger.info('the certificate of the public port was renewed');
    } catch (err) {
      logger.error({ err }, 'the certificate of the public port could not be renewed; the one before stays');
    }
  };
  cancel = after(look, EVERY_MS);
  return { stop: () => cancel() };
}
