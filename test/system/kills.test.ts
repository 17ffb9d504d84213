// SIGKILL in the middle of everything that writes, 50 times; `npm run kills -- --full` does it 1,000 times.

import t from 'tap';
import { killRounds } from '../kills/rounds.js';

const ROUNDS = 50;

t.test('nothing acknowledged is lost, and a migration is whole or not there', async (t) => {
  const { acknowledged, faults } = await killRounds(ROUNDS, Math.random, (line) => t.comment(line));
  t.same(faults, []);
  t.ok(acknowledged >= ROUNDS / 2, `${acknowledged} were acknowledged`);
});
