import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadTls } from '../../../src/server/tls/load-tls.js';
import { openOwnTls } from '../../../src/server/tls/own-certificate.js';
import { tlsGreeting } from '../../../src/server/tls/tls-greeting.js';
import { privateFolder } from '../../support/open-node.js';
import { refuses } from '../../support/refusal.js';

const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;
const LAN = ['192.168.1.5'];
const end = (pem: string): number => Date.parse(new X509Certificate(pem).validTo) / 1000;
const attempt = (work: () => unknown): Promise<unknown> => Promise.resolve().then(work);

t.test(
  'it is made once, kept to ourselves, and made anew when addresses change or the end is near',
  async (t) => {
    const folder = join(privateFolder(t), 'tls');
    const first = openOwnTls(folder, LAN, NOW);
    const again = openOwnTls(folder, LAN, NOW + 300 * DAY);
    t.same([again.cert, again.key], [first.cert, first.key], 'still good');
    for (const name of ['key.pem', 'ca-key.pem']) t.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    t.equal(statSync(folder).mode & 0o777, 0o700);
    t.ok(end(first.cert) <= NOW + 398 * DAY, 'no longer than browsers take');

    const later = openOwnTls(folder, LAN, NOW + 368 * DAY);
    t.not(later.cert, first.cert, 'its end was near');
    const moved = openOwnTls(folder, ['192.168.1.6'], NOW + 368 * DAY);
    t.not(moved.cert, later.cert, 'another address');
    t.ok(new X509Certificate(moved.cert).checkIP('192.168.1.6'));
    t.equal(new X509Certificate(moved.cert).checkIP('192.168.1.5'), undefined);
    t.equal(openOwnTls(folder, [], NOW).cert === moved.cert, false, 'an address less');
    t.equal(moved.fingerprint, first.fingerprint, 'phones go on trusting the authority');
  },
);

t.test('a half that was lost or spoilt is made anew', async (t) => {
  const folder = join(privateFolder(t), 'tls');
  const first = openOwnTls(folder, LAN, NOW);
  writeFileSync(join(folder, 'cert.pem'), 'nonsense');
  const second = openOwnTls(folder, LAN, NOW);
  t.not(second.cert, 'nonsense');
  rmSync(join(folder, 'ca-key.pem'));
  const third = openOwnTls(folder, LAN, NOW);
  t.not(third.fingerprint, first.fingerprint);
  t.ok(
    new X509Certificate(third.cert).verify(new X509Certificate(readFileSync(third.authorityFile)).publicKey),
  );
});

t.test('a key that others may read stops the start', async (t) => {
  const folder = privateFolder(t);
  const own = openOwnTls(join(folder, 'tls'), LAN, NOW);
  chmodSync(join(folder, 'tls', 'key.pem'), 0o644);
  await refuses(
    t,
    attempt(() => openOwnTls(join(folder, 'tls'), LAN, NOW)),
    'key_file_unsafe',
  );
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, own.cert);
  writeFileSync(keyFile, own.key, { mode: 0o640 });
  const load = () => attempt(() => loadTls({ tls: { certFile, keyFile }, dataDir: folder }, NOW));
  await refuses(t, load(), 'key_file_unsafe');
  chmodSync(keyFile, 0o600);
  t.match(await load(), { cert: own.cert, key: own.key });
});

t.test('files that are missing, or do not belong together, are refused', async (t) => {
  const folder = privateFolder(t);
  const [one, other] = ['a', 'b'].map((name) => openOwnTls(join(folder, name), LAN, NOW));
  mkdirSync(join(folder, 'given'));
  const [certFile, keyFile] = [join(folder, 'given', 'c.pem'), join(folder, 'given', 'k.pem')];
  const load = () => attempt(() => loadTls({ tls: { certFile, keyFile }, dataDir: folder }, NOW));
  await refuses(t, load(), 'config_invalid', 'YIMA_TLS');
  writeFileSync(certFile, one?.cert ?? '');
  writeFileSync(keyFile, other?.key ?? '', { mode: 0o600 });
  await refuses(t, load(), 'config_invalid', 'YIMA_TLS');
  writeFileSync(keyFile, 'nonsense');
  await refuses(t, load(), 'config_invalid', 'YIMA_TLS');
  t.equal(loadTls({ tls: null, dataDir: folder }, NOW), null);
});

t.test('a person is told how a phone gets there, or why it does not', async (t) => {
  const own = openOwnTls(join(privateFolder(t), 'tls'), LAN, NOW);
  const url = 'https://0.0.0.0:3000';
  const tell = (host: string, publicUrl: string, lan = LAN) =>
    tlsGreeting(url, { host, publicUrl }, own, false, lan) ?? '';
  const open = tell('0.0.0.0', 'https://127.0.0.1:3000');
  t.match(open, 'On a phone in this network: https://192.168.1.5:3000/');
  t.match(open, 'https://192.168.1.5:3000/certificate');
  t.match(open, 'YIMA_PUBLIC_URL=https://192.168.1.5:3000');
  t.match(open, own.fingerprint);
  t.match(open, '█', 'the symbol');
  t.notMatch(tell('0.0.0.0', 'https://192.168.1.5:3000'), 'YIMA_PUBLIC_URL');
  t.match(tell('127.0.0.1', 'https://127.0.0.1:3000'), 'HOST=0.0.0.0 YIMA_TLS=self');
  t.notMatch(tell('127.0.0.1', 'https://127.0.0.1:3000'), '█');
  t.match(tell('0.0.0.0', 'https://127.0.0.1:3000', []), 'no private address');
  t.match(tell('::', 'https://127.0.0.1:3000', ['fd12::5']), 'https://[fd12::5]:3000/');
  t.equal(
    tlsGreeting(url, { host: '0.0.0.0', publicUrl: url }, { cert: '', key: '', authority: null }, false, LAN),
    null,
  );
});
