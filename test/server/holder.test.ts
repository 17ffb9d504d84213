import t from 'tap';
import { asHolder, claim, offer, openScene, PUBLIC_URL, type Scene, tokenFor } from '../support/claiming.js';
import { createPhone, type Phone } from '../support/holder.js';
import { privateFolder, verdict } from '../support/open-node.js';
import { until } from '../support/until.js';

const LIST = '/holder/credentials';

interface Held {
  readonly id: string;
  readonly state: string;
  readonly code: string;
}

async function hold(node: Scene, phone: Phone, kind = 'health-code'): Promise<Held> {
  const offered = await offer(node, kind);
  const response = await claim(node, await tokenFor(node, offered), phone, kind);
  if (response.statusCode !== 200) throw new Error(response.payload);
  const listed = (await asHolder(node, phone, 'GET', LIST)).json().credentials as Held[];
  const found = listed.find(({ id }) => id === offered.credential);
  if (found === undefined) throw new Error('not held');
  return found;
}

const encodings = async ({ localApp }: Scene, id: string) =>
  (await localApp.inject(`/v1/credentials/${id}`)).json().encodings as {
    form: string;
    list: number;
    index: number;
    revokedAlone: boolean;
    endsAt: number | null;
  }[];

async function isLogSound({ localApp }: Scene): Promise<boolean> {
  return (await localApp.inject('/v1/log/check')).json().ok;
}

t.test('a phone sees what is bound to its key, and nothing else', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const [phone, other] = [createPhone(), createPhone('Ed25519')];
  const code = await hold(node, phone);
  const licence = await hold(node, phone, 'food-handler');
  const foreign = await hold(node, other);
  const { credentials } = (await asHolder(node, phone, 'GET', LIST)).json();
  t.same(credentials.map(({ id }: Held) => id).sort(), [code.id, licence.id].sort());
  t.match(
    credentials.find(({ id }: Held) => id === code.id),
    { kind: 'health-code', form: 'device', state: 'active', status: { word: 'green' }, change: null },
  );
  for (const [method, path] of [
    ['GET', 'history'],
    ['POST', 'refresh'],
  ] as const) {
    const response = await asHolder(node, phone, method, `${LIST}/${foreign.id}/${path}`);
    t.equal(response.statusCode, 404, `${path} of another's`);
  }
  const appeal = await asHolder(node, phone, 'POST', `${LIST}/${foreign.id}/appeals`, { grounds: 'x' });
  t.equal(appeal.statusCode, 404);
  t.same((await asHolder(node, createPhone(), 'GET', LIST)).json().credentials, [], 'a key of nobody');
});

t.test('a proof is for one request, to this node, now, and once', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const phone = createPhone();
  const { id } = await hold(node, phone);
  const now = node.now.at;
  const uri = `${PUBLIC_URL}${LIST}`;
  const list = (authorization?: string, url = LIST) =>
    node.app.inject({ url, headers: authorization === undefined ? {} : { authorization } });
  const sound = phone.authorization('GET', uri, now);
  const [, text = ''] = sound.split(' ');
  const [header = '', payload = ''] = text.split('.');
  const rows: [string, string | undefined, string | null][] = [
    ['none', undefined, 'missing'],
    ['an API key', 'Bearer yk_a_b', 'missing'],
    ['for another method', phone.authorization('POST', uri, now), 'htm'],
    ['for another address', phone.authorization('GET', `${uri}/${id}/history`, now), 'htu'],
    ['for another node', phone.authorization('GET', `https://other.test${LIST}`, now), 'aud'],
    ['old', phone.authorization('GET', uri, now - 61), 'iat'],
    ['of tomorrow', phone.authorization('GET', uri, now + 61), 'iat'],
    ['with a short id', phone.authorization('GET', uri, now, 'short'), 'jti'],
    [
      'signed by another',
      `${sound.split('.').slice(0, 2).join('.')}.${createPhone().authorization('GET', uri, now).split('.')[2]}`,
      'signature',
    ],
    ['cut', sound.slice(0, -8), null],
    ['padded', `${sound}=`, null],
    [
      'with the key of another',
      `Holder ${createPhone().authorization('GET', uri, now).slice(7).split('.')[0]}.${payload}.${text.split('.')[2]}`,
      'signature',
    ],
    ['huge', `Holder ${header}.${'A'.repeat(4_100)}.AA`, 'jws_length'],
  ];
  for (const [name, authorization, rule] of rows) {
    const response = await list(authorization);
    t.equal(response.statusCode, 401, name);
    t.equal(response.headers['www-authenticate'], 'Holder', name);
    t.equal(response.json().code, 'unauthenticated', name);
    if (rule !== null) t.equal(response.json().rule, rule, name);
  }
  t.equal((await list(sound)).statusCode, 200);
  t.match((await list(sound)).json(), { code: 'unauthenticated', rule: 'replayed' });
  t.match((await list(sound, `${LIST}?x=1`)).json(), { rule: 'replayed' }, 'a query changes nothing');
  node.now.at += 60;
  t.match((await list(sound)).json(), { rule: 'replayed' }, 'to the end of its time');
  node.now.at += 1;
  t.match((await list(sound)).json(), { rule: 'iat' });
  t.equal((await list(phone.authorization('GET', uri, node.now.at - 60))).statusCode, 200);
});

