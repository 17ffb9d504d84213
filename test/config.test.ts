import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig, settingsTable } from '../src/config.js';
import { YimaError } from '../src/core/errors/yima-error.js';
import { ROOT } from './support/shared.js';

const noFile = (): string => {
  throw new Error('no such file');
};

function refusal(env: Record<string, string>, readText = noFile): YimaError {
  try {
    loadConfig(env, readText);
  } catch (error) {
    if (error instanceof YimaError) return error;
  }
  throw new Error('the configuration was accepted');
}

t.test('an empty environment gives a node on loopback with a demo', async (t) => {
  t.match(loadConfig({}), {
    host: '127.0.0.1',
    port: 3000,
    adminPort: 3001,
    dataDir: 'data',
    publicUrl: 'http://127.0.0.1:3000',
    issuer: '330102',
    region: '330102',
    signingAlgorithm: 'Ed25519',
    trustDir: join('data', 'trust'),
    keyPassphrase: null,
    trustProxy: [],
    logLevel: 'info',
    demo: true,
    statusListEntries: 1_048_576,
  });
  t.ok(Object.isFrozen(loadConfig({})));
});

t.test('rules of issuing are given by kind, each once', async (t) => {
  const { issuesPerDay, secondLook } = loadConfig({
    YIMA_ISSUES_PER_DAY: 'health-code=5000, food-handler=0',
    YIMA_SECOND_LOOK: 'health-code=0.02',
  });
  t.same(
    [...issuesPerDay],
    [
      ['health-code', 5_000],
      ['food-handler', 0],
    ],
  );
  t.same([...secondLook], [['health-code', 0.02]]);
  t.same(
    [loadConfig({}).issuesPerDay.size, loadConfig({}).secondLook.size],
    [0, 0],
    'nothing waits by default',
  );
  for (const given of [
    'health-code',
    'health-code=2',
    'health-code=0.1,health-code=0.2',
    'A=1',
    '=1',
    'a=1=1',
    'a=-1',
    ',',
  ])
    t.throws(() => loadConfig({ YIMA_SECOND_LOOK: given }), { code: 'config_invalid' }, given);
});

t.test('what is set wins, and what follows from it follows', async (t) => {
  const config = loadConfig({
    HOST: '0.0.0.0',
    PORT: '8080',
    YIMA_DATA_DIR: '/srv/yima',
    YIMA_REGION: 'all',
    YIMA_TRUST_PROXY: '10.0.0.0/8, ::1',
    YIMA_LOG_SAMPLE: '0.25',
    YIMA_ISSUER: '',
  });
  t.match(config, {
    host: '0.0.0.0',
    port: 8080,
    adminPort: 8081,
    publicUrl: 'http://127.0.0.1:8080',
    trustDir: '/srv/yima/trust',
    region: '',
    trustProxy: ['10.0.0.0/8', '::1'],
    logSample: 0.25,
    issuer: '330102',
    demo: false,
  });
  t.equal(loadConfig({ YIMA_PUBLIC_URL: 'https://yima.test/' }).publicUrl, 'https://yima.test');
  t.equal(loadConfig({ HOST: '::1' }).publicUrl, 'http://[::1]:3000');
  t.equal(loadConfig({ PORT: '0', YIMA_PUBLIC_URL: 'https://yima.test' }).adminPort, 0);
});

t.test('the demo is on by itself only where nobody else can reach it', async (t) => {
  const rows: [Record<string, string>, boolean][] = [
    [{ HOST: 'localhost' }, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ YIMA_TRUST_PROXY: '127.0.0.1' }, false],
    [{ YIMA_PUBLIC_URL: 'http://127.0.0.1:3000' }, false],
    [{ HOST: '0.0.0.0', YIMA_DEMO: 'on' }, true],
    [{ YIMA_DEMO: 'off' }, false],
  ];
  for (const [env, demo] of rows) t.equal(loadConfig(env).demo, demo, JSON.stringify(env));
});

t.test('a misspelt setting is refused with the nearest known name', async (t) => {
  const error = refusal({ YIMA_ISUER: '330102' });
  t.equal(error.code, 'config_invalid');
  t.equal(error.field, 'YIMA_ISUER');
  t.match(error.message, /YIMA_ISUER: .*YIMA_ISSUER/);
  t.doesNotThrow(() => loadConfig({ YIMA_REQUIRE: 'redis', UNRELATED: 'x' }));
});

