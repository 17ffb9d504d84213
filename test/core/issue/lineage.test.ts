import t from 'tap';
import { currentOf, idsOf, lineageOf, replacedBy, submitForAll } from '../../../src/core/issue/lineage.js';
import type { StoredCredential } from '../../../src/core/issue/store.js';
import { credentialRow, idOf } from '../../adapters/store-rows.js';
import { issueRequest, openMemoryOffice } from '../../support/office.js';

/** A credential and how often it is issued anew. @returns the office, and what issues it anew once more */
async function openWorld(times: number) {
  const office = await openMemoryOffice();
  const { registry, rotate } = office;
  const ids = [(await registry.issue('office', issueRequest())).credential.id];
  const renew = async (): Promise<void> => {
    const kid = (await registry.find(ids.at(-1) ?? ''))?.encodings[0]?.kid ?? '';
    rotate();
    await registry.reissue('admin', kid, { after: '', dryRun: false });
    ids.push((await registry.find(ids[0] ?? ''))?.replacedBy ?? '');
  };
  for (let time = 0; time < times; time++) await renew();
  return { office, ids, renew };
}

t.test('every id leads to all of them, the last one is how it is now', async (t) => {
  const { office, ids } = await openWorld(3);
  t.equal(new Set(ids).size, 4);
  for (const id of ids) {
    const lineage = await lineageOf(office.store, id);
    t.same(idsOf(lineage), [...ids].reverse());
    t.equal(currentOf(lineage).credential.id, ids[3]);
    t.equal(await replacedBy(office.store, id), id === ids[3] ? null : ids[3]);
  }
  await t.rejects(lineageOf(office.store, idOf(9)), { code: 'not_found' });
});

t.test('a command that waited while it got another id is planned for that one', async (t) => {
  const { office, ids, renew } = await openWorld(0);
  const { store, ledger } = office;
  let isFirst = true;
  const findSuccessor = async (id: string): Promise<StoredCredential | undefined> => {
    const found = await store.findSuccessor(id);
    if (isFirst) await renew();
    isFirst = false;
    return found;
  };
  let plans = 0;
  const planned = await submitForAll(
    { store: { ...store, findSuccessor }, ledger },
    ids[0] ?? '',
    async (lineage) => {
      plans += 1;
      return { entries: [], change: {}, done: () => idsOf(lineage) };
    },
  );
  t.same([planned, plans], [[ids[1], ids[0]], 1]);
});

t.test('rows that lead round in a circle end in an error', async (t) => {
  const row = (n: number, before: number): StoredCredential => ({
    credential: credentialRow(n, { replaces: idOf(before) }),
    encodings: [],
  });
  const rows = [row(1, 2), row(2, 1)];
  const findCredential = async (id: string) => rows.find(({ credential }) => credential.id === id);
  const findSuccessor = async (id: string) => rows.find(({ credential }) => credential.replaces === id);
  const broken = { code: 'store_failed' };
  await t.rejects(lineageOf({ findCredential, findSuccessor }, idOf(1)), broken);
  await t.rejects(replacedBy({ findCredential, findSuccessor }, idOf(1)), broken);

  const gone = {
    findSuccessor,
    findCredential: async (id: string) => (id === idOf(1) ? row(1, 9) : undefined),
  };
  await t.rejects(lineageOf(gone, idOf(1)), broken, 'what it replaces is not there');
});
