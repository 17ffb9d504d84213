import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import { openDataFolder } from '../../src/adapters/data-folder.js';
import { serve } from '../../src/server/serve.js';
import { catchSignals } from '../../src/server/signals.js';
import { privateFolder, quietConfig } from '../support/open-node.js';

const NAMES = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

function listeners(source: EventEmitter): readonly number[] {
  return NAMES.map((name) => source.listenerCount(name));
}

t.test('before the node has started SIGHUP does nothing, afterwards it does what was said', async (t) => {
  const source = new EventEmitter();
  const signals = catchSignals(source);
  t.ok(source.emit('SIGHUP'), 'it is caught');
  let hangUps = 0;
  signals.onHangUp(() => {
    hangUps += 1;
  });
  source.emit('SIGHUP');
  t.equal(hangUps, 1);
  t.equal(signals.isLeaving(), false);
  signals.release();
  t.strictSame(listeners(source), [0, 0, 0]);
});

t.test('SIGTERM and SIGINT are remembered from the first moment', async (t) => {
  for (const name of ['SIGTERM', 'SIGINT']) {
    const source = new EventEmitter();
    const signals = catchSignals(source);
    source.emit(name);
    t.ok(signals.isLeaving(), name);
    await signals.leaving;
  }
});

t.test('SIGTERM during the start: the node never serves, and leaves its folder in order', async (t) => {
  const dataDir = join(privateFolder(t), 'data');
  const said: string[] = [];
  const source = new EventEmitter();
  const config = quietConfig(dataDir, { YIMA_SHUTDOWN_GRACE_SECONDS: '0' });
  const served = serve(config, { say: (line) => void said.push(line), signals: source });
  t.strictSame(listeners(source), [1, 1, 1], 'caught before anything else');
  for (const name of ['SIGHUP', 'SIGTERM']) source.emit(name);
  await served;
  t.strictSame(said, []);
  t.strictSame(listeners(source), [0, 0, 0]);
  openDataFolder(dataDir).close();
});