t.test('one phone asks a minute’s worth of questions, and then waits', async (t) => {
  const node = await openScene(t, privateFolder(t), { YIMA_RATE_LIMIT_PER_MINUTE: '0' });
  const [phone, other] = [createPhone(), createPhone()];
  await hold(node, phone);
  await hold(node, other);
  let last = 200;
  for (let i = 0; i < 70 && last === 200; i++) last = (await asHolder(node, phone, 'GET', LIST)).statusCode;
  t.equal(last, 429);
  t.equal((await asHolder(node, other, 'GET', LIST)).statusCode, 200, 'another phone does not wait');
  node.now.at += 121;
  t.equal((await asHolder(node, phone, 'GET', LIST)).statusCode, 200);
});

t.test(
  'a refresh gives a fresh place in the lists; the old code ends ten minutes later, also after a restart',
  async (t) => {
    const dir = privateFolder(t);
    const node = await openScene(t, dir);
    const phone = createPhone();
    const first = await hold(node, phone);
    const path = `${LIST}/${first.id}/refresh`;
    const fresh = (await asHolder(node, phone, 'POST', path)).json() as Held;
    t.match(fresh, { id: first.id, state: 'active', code: /^YM1:/ });
    t.not(fresh.code, first.code);
    const [, old, now] = await encodings(node, first.id);
    t.not(now?.index, old?.index);
    t.equal(old?.endsAt, node.now.at + 600);
    for (const code of [first.code, fresh.code])
      t.equal(await verdict(node, code), 'refuse/holder_mismatch', 'both are good for a while');
    t.same((await asHolder(node, phone, 'POST', path)).json(), fresh, 'asked again, the same');
    t.equal((await asHolder(node, phone, 'GET', LIST)).json().credentials[0].code, fresh.code);
    t.ok(await isLogSound(node));
    await node.close();

    const restarted = await openScene(t, dir, {}, node.now.at + 600);
    await until(
      'the code before it ends',
      async () => (await encodings(restarted, first.id))[1]?.revokedAlone === true,
    );
    t.equal(await verdict(restarted, first.code), 'refuse/revoked');
    t.equal(await verdict(restarted, fresh.code), 'refuse/holder_mismatch');
    t.equal((await asHolder(restarted, phone, 'POST', path)).json().code, fresh.code, 'still fresh');
    restarted.now.at += 4 * 3_600 - 600;
    const again = (await asHolder(restarted, phone, 'POST', path)).json() as Held;
    t.not(again.code, fresh.code, 'and now there is another one');
    t.ok(await isLogSound(restarted));
  },
);

t.test('a revoked credential is shown as that, and not refreshed', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const phone = createPhone();
  const { id } = await hold(node, phone);
  await node.localApp.inject({
    method: 'POST',
    url: `/v1/credentials/${id}/status`,
    payload: { action: 'revoke', reason: 'fraud' },
  });
  t.match((await asHolder(node, phone, 'GET', LIST)).json().credentials, [
    {
      id,
      state: 'revoked',
      code: null,
      status: { word: 'revoked' },
      change: { by: 'officer', reason: 'fraud' },
    },
  ]);
  t.equal((await asHolder(node, phone, 'POST', `${LIST}/${id}/refresh`)).statusCode, 409);
  const history = await asHolder(node, phone, 'GET', `${LIST}/${id}/history`);
  t.match(history.json(), { id, changes: [{ to: { word: 'revoked' }, by: 'officer' }], appeals: [] });
});

t.test('why a code has its colour, and a word against it', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const phone = createPhone();
  const { id } = await hold(node, phone);
  await node.localApp.inject({
    method: 'POST',
    url: `/v1/credentials/${id}/status`,
    payload: { action: 'revoke', reason: 'mistaken' },
  });
  const appeal = await asHolder(node, phone, 'POST', `${LIST}/${id}/appeals`, { grounds: '我没有去过那里' });
  t.match([appeal.statusCode, appeal.json()], [201, { credential: id, state: 'open' }]);
  const twice = await asHolder(node, phone, 'POST', `${LIST}/${id}/appeals`, { grounds: 'again' });
  t.equal(twice.statusCode, 409);
  const long = await asHolder(node, phone, 'POST', `${LIST}/${id}/appeals`, { grounds: 'x'.repeat(501) });
  t.equal(long.statusCode, 400);
  const history = (await asHolder(node, phone, 'GET', `${LIST}/${id}/history`)).json();
  t.match(history.appeals, [{ state: 'open', answer: null }]);
  t.ok(await isLogSound(node));
});

t.test('a code that has ended is told as that', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const phone = createPhone();
  const { id } = await hold(node, phone);
  node.now.at += 86_400;
  t.match((await asHolder(node, phone, 'GET', LIST)).json().credentials, [
    { id, state: 'expired', code: null },
  ]);
  t.equal((await asHolder(node, phone, 'POST', `${LIST}/${id}/refresh`)).statusCode, 409);
  node.now.at += 8 * 86_400;
  t.same((await asHolder(node, phone, 'GET', LIST)).json().credentials, [], 'and after a week no more');
});
