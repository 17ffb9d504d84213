import t from 'tap';
import { isLoopbackAddress, isLoopbackAuthority, isLoopbackHost } from '../../../src/core/codec/loopback.js';

const ADDRESSES = ['127.0.0.1', '127.255.3.4', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'];
const OTHERS = [
  '',
  '10.0.0.1',
  '128.0.0.1',
  '127.0.0.1.evil.example',
  '127.0.0.256',
  '127.0.0.01',
  '127.1',
  '0.0.0.0',
  '::',
  '::2',
  '::ffff:10.0.0.1',
  'localhost.evil.example',
  'evil-localhost',
  'localhost.',
  '127.0.0.1\n',
  ' 127.0.0.1',
];

t.test('addresses of this machine are 127.0.0.0/8 and ::1, in either spelling', (t) => {
  for (const address of ADDRESSES) t.equal(isLoopbackAddress(address), true, address);
  for (const text of [...OTHERS, 'localhost', '[::1]']) t.equal(isLoopbackAddress(text), false, text);
  t.end();
});

t.test('of all names only localhost is this machine', (t) => {
  for (const name of ['localhost', 'LocalHost', ...ADDRESSES]) t.equal(isLoopbackHost(name), true, name);
  for (const name of OTHERS) t.equal(isLoopbackHost(name), false, name);
  t.end();
});

t.test('a Host header names this machine with or without a port, IPv6 in brackets', (t) => {
  for (const host of ['localhost', 'localhost:3000', '127.0.0.1:1', '127.0.0.2', '[::1]', '[::1]:65535'])
    t.equal(isLoopbackAuthority(host), true, host);
  for (const host of [
    ...OTHERS,
    'evil.example:3000',
    '127.0.0.1.evil.example:3000',
    '[localhost]',
    '::1',
    '[::1',
    '[::1]x',
    'localhost:',
    'localhost:x',
    'localhost:3000:1',
    'user@localhost',
    'localhost,evil.example',
  ])
    t.equal(isLoopbackAuthority(host), false, host);
  t.end();
});
