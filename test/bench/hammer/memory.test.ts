// Growth is told from warm-up and from the saw of collected garbage.

import t from 'tap';
import { memoryFigures } from '../../../bench/hammer/memory.js';

const readings = Array.from({ length: 400 }, (_, i) => i);

t.test('a process that warms up and then saws has not grown', async (t) => {
  const saw = readings.map((i) => (i < 150 ? i : 150) + (i % 10) * 5);
  t.strictSame(memoryFigures(saw), { startMb: 0, endMb: 195, growthMb: 0 });
});

t.test('a process that leaks under its saw has grown', async (t) => {
  const leak = readings.map((i) => 100 + i * 0.5 + (i % 10) * 5);
  t.equal(memoryFigures(leak)?.growthMb, 50);
});

t.test('too few readings say nothing', async (t) => {
  t.equal(memoryFigures([1, 2, 3]), null);
});
