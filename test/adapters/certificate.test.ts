import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import t from 'tap';
import { makeCertificate } from '../../src/adapters/certificate.js';

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const NOW = 1_790_000_000;
const [authorityKey, key] = [newKey(), newKey()];
const times = { notBefore: NOW, notAfter: NOW + 86_400 };

function authority(change = {}): X509Certificate {
  const own = {
    subject: 'Yima test',
    issuer: 'Yima test',
    key: authorityKey,
    signer: authorityKey,
    hosts: null,
  };
  return new X509Certificate(makeCertificate({ ...own, ...times, ...change }));
}

t.test('an authority and what it signs are read back as they were meant', async (t) => {
  const above = authority();
  t.equal(above.ca, true);
  t.ok(above.verify(createPublicKey(authorityKey)));
  const hosts = ['localhost', 'desk.local', '127.0.0.1', '::1', '192.168.1.50', 'fd12:3456::7:0:0'];
  const made = makeCertificate({
    subject: 'Yima',
    issuer: 'Yima test',
    ...times,
    key,
    signer: authorityKey,
    hosts,
  });
  const below = new X509Certificate(made);
  t.ok(below.verify(above.publicKey) && below.checkIssued(above) && below.checkPrivateKey(key));
  t.equal(below.ca, false);
  t.equal(below.subject, 'CN=Yima');
  for (const name of ['localhost', 'desk.local']) t.equal(below.checkHost(name), name);
  for (const address of ['127.0.0.1', '::1', '192.168.1.50', 'fd12:3456::7:0:0'])
    t.ok(below.checkIP(address), address);
  t.equal(below.checkIP('192.168.1.51'), undefined);
  t.equal(below.checkHost('other.local'), undefined);
  t.same(below.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  t.equal(Date.parse(below.validFrom) / 1000, NOW);
  t.equal(Date.parse(below.validTo) / 1000, NOW + 86_400);
});

t.test('no two have the same serial number, which is positive', async (t) => {
  const serials = Array.from({ length: 50 }, () => authority().serialNumber);
  t.equal(new Set(serials).size, 50);
  t.ok(serials.every((serial) => /^[4-7]/.test(serial) && serial.length === 32));
});

t.test('an end after 2049 is written with four digits of the year', async (t) => {
  const end = Date.UTC(2060, 0, 2, 3, 4, 5) / 1000;
  t.equal(Date.parse(authority({ notAfter: end }).validTo) / 1000, end);
});
