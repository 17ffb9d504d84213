import t from 'tap';
import { readPeerUrl } from '../../../src/adapters/peer/peer-url.js';

t.test('an address is read as the URL standard reads it', async (t) => {
  t.strictSame(readPeerUrl('https://a.example/status-lists/1', false), {
    isSecure: true,
    host: 'a.example',
    authority: 'a.example',
    port: 443,
    path: '/status-lists/1',
    isAddress: false,
  });
  t.match(readPeerUrl('https://a.example:8443/', false), { port: 8443, authority: 'a.example:8443' });
  t.match(readPeerUrl('http://[::1]:3000/l', true), {
    host: '::1',
    authority: '[::1]:3000',
    port: 3000,
    isAddress: true,
  });
});

t.test('however an IPv4 address is spelled, it is that address', async (t) => {
  for (const spelling of ['127.0.0.1', '0x7f.1', '127.1', '2130706433', '0177.0.0.1', '127.0.0.1.'])
    t.match(readPeerUrl(`https://${spelling}/l`, false), { host: '127.0.0.1', isAddress: true }, spelling);
  t.match(readPeerUrl('https://[::ffff:127.0.0.1]/l', false), { host: '::ffff:7f00:1', isAddress: true });
});

t.test('other schemes, users, queries and fragments are refused', async (t) => {
  const rows = [
    'http://a.example/',
    'file:///etc/passwd',
    'ftp://a.example/',
    'https://user@a.example/',
    'https://user:word@a.example/',
    'https://a.example/?q',
    'https://a.example/#f',
    'https://a.example\\@127.0.0.1/',
    'https://a .example/',
    'https://',
    'a.example',
    '',
  ];
  for (const row of rows) t.equal(readPeerUrl(row, false), null, row || '(empty)');
  t.ok(readPeerUrl('http://a.example/', true), 'plain HTTP where it is allowed');
  t.equal(readPeerUrl('file:///etc/passwd', true), null);
});
