// Signer certificates of the EU DCC: kid, kinds, window and algorithm come from the certificate alone.

import { createHash } from 'node:crypto';
import t from 'tap';
import { parseDccCertificates } from '../../src/adapters/dcc-certificates.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';

/** Self-signed, made for these tests with openssl; base64 of the DER. Nobody keeps their private keys. */
const CERTIFICATES = {
  vacc: [
    'MIIBxjCCAW2gAwIBAgIUK3LPuydhS8o4ANcDuK36qEfTn/gwCgYIKoZIzj0EAwIwLTELMAkGA1UEBhMCWFgxHjAcBgNVBAMM',
    'FVlpbWEgdGVzdCBzaWduZXIgdmFjYzAeFw0yNjExMjMxNzE0MDVaFw0yODExMjIxNzE0MDVaMC0xCzAJBgNVBAYTAlhYMR4w',
    'HAYDVQQDDBVZaW1hIHRlc3Qgc2lnbmVyIHZhY2MwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATkPoWkQoUK9VsWZHJzZKKy',
    'g2H9W9zn8jgEzpl4YeIaVjqfbHywrCYAf/mKbB9Z+18iTJYS/8sulx5CCcO5pJxmo2swaTAdBgNVHQ4EFgQUadjR/2rGmh1k',
    'KPjk0GVEYdSmb5EwHwYDVR0jBBgwFoAUadjR/2rGmh1kKPjk0GVEYdSmb5EwDwYDVR0TAQH/BAUwAwEB/zAWBgNVHSUEDzAN',
    'BgsrBgEEAY43j2UBAjAKBggqhkjOPQQDAgNHADBEAiAjybqkJfZO+37vFOo6/l6/XgEkShvEbBI1FVU2z0YcoAIgW4f6acs2',
    'RuF/eIcKvqvnprWUB9WsDMvcW11EPWwq3FE=',
  ].join(''),
  oldtest: [
    'MIIB3TCCAYKgAwIBAgIUeYdJHNrlr40KBs2KN4U9BuktaYswCgYIKoZIzj0EAwIwMDELMAkGA1UEBhMCWFgxITAfBgNVBAMM',
    'GFlpbWEgdGVzdCBzaWduZXIgb2xkdGVzdDAeFw0yNjExMjMxNzE0MDVaFw0yODExMjIxNzE0MDVaMDAxCzAJBgNVBAYTAlhY',
    'MSEwHwYDVQQDDBhZaW1hIHRlc3Qgc2lnbmVyIG9sZHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARUxHDhL0Y/JFft',
    'KbTG+Kf0BJuLoarpxahX3eZTWxHVskrTXaoPWt5HU4aO+zGOs/9OKOWBT87ZLu9Slf4wv8WMo3oweDAdBgNVHQ4EFgQUyx6O',
    'Cu8kXMBTIVYX677WCpVQ3b0wHwYDVR0jBBgwFoAUyx6OCu8kXMBTIVYX677WCpVQ3b0wDwYDVR0TAQH/BAUwAwEB/zAlBgNV',
    'HSUEHjAcBgwrBgEEAQCON49lAQEGDCsGAQQBAI43j2UBAzAKBggqhkjOPQQDAgNJADBGAiEA21vKON7OHeoMDzJs/92G65pH',
    'FhcdX0YDDbJHO3K39PMCIQCCGJc9TAiSUmDvA2jvm5RiWudjCiB9ZmtAFiX6DnCzZQ==',
  ].join(''),
  p384: [
    'MIIB7DCCAXKgAwIBAgIUBlOAqLr9Z//bNa3EkCxh5pmsDbwwCgYIKoZIzj0EAwIwLTELMAkGA1UEBhMCWFgxHjAcBgNVBAMM',
    'FVlpbWEgdGVzdCBzaWduZXIgcDM4NDAeFw0yNjExMjMxNzE0MDVaFw0yODExMjIxNzE0MDVaMC0xCzAJBgNVBAYTAlhYMR4w',
    'HAYDVQQDDBVZaW1hIHRlc3Qgc2lnbmVyIHAzODQwdjAQBgcqhkjOPQIBBgUrgQQAIgNiAATTTqMk3f/TuxRmfNsgH3iz60KZ',
    'zmp6WuHRQK1PQt2oPAM2e5d3gxXJppwvd8LjaXEr50ObKnNEusCt2XyCGM50QH3XMXeo3dEXKaO+BPwpADvMQGMktCO1oiJE',
    'U122d0GjUzBRMB0GA1UdDgQWBBQKr7z/w5qr1B2T7SIZeTHxJZ9ALDAfBgNVHSMEGDAWgBQKr7z/w5qr1B2T7SIZeTHxJZ9A',
    'LDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA2gAMGUCMQDhucj8xNpCIJX9g2UZHWQW4lpertFdAQDbDpBRallLof/U',
    'cZR0G+iupk8u6i0987gCMDl1uOb5zTfKl1RZvH8Cwzrs4Pn7ZvkvcBnnRK9kAoKP+56IrqLI9HK1tYTEfcLrVQ==',
  ].join(''),
  rsa: [
    'MIIDTjCCAjagAwIBAgIUfl0xbH4/DGiBoQfIT8RkXd1/tT4wDQYJKoZIhvcNAQELBQAwLDELMAkGA1UEBhMCWFgxHTAbBgNV',
    'BAMMFFlpbWEgdGVzdCBzaWduZXIgcnNhMB4XDTI2MTEyMzE3MTQwNVoXDTI4MTEyMjE3MTQwNVowLDELMAkGA1UEBhMCWFgx',
    'HTAbBgNVBAMMFFlpbWEgdGVzdCBzaWduZXIgcnNhMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAk5gkH68ITWgl',
    'kunLNtaL9MGOeUHfcrDiO1CtLmXQS0hWxbwAjsBh3ullQqm025hoGNPbfDBJ0C2uboIpBmgEWsNZTFE2j501d85g3ig8X/5A',
    'fXfsWXsk6ceK0B8ey4dXxGnXOQf7zgDoD4rGpzOge3PxTPwb4XHRaIw2jko4sBIT1XjRLyEdUBoONM5fL4eKLGiMlpvZ9CQU',
    'G3vqHuKomCOrfnVjLgExH3dfDy9I5Hx9+VBGgY46UGav5jP3q5+gzUkxQYYiisPlnoHXoLDZdMnGuOW2FiQW2joQ7MkNrqTB',
    'DzocBQSGVGoRysWkyr0KNYEibAaS1mGihG8aGhyWewIDAQABo2gwZjAdBgNVHQ4EFgQU3/FO6W8kdvN8HiZBvv9OoMG3BJgw',
    'HwYDVR0jBBgwFoAU3/FO6W8kdvN8HiZBvv9OoMG3BJgwDwYDVR0TAQH/BAUwAwEB/zATBgNVHSUEDDAKBggrBgEFBQcDATAN',
    'BgkqhkiG9w0BAQsFAAOCAQEAOFIvEDpY8qs6KWzw05gLxJXRsuo+uTCU4FIistZbM5RclPYwy+oQVjOPCjGHpsVW5qaz51pH',
    'yxySb6VBpYBet+9bEqsmdiNPWcTqjTQUv25IEhgKwqGRiBaov9VQp+i2TXdJZa8+DZDrH/vpoS8OVdU5SRBcBI2//u4ylfgJ',
    '1mEZ2pVniBECCUujxiGekpW123+++dqB5fdirlFjbngmkVMk1OHeGDfkUK7NkUSdYtvKxKoOXTdymcBJNrTbE4d/49KhXhbl',
    'ttrcc4IYMeULpSVDkLfUBULGe4q+to5dbrcGJnNo8Yb+GHaXRxQjGR8yXnHnFp1Y7GtM6K8YDA2yQQ==',
  ].join(''),
  ed: [
    'MIIBazCCAR2gAwIBAgIUHDH5J2gNMU9CjHJ5/rorNRJD9HwwBQYDK2VwMCsxCzAJBgNVBAYTAlhYMRwwGgYDVQQDDBNZaW1h',
    'IHRlc3Qgc2lnbmVyIGVkMB4XDTI2MTEyMzE3MTQwNVoXDTI4MTEyMjE3MTQwNVowKzELMAkGA1UEBhMCWFgxHDAaBgNVBAMM',
    'E1lpbWEgdGVzdCBzaWduZXIgZWQwKjAFBgMrZXADIQAI0Wrm2Ca5Aw+u2d5xNnr5+dRE80OdGKTDxdA3Pt9SJKNTMFEwHQYD',
    'VR0OBBYEFASsokMPAFknOJfgkEpAzSq2LVLqMB8GA1UdIwQYMBaAFASsokMPAFknOJfgkEpAzSq2LVLqMA8GA1UdEwEB/wQF',
    'MAMBAf8wBQYDK2VwA0EAuWdO8GLFZ8Qy+fZ6+SZDvISVsc+FmlBSsWqQHaJHv2okTLsBrgrcRROeb3TCNjiBD5CyWMqbFROV',
    '4tKD/5OnCg==',
  ].join(''),
  k1: [
    'MIIBqDCCAU6gAwIBAgIUdjaOXtvoCE4/bUsCaBVE1RPgLKwwCgYIKoZIzj0EAwIwKzELMAkGA1UEBhMCWFgxHDAaBgNVBAMM',
    'E1lpbWEgdGVzdCBzaWduZXIgazEwHhcNMjYxMTIzMTcxNDA2WhcNMjgxMTIyMTcxNDA2WjArMQswCQYDVQQGEwJYWDEcMBoG',
    'A1UEAwwTWWltYSB0ZXN0IHNpZ25lciBrMTBWMBAGByqGSM49AgEGBSuBBAAKA0IABFmYFxCoFM0JybKYNODkGjN1JNOrVG+B',
    'PLplAyl5BM5qZ2uhAglHuGuE68JcQi+nUYjem/kej0HJGnBSXTr86OyjUzBRMB0GA1UdDgQWBBS0XPifSz9RCUsXflcwUEbi',
    'oaqirTAfBgNVHSMEGDAWgBS0XPifSz9RCUsXflcwUEbioaqirTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUC',
    'IQD4Wtb8yDxC07POE2xR0ebdbfFLOTjSeiZ/tsspEKfs5AIgZF/LsBUlhOw2Y3PijW01s7hXejjhRIZ677+8yjBA+mg=',
  ].join(''),
  brainpool: [
    'MIIBrDCCAVKgAwIBAgIUA2zCYvbEd8xLLPGUyY8uCVuHflowCgYIKoZIzj0EAwIwKzELMAkGA1UEBhMCWFgxHDAaBgNVBAMME1lp',
    'bWEgdGVzdCBzaWduZXIgYnAwHhcNMjYxMTIzMTgxMzI2WhcNMjgxMTIyMTgxMzI2WjArMQswCQYDVQQGEwJYWDEcMBoGA1UEAwwT',
    'WWltYSB0ZXN0IHNpZ25lciBicDBaMBQGByqGSM49AgEGCSskAwMCCAEBBwNCAASBzRbi/3dt3zjDLyLkc9WqnQ/GXkWSGcIQL0wn',
    'dz5UE1Kd+tZqxGvl1w8o5aDTpItBfw+m3ICxQ5tsTpgJlprmo1MwUTAdBgNVHQ4EFgQULJ1aZqUsHfEoh0WUqeWiwfEUywYwHwYD',
    'VR0jBBgwFoAULJ1aZqUsHfEoh0WUqeWiwfEUywYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAgrgd4oNm2kgj',
    'lwVOIpe2JpOmZw8r8/GCX5M7dTl8+FMCIGz2uWEzoYeZ/9tuqlWJgNIGzJrt2YSPoB530e97WGVj',
  ].join(''),
} as const;