t.test('one error names every bad setting and repeats no value', async (t) => {
  const bad = {
    HOST: 'a b',
    PORT: '70000',
    ADMIN_PORT: '-1',
    YIMA_PUBLIC_URL: 'ftp://yima.test',
    YIMA_ISSUER: 'UPPER',
    YIMA_REGION: '33010',
    YIMA_SIGNING_ALGORITHM: 'RS256',
    YIMA_KEY_PASSPHRASE: 'secret',
    YIMA_TRUST_PROXY: 'true',
    YIMA_RATE_LIMIT_PER_MINUTE: '1.5',
    YIMA_LOG_LEVEL: 'loud',
    YIMA_LOG_SAMPLE: '2',
    YIMA_DEMO: 'yes',
    YIMA_STATUS_LIST_ENTRIES: '1000',
    YIMA_STATUS_TTL_SECONDS: '0',
    YIMA_SHUTDOWN_DRAIN_SECONDS: '11',
    YIMA_REDIS_URL: 'http://secret@redis',
    YIMA_REDIS_SENTINELS: 'host-without-port',
    YIMA_REDIS_SENTINEL_MASTER: 'my master',
  };
  const { message } = refusal(bad);
  for (const [name, value] of Object.entries(bad)) {
    t.match(message, `${name}: expected`);
    if (value.length > 4) t.notMatch(message, value, `${value} is not repeated`);
  }
  t.equal(message.split('\n').length, Object.keys(bad).length);
});

t.test('a port that nobody can know beforehand needs a public address', async (t) => {
  const error = refusal({ PORT: '0' });
  t.match(error, { code: 'config_invalid', field: 'YIMA_PUBLIC_URL', message: /needed when PORT is 0/ });
  t.equal(refusal({ PORT: '0', YIMA_PUBLIC_URL: 'x' }).message.split('\n').length, 1, 'said once');
  t.equal(
    loadConfig({ PORT: '0', YIMA_PUBLIC_URL: 'https://yima.test' }).publicUrl,
    'https://yima.test',
    'and is not in the way of one',
  );
});

t.test('a region is one of a known province', async (t) => {
  for (const region of ['99', '00', '9901', '3', '33010', '3301020', 'ALL'])
    t.equal(refusal({ YIMA_REGION: region }).field, 'YIMA_REGION', region);
  for (const region of ['33', '3301', '330102', '66'])
    t.equal(loadConfig({ YIMA_REGION: region }).region, region);
});

t.test('public addresses with a user, a query or a fragment are refused', async (t) => {
  for (const address of [
    'https://u:p@yima.test',
    'https://yima.test/?a=1',
    'https://yima.test/#a',
    'yima.test',
  ]) {
    t.equal(refusal({ YIMA_PUBLIC_URL: address }).field, 'YIMA_PUBLIC_URL', address);
  }
});

t.test('a proxy is trusted by address, never by name or number', async (t) => {
  for (const entry of ['proxy.local', '1', '10.0.0.0/33', '::1/129', '10.0.0.1,', '10.0.0.0/8/8']) {
    t.equal(refusal({ YIMA_TRUST_PROXY: entry }).field, 'YIMA_TRUST_PROXY', entry);
  }
});

t.test('the passphrase may come from a file, and then from nowhere else', async (t) => {
  const file = { YIMA_KEY_PASSPHRASE_FILE: '/run/secrets/yima' };
  t.equal(loadConfig(file, () => 'twelve characters\n').keyPassphrase, 'twelve characters');
  t.match(refusal(file).message, 'cannot be read');
  t.match(refusal(file, () => 'short\n').message, 'too little');
  t.match(refusal({ ...file, YIMA_KEY_PASSPHRASE: 'twelve characters' }).message, 'not both');
  t.equal(loadConfig({ YIMA_KEY_PASSPHRASE: 'twelve characters' }).keyPassphrase, 'twelve characters');
});

t.test('the table has a row for every setting, and README.md carries it', async (t) => {
  const table = settingsTable();
  for (const name of ['HOST', 'PORT', 'ADMIN_PORT', 'YIMA_DATA_DIR', 'YIMA_DEMO'])
    t.match(table, `| \`${name}\` |`);
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const section = /<!-- settings -->([\s\S]*?)<!-- \/settings -->/.exec(readme)?.[1];
  t.equal(section?.trim(), table, 'npm run settings writes it');
});

t.test('one process serves unless more are asked for, 64 at most', async (t) => {
  t.equal(loadConfig({}).workers, 1);
  t.equal(loadConfig({ WORKERS: '64' }).workers, 64);
  for (const WORKERS of ['0', '65', '-1', '2.5', 'all'])
    t.match(refusal({ WORKERS }), { field: 'WORKERS' }, WORKERS);
  const anyPort = { PORT: '0', YIMA_PUBLIC_URL: 'https://yima.test' };
  t.match(refusal({ ...anyPort, WORKERS: '2' }), { field: 'WORKERS', message: /PORT names/ });
  t.equal(loadConfig({ ...anyPort, WORKERS: '1' }).workers, 1);
});

