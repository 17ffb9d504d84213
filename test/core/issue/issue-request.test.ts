import t from 'tap';
import { issueRequest, NOW, openMemoryOffice } from '../../support/office.js';
import { refuses } from '../../support/refusal.js';

t.test('a food handler’s certificate ends a year after the examination', async (t) => {
  const { registry } = await openMemoryOffice();
  const ask = (examinedOn: string) => {
    const { validTo: _open, ...claims } = issueRequest('food-handler').claims;
    return registry.issue('office', issueRequest('food-handler', { claims: { ...claims, examinedOn } }));
  };
  const issued = await ask('2026-03-03');
  t.equal(issued.credential.expiresAt, Date.parse('2027-03-03T23:59:59+08:00') / 1000);
  await refuses(t, ask('2025-09-20'), 'claims_rejected', 'claims.examinedOn');
  await refuses(t, ask('2009-01-01'), 'claims_rejected', 'claims.examinedOn');
  await refuses(t, ask('2050-01-01'), 'claims_rejected', 'claims.examinedOn');
});

t.test('an open-ended kind is signed to the end of the year 9999 and no further', async (t) => {
  const { registry, verify } = await openMemoryOffice();
  const { validTo: _open, ...claims } = issueRequest('driving-licence').claims;
  const ask = (validSeconds: number) =>
    registry.issue('office', issueRequest('driving-licence', { claims, validSeconds }));
  const most = 253_402_300_799 - NOW;
  const issued = await ask(most);
  t.equal(verify(issued.encodings[0]?.code ?? '').decision, 'admit');
  for (const seconds of [most + 1, 1e12, Number.MAX_SAFE_INTEGER, 1e300]) {
    await refuses(t, ask(seconds), 'invalid_request', 'validSeconds');
  }
});

t.test('a licence issued ahead of its term is refused at the gate until the term begins', async (t) => {
  const { registry, verify } = await openMemoryOffice();
  const claims = {
    ...issueRequest('driving-licence').claims,
    validFrom: '2036-01-01',
    validTo: '2046-01-01',
  };
  const issued = await registry.issue('office', issueRequest('driving-licence', { claims }));
  const answer = verify(issued.encodings[0]?.code ?? '');
  t.equal(answer.decision, 'refuse');
  t.equal(answer.reason, 'refused_by_policy');
});

t.test(
  'claims that contradict today, each other or the citizen number are rejected with the field',
  async (t) => {
    const { registry } = await openMemoryOffice();
    const rows = [
      ['id-card', { issuedOn: '2050-01-01' }, 'issuedOn'],
      ['id-card', { sex: 'male' }, 'sex'],
      ['id-card', { birth: '1990-12-31' }, 'birth'],
      ['driving-licence', { validFrom: '2046-01-01', validTo: '2040-01-01' }, 'validTo'],
      ['marriage-certificate', { spouseSex: 'female' }, 'spouseSex'],
    ] as const;
    for (const [kind, change, field] of rows) {
      const claims = { ...issueRequest(kind).claims, ...change };
      const issuing = registry.issue('office', issueRequest(kind, { claims }));
      await refuses(t, issuing, 'claims_rejected', `claims.${field}`);
    }
  },
);
