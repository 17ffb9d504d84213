// Which addresses a partner may have (RFC 6890 and its updates).

import fc from 'fast-check';
import t from 'tap';
import { mayReach, reachOf } from '../../../src/adapters/peer/address-rules.js';

const ROWS: Readonly<Record<'public' | 'private' | 'nowhere', readonly string[]>> = {
  public: [
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
    '2606:4700::1',
    '2400:3200::1',
  ],
  private: [
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fd00::1',
  ],
  nowhere: [
    '0.0.0.0',
    '169.254.169.254',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    'fe80::1',
    'fe80::1%eth0',
    '::1%lo',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '3fff::1',
    '5f00::1',
    'localhost',
    '0x7f.1',
    '127.1',
    '',
  ],
};

t.test('every special range is known', async (t) => {
  for (const address of ROWS.public) t.equal(reachOf(address), 'public', address);
  for (const address of ROWS.private) t.equal(reachOf(address), 'private', address);
  for (const address of ROWS.nowhere) t.equal(reachOf(address), null, address || '(empty)');
});

t.test('networks of our own are reached only when that is allowed, and others never', async (t) => {
  for (const address of ROWS.public) t.ok(mayReach(address, false) && mayReach(address, true));
  for (const address of ROWS.private)
    t.strictSame([mayReach(address, false), mayReach(address, true)], [false, true]);
  for (const address of ROWS.nowhere) t.notOk(mayReach(address, true), address);
});

t.test('no IPv6 spelling of an IPv4 address leads anywhere', async () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.constantFrom('::ffff:', '::', '64:ff9b::'), (address, prefix) => {
      const text = `${prefix}${address}`;
      return reachOf(text) === null || (text === '::0.0.0.1' && reachOf(text) === 'private');
    }),
  );
});