t.test('Redis is named by its address, and Sentinels by theirs', async (t) => {
  t.equal(loadConfig({}).redis, null);
  const url = 'rediss://user:pass@redis.example:6380/2';
  t.strictSame(loadConfig({ YIMA_REDIS_URL: url }).redis, { url, sentinels: [], sentinelMaster: 'mymaster' });
  t.strictSame(
    loadConfig({
      YIMA_REDIS_URL: url,
      YIMA_REDIS_SENTINELS: 'a.example:26379, [::1]:26380',
      YIMA_REDIS_SENTINEL_MASTER: 'status',
    }).redis,
    {
      url,
      sentinels: [
        { host: 'a.example', port: 26_379 },
        { host: '::1', port: 26_380 },
      ],
      sentinelMaster: 'status',
    },
  );
  for (const bad of ['redis://', 'redis://h/x', 'redis://h?db=1', 'h:6379', 'redis://h:99999'])
    t.equal(refusal({ YIMA_REDIS_URL: bad }).field, 'YIMA_REDIS_URL', bad);
  for (const bad of ['h', 'h:0', 'h:65536', 'h:1,', '::1:26379', 'a b:1'])
    t.equal(refusal({ YIMA_REDIS_URL: url, YIMA_REDIS_SENTINELS: bad }).field, 'YIMA_REDIS_SENTINELS', bad);
  const alone = refusal({ YIMA_REDIS_SENTINELS: 'h:26379' });
  t.match(alone, { field: 'YIMA_REDIS_URL', message: /needed where YIMA_REDIS_SENTINELS is set/ });
});

t.test('a node is in a trust network when it knows how that begins', async (t) => {
  const pin = `${'A'.repeat(42)}E`;
  t.equal(loadConfig({}).trust, null);
  t.strictSame(loadConfig({ YIMA_TRUST_PIN: pin }).trust, {
    pin,
    isHub: false,
    isWitness: false,
    sources: [],
    witnesses: [],
  });
  t.strictSame(
    loadConfig({
      YIMA_TRUST_PIN: pin,
      YIMA_TRUST_HUB: 'on',
      YIMA_TRUST_WITNESS: 'on',
      YIMA_TRUST_SOURCES: 'https://hub.example/, http://127.0.0.1:3000',
      YIMA_TRUST_WITNESSES: '33=https://zj.example, 44=https://gd.example/yima',
    }).trust,
    {
      pin,
      isHub: true,
      isWitness: true,
      sources: ['https://hub.example', 'http://127.0.0.1:3000'],
      witnesses: [
        { name: '33', url: 'https://zj.example' },
        { name: '44', url: 'https://gd.example/yima' },
      ],
    },
  );
});

t.test('settings of a trust network that say nothing sound are refused', async (t) => {
  const pin = `${'A'.repeat(42)}E`;
  const rows: [Record<string, string>, string][] = [
    [{ YIMA_TRUST_PIN: 'A'.repeat(42) }, 'YIMA_TRUST_PIN'],
    [{ YIMA_TRUST_PIN: `${'A'.repeat(42)}B` }, 'YIMA_TRUST_PIN'],
    [{ YIMA_TRUST_HUB: 'on' }, 'YIMA_TRUST_PIN'],
    [{ YIMA_TRUST_WITNESS: 'on' }, 'YIMA_TRUST_PIN'],
    [{ YIMA_TRUST_SOURCES: 'https://hub.example' }, 'YIMA_TRUST_PIN'],
    [{ YIMA_TRUST_PIN: pin, YIMA_TRUST_SOURCES: 'hub.example' }, 'YIMA_TRUST_SOURCES'],
    [
      { YIMA_TRUST_PIN: pin, YIMA_TRUST_SOURCES: 'https://a.example,https://a.example/' },
      'YIMA_TRUST_SOURCES',
    ],
    [{ YIMA_TRUST_PIN: pin, YIMA_TRUST_WITNESSES: '33=https://zj.example' }, 'YIMA_TRUST_WITNESSES'],
    [{ YIMA_TRUST_PIN: pin, YIMA_TRUST_HUB: 'on', YIMA_TRUST_WITNESSES: '33' }, 'YIMA_TRUST_WITNESSES'],
    [
      {
        YIMA_TRUST_PIN: pin,
        YIMA_TRUST_HUB: 'on',
        YIMA_TRUST_WITNESSES: '33=https://a.example,33=https://b.example',
      },
      'YIMA_TRUST_WITNESSES',
    ],
  ];
  for (const [env, field] of rows) t.equal(refusal(env).field, field, JSON.stringify(env));
});

t.test('HTTPS is asked for by one word or two files, and changes the address that others open', async (t) => {
  t.equal(loadConfig({}).tls, null);
  t.equal(loadConfig({ YIMA_TLS: 'self' }).tls, 'self');
  t.equal(loadConfig({ YIMA_TLS: 'self', PORT: '4443' }).publicUrl, 'https://127.0.0.1:4443');
  t.equal(
    loadConfig({ YIMA_TLS: 'self', YIMA_PUBLIC_URL: 'http://proxy.test' }).publicUrl,
    'http://proxy.test',
  );
  const files = { certFile: '/etc/c.pem', keyFile: '/etc/k.pem' };
  t.same(loadConfig({ YIMA_TLS: '/etc/c.pem, /etc/k.pem' }).tls, files);
  for (const bad of ['on', '/etc/c.pem', '/etc/c.pem,', ',/etc/k.pem', 'a,b,c'])
    t.throws(() => loadConfig({ YIMA_TLS: bad }), { code: 'config_invalid', field: 'YIMA_TLS' }, bad);
});
