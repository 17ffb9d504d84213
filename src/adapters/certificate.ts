// X.509 certificates for a node's own HTTPS: node:crypto signs and reads them, but makes none. Only the little DER that a P-256
// certificate takes; whoever changes it compares with node:crypto's X509Certificate and a real handshake (test/adapters).

import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6, SocketAddress } from 'node:net';

export interface CertificateContent {
  /** Common name, ASCII. */
  readonly subject: string;
  /** Of the certificate above; the subject itself when it signs itself. */
  readonly issuer: string;
  /** Epoch seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Whose certificate it is, P-256. */
  readonly key: KeyObject;
  /** What signs it, P-256. */
  readonly signer: KeyObject;
  /** Names and addresses of a server; null for an authority that signs for servers. */
  readonly hosts: readonly string[] | null;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OID = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const UTC_TIME = 0x17;
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

/** Object identifiers, in DER. */
const OIDS = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  subjectKeyIdentifier: '551d0e',
  authorityKeyIdentifier: '551d23',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  nameConstraints: '551d1e',
  serverAuth: '2b06010505070301',
} as const;

/** Addresses that no stranger has: an authority that signs for nothing else is worth little to a thief. */
const PRIVATE_NETWORKS = [
  '7f000000ff000000', // 127.0.0.0/8
  '0a000000ff000000', // 10.0.0.0/8
  'ac100000fff00000', // 172.16.0.0/12
  'c0a80000ffff0000', // 192.168.0.0/16
  'a9fe0000ffff0000', // 169.254.0.0/16
  `${'0'.repeat(31)}1${'f'.repeat(32)}`, // ::1
  `fc${'0'.repeat(30)}fe${'0'.repeat(30)}`, // fc00::/7
  `fe80${'0'.repeat(28)}ffc0${'0'.repeat(28)}`, // fe80::/10
];
const PRIVATE_NAMES = ['localhost', 'local'];

/**
 * A signed certificate, PEM.
 * @see RFC 5280, sections 4.1 and 4.2
 */
export function makeCertificate(content: CertificateContent): string {
  const algorithm = der(SEQUENCE, oid('ecdsaWithSha256'));
  const toBeSigned = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))), // version 3
    der(INTEGER, Buffer.concat([Buffer.from([0x40]), randomBytes(15)])), // positive, of 127 bits
    algorithm,
    name(content.issuer),
    der(SEQUENCE, time(content.notBefore), time(content.notAfter)),
    name(content.subject),
    publicInfo(content.key),
    der(0xa3, der(SEQUENCE, ...keyIdentifiers(content), ...extensions(content.hosts))),
  );
  const signature = sign('sha256', toBeSigned, content.signer);
  const whole = der(SEQUENCE, toBeSigned, algorithm, bitString(signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function publicInfo(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** @see RFC 7093, section 2, method 4 */
function keyIdentifiers({ key, signer }: CertificateContent): Buffer[] {
  const identifier = (of: KeyObject): Buffer =>
    createHash('sha256').update(publicInfo(of)).digest().subarray(0, 20);
  return [
    extension('subjectKeyIdentifier', der(OCTET_STRING, identifier(key))),
    extension('authorityKeyIdentifier', der(SEQUENCE, der(0x80, identifier(signer)))),
  ];
}

function extensions(hosts: readonly string[] | null): Buffer[] {
  if (hosts === null) {
    return [
      extension('basicConstraints', der(SEQUENCE, TRUE, der(INTEGER, Buffer.from([0]))), true),
      extension('keyUsage', bitString(Buffer.from([0x04]), 2), true), // keyCertSign
      extension('nameConstraints', der(SEQUENCE, der(0xa0, ...permitted())), true),
    ];
  }
  return [
    extension('basicConstraints', der(SEQUENCE), true),
    extension('keyUsage', bitString(Buffer.from([0x80]), 7), true), // digitalSignature
    extension('extendedKeyUsage', der(SEQUENCE, oid('serverAuth'))),
    extension('subjectAltName', der(SEQUENCE, ...hosts.map(generalName))),
  ];
}

function permitted(): Buffer[] {
  return [
    ...PRIVATE_NAMES.map((each) => der(SEQUENCE, der(0x82, Buffer.from(each)))),
    ...PRIVATE_NETWORKS.map((each) => der(SEQUENCE, der(0x87, Buffer.from(each, 'hex')))),
  ];
}

function extension(id: keyof typeof OIDS, value: Buffer, isCritical = false): Buffer {
  return der(SEQUENCE, oid(id), ...(isCritical ? [TRUE] : []), der(OCTET_STRING, value));
}

/** dNSName, or iPAddress for what is one. */
function generalName(host: string): Buffer {
  if (isIPv4(host)) return der(0x87, Buffer.from(host.split('.').map(Number)));
  return isIPv6(host) ? der(0x87, ipv6Bytes(host)) : der(0x82, Buffer.from(host));
}

function ipv6Bytes(address: string): Buffer {
  const { address: shortest } = new SocketAddress({ address, family: 'ipv6' });
  const [head = '', tail = ''] = shortest.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return Buffer.from([...before, ...zeros, ...after].map((each) => each.padStart(4, '0')).join(''), 'hex');
}

function name(common: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, oid('commonName'), der(UTF8_STRING, Buffer.from(common)))));
}

/** Two digits of the year until 2049, four from then on. */
function time(epochSeconds: number): Buffer {
  const digits = new Date(epochSeconds * 1000).toISOString().replace(/[-:T]|\.\d+/g, '');
  return digits < '2050'
    ? der(UTC_TIME, Buffer.from(digits.slice(2)))
    : der(GENERALIZED_TIME, Buffer.from(digits));
}

function oid(id: keyof typeof OIDS): Buffer {
  return der(OID, Buffer.from(OIDS[id], 'hex'));
}

function bitString(bytes: Buffer, unusedBits = 0): Buffer {
  return der(BIT_STRING, Buffer.concat([Buffer.from([unusedBits]), bytes]));
}

/** Tag, length in its shortest form, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  const { length } = body;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}
