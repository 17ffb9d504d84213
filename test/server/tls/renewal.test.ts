import { join } from 'node:path';
import t from 'tap';
import { createLogger } from '../../../src/http/logging.js';
import type { LoadedTls } from '../../../src/server/tls/load-tls.js';
import { openOwnTls } from '../../../src/server/tls/own-certificate.js';
import { startRenewal } from '../../../src/server/tls/renewal.js';
import { privateFolder } from '../../support/open-node.js';
import { createFakeTimers } from '../support/fake-timers.js';

const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;
const QUARTER_MS = 6 * 3_600_000;

t.test(
  'a certificate whose end is near is made anew while the node runs, and stays when that fails',
  async (t) => {
    const folder = join(privateFolder(t), 'tls');
    const timers = createFakeTimers();
    const lines: string[] = [];
    const logger = createLogger('info', { write: (line) => void lines.push(line) });
    let now = NOW;
    let isBroken = false;
    const load = (): LoadedTls => {
      if (isBroken) throw new Error('the disk is gone');
      return openOwnTls(folder, ['192.168.1.5'], now);
    };
    let tls: LoadedTls | null = null as LoadedTls | null;
    const shown: (LoadedTls | null)[] = [];
    const renewal = startRenewal({
      load,
      shown: () => tls,
      show: (loaded) => {
        tls = loaded;
        shown.push(loaded);
      },
      after: timers.after,
      logger,
    });
    const pass = (days: number): void => {
      now += days * DAY;
      timers.pass(QUARTER_MS);
    };
    pass(1);
    t.equal(shown.length, 0, 'a port that is not open shows nothing');
    const first = load();
    tls = first;
    pass(300);
    t.equal(shown.length, 0, 'it is still good');
    isBroken = true;
    pass(68);
    t.equal(tls, first, 'what was there stays');
    t.match(lines.join(''), 'could not be renewed');
    isBroken = false;
    pass(1);
    t.equal(shown.length, 1, 'made anew before it ends');
    t.not(tls.cert, first.cert);
    t.equal(tls.authority, first.authority, 'under the authority that phones took in');
    t.notMatch(lines.join(''), /PRIVATE|BEGIN/);
    renewal.stop();
    t.same(timers.pending(), []);
  },
);