type Name = keyof typeof CERTIFICATES;

function der(name: Name): Uint8Array {
  return Uint8Array.from(Buffer.from(CERTIFICATES[name], 'base64'));
}

function pem(name: Name): string {
  const lines = CERTIFICATES[name].match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

t.test('a certificate becomes a key for any issuer, with its own window', async (t) => {
  const { records, refused } = parseDccCertificates(der('vacc'));
  t.strictSame(refused, []);
  t.match(records, [
    {
      format: 'eu-dcc',
      issuer: null,
      key: { algorithm: 'ES256' },
      use: 'credential',
      scope: { region: '', kinds: ['eu-dcc-vaccination'] },
      notBefore: Date.UTC(2026, 10, 23, 17, 14, 5) / 1000,
      notAfter: Date.UTC(2028, 10, 22, 17, 14, 5) / 1000,
      state: 'active',
      statusBase: null,
    },
  ]);
  const digest = createHash('sha256').update(der('vacc')).digest();
  t.equal(records[0]?.kid, encodeBase64url(digest.subarray(0, 8)), 'kid is SHA-256(DER)[0..8]');
});

t.test(
  'the key usages of both arcs name the kinds; none means any, only foreign ones mean none',
  async (t) => {
    const kinds = (name: Name): unknown => parseDccCertificates(der(name)).records[0]?.scope.kinds;
    t.strictSame(kinds('vacc'), ['eu-dcc-vaccination']);
    t.strictSame(kinds('oldtest'), ['eu-dcc-test', 'eu-dcc-recovery']);
    t.equal(kinds('p384'), null);
    t.strictSame(kinds('rsa'), [], 'a TLS server certificate');
  },
);

t.test('the algorithm follows from the key', async (t) => {
  const algorithm = (name: Name): unknown => parseDccCertificates(der(name)).records[0]?.key.algorithm;
  t.equal(algorithm('vacc'), 'ES256');
  t.equal(algorithm('p384'), 'ES384');
  t.equal(algorithm('rsa'), 'PS256');
});

t.test('other keys and what is no certificate are refused with a reason', async (t) => {
  t.match(parseDccCertificates(der('ed')), { records: [], refused: [{ rule: 'key_type' }] });
  t.match(parseDccCertificates(der('k1')), { records: [], refused: [{ rule: 'crv_mismatch' }] });
  t.match(parseDccCertificates(der('vacc').subarray(0, 100)), {
    refused: [{ kid: null, rule: 'certificate' }],
  });
  t.match(parseDccCertificates(der('brainpool')), { records: [], refused: [{ rule: 'key_type' }] });
  t.match(parseDccCertificates(Buffer.from(pem('vacc').slice(0, 100))), {
    refused: [{ kid: null, rule: 'certificate' }],
  });
  t.match(parseDccCertificates(new Uint8Array(0)), { refused: [{ kid: null, rule: 'certificate' }] });
});

t.test('a PEM file may hold many, and one bad one spoils none', async (t) => {
  const broken = pem('vacc').replace(/M/, 'A');
  const bytes = Buffer.from(
    `# comment\n${pem('vacc')}${broken}${pem('ed')}${pem('brainpool')}${pem('p384')}`,
  );
  const { records, refused } = parseDccCertificates(bytes);
  t.strictSame(
    records.map(({ key }) => key.algorithm),
    ['ES256', 'ES384'],
  );
  t.strictSame(
    refused.map(({ rule }) => rule),
    ['certificate', 'key_type', 'key_type'],
  );
});
