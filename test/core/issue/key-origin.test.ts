import fc from 'fast-check';
import t from 'tap';
import { areIndependent, isMadeBy } from '../../../src/core/issue/key-origin.js';

const MAKERS = new Map([
  ['a', 'local'],
  ['b', 'local'],
  ['a1', 'a'],
  ['a2', 'a'],
  ['a11', 'a1'],
  ['b1', 'b'],
  ['lost', 'nobody'],
  ['round', 'about'],
  ['about', 'round'],
]);
const makerOf = (id: string) => MAKERS.get(id);

t.test('keys are independent when nobody but the socket’s owner stands behind both', (t) => {
  const independent = [
    ['a', 'b'],
    ['a1', 'b'],
    ['a11', 'b1'],
  ] as const;
  for (const [x, y] of independent) t.ok(areIndependent(x, y, makerOf), `${x} ${y}`);
  const related = [
    ['a', 'a'],
    ['a', 'a1'],
    ['a', 'a11'],
    ['a1', 'a2'],
    ['a2', 'a11'],
    ['lost', 'a'],
    ['nobody', 'a'],
    ['round', 'a'],
  ] as const;
  for (const [x, y] of related) t.notOk(areIndependent(x, y, makerOf), `${x} ${y}`);
  t.end();
});

t.test('a key was made by all its makers, and one of unknown origin perhaps by anybody', (t) => {
  const made = [
    ['a1', 'a'],
    ['a11', 'a1'],
    ['a11', 'a'],
    ['lost', 'b'],
    ['round', 'b'],
  ] as const;
  for (const [id, maker] of made) t.ok(isMadeBy(id, maker, makerOf), `${id} by ${maker}`);
  const others = [
    ['a', 'a'],
    ['a', 'a1'],
    ['a1', 'a2'],
    ['a11', 'b'],
    ['a', 'local'],
  ] as const;
  for (const [id, maker] of others) t.notOk(isMadeBy(id, maker, makerOf), `${id} not by ${maker}`);
  t.end();
});

t.test('it does not matter who is asked about first', (t) => {
  const id = fc.constantFrom(...MAKERS.keys(), 'nobody');
  fc.assert(fc.property(id, id, (x, y) => areIndependent(x, y, makerOf) === areIndependent(y, x, makerOf)));
  t.end();
});
