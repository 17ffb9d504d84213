// Every setting, one row each: the single source for loading, refusing and documenting them.

import { isRegionPrefix } from '../core/codec/region.js';
import {
  addresses,
  byKind,
  integer,
  matching,
  networks,
  oneOf,
  powerOfTwo,
  redisAddress,
  share,
  text,
  tlsFiles,
  webAddress,
} from './parsers.js';
import { setting } from './setting.js';
import { TRUST_SETTINGS } from './trust-settings.js';

export const SETTINGS = {
  host: setting({
    name: 'HOST',
    parse: matching(/^[0-9A-Za-z.:_-]{1,253}$/, 'a host name or an address'),
    default: '127.0.0.1',
    description: 'Address that the public port listens on',
  }),
  port: setting({
    name: 'PORT',
    // The last port has none after it for ADMIN_PORT.
    parse: integer(0, 65_534),
    default: 3000,
    description: 'Public port; 0 picks a free one, and then `YIMA_PUBLIC_URL` must be set',
  }),
  adminPort: setting({
    name: 'ADMIN_PORT',
    parse: integer(0, 65_535),
    shown: '`PORT` + 1',
    description: 'Health and metrics, on loopback only; 0 picks a free port',
  }),
  workers: setting({
    name: 'WORKERS',
    parse: integer(1, 64),
    default: 1,
    description:
      'Processes that serve the public port. 1: one process does everything; more: a primary keeps data and keys, health is on `ADMIN_PORT` alone, and each worker grants its share of the requests a minute',
  }),
  dataDir: setting({
    name: 'YIMA_DATA_DIR',
    parse: text,
    default: 'data',
    description: 'Folder of the database, the signing keys and the socket; one process at a time',
  }),
  publicUrl: setting({
    name: 'YIMA_PUBLIC_URL',
    parse: webAddress,
    shown: '`http://HOST:PORT`, https with `YIMA_TLS`',
    description:
      'Where others reach this node; status list addresses in codes begin with it, so it must stay',
  }),
  issuer: setting({
    name: 'YIMA_ISSUER',
    parse: matching(
      /^[0-9a-z](?:[0-9a-z.-]{0,30}[0-9a-z])?$/,
      'an issuer id: 1 to 32 of 0-9 a-z . - and neither . nor - at its ends',
    ),
    default: '330102',
    description: 'The `iss` of every code this node signs',
  }),
  region: setting({
    name: 'YIMA_REGION',
    parse: (given) =>
      given === 'all' || isRegionPrefix(given)
        ? { value: given }
        : { expected: '2, 4 or 6 digits of GB/T 2260 that begin with a province, or all' },
    default: '330102',
    description: "Region that the node's own keys may sign for, as a GB/T 2260 prefix; `all` for a ministry",
  }),
  signingAlgorithm: setting({
    name: 'YIMA_SIGNING_ALGORITHM',
    parse: oneOf('Ed25519', 'ES256'),
    default: 'Ed25519',
    description:
      'Ed25519 or ES256, for signing keys that are made from now on; those there are stay as they are',
  }),
  trustDir: setting({
    name: 'YIMA_TRUST_DIR',
    parse: text,
    shown: '`YIMA_DATA_DIR`/trust',
    description: "Folder with partners' keys (`*.json`) and DCC signer certificates (`*.pem`)",
  }),
  ...TRUST_SETTINGS,
  policyDir: setting({
    name: 'YIMA_POLICY_DIR',
    parse: text,
    shown: '`YIMA_DATA_DIR`/policies',
    description: "Folder with regions' policies (`*.json`): who is admitted, held or refused",
  }),
  tls: setting({
    name: 'YIMA_TLS',
    parse: tlsFiles,
    shown: 'none',
    description:
      'HTTPS on the public port, which cameras and keys in browsers need. self: a certificate for this machine and its private addresses, made in `YIMA_DATA_DIR`/tls; or CERT.pem,KEY.pem, the key 0600. SIGHUP reads it again. Behind a proxy that does HTTPS leave it out and set `YIMA_PUBLIC_URL` and `YIMA_TRUST_PROXY`',
  }),
  keyPassphrase: setting({
    name: 'YIMA_KEY_PASSPHRASE',
    parse: (given) => (given.length >= 12 ? { value: given } : { expected: 'at least 12 characters' }),
    shown: 'none',
    description: 'Encrypts the signing keys at rest; without it they rely on file permissions',
    secret: true,
  }),
  keyPassphraseFile: setting({
    name: 'YIMA_KEY_PASSPHRASE_FILE',
    parse: text,
    shown: 'none',
    description: 'File that holds the passphrase, instead of `YIMA_KEY_PASSPHRASE`',
  }),
  trustProxy: setting({
    name: 'YIMA_TRUST_PROXY',
    parse: networks,
    default: [],
    shown: 'none',
    description: 'Proxies whose `X-Forwarded-For` is believed: addresses or CIDR blocks, separated by commas',
  }),
  rateLimitPerMinute: setting({
    name: 'YIMA_RATE_LIMIT_PER_MINUTE',
    parse: integer(0, 1_000_000_000),
    default: 600,
    description: 'Requests a minute for one API key, or one address without a key; 0 for no limit',
  }),
  verifyRateLimitPerMinute: setting({
    name: 'YIMA_VERIFY_RATE_LIMIT_PER_MINUTE',
    parse: integer(0, 1_000_000_000),
    default: 60_000,
    description: 'The same for `POST /v1/verify` and each line of `POST /v1/verify/batch`, counted apart',
  }),
  shortIdRateLimitPerMinute: setting({
    name: 'YIMA_SHORT_ID_RATE_LIMIT_PER_MINUTE',
    parse: integer(0, 1_000_000),
    default: 30,
    description:
      'The same for short ids of paper that are typed at a checkpoint, counted apart: each is a guess',
  }),
  knownCodes: setting({
    name: 'YIMA_KNOWN_CODES',
    parse: integer(0, 10_000_000),
    default: 20_000,
    description:
      'Codes whose signature is remembered as sound, so that they cost less when shown again: 1 KB each, up to 4 KB for a long licence; 0 for none',
  }),
  verifier: setting({
    name: 'YIMA_VERIFIER',
    parse: oneOf('auto', 'node', 'webcrypto', 'noble'),
    default: 'auto',
    description:
      'Who checks signatures. auto: tables of multiples in WebAssembly for the Ed25519 keys in use, node:crypto for the rest; the others pin one backend, for comparison',
  }),
  verifierTableMb: setting({
    name: 'YIMA_VERIFIER_TABLE_MB',
    parse: integer(0, 1_024),
    default: 64,
    description: 'Most memory for those tables in each process, in MiB: 76 KB to 1.2 MB a key; 0 for none',
  }),
  logLevel: setting({
    name: 'YIMA_LOG_LEVEL',
    parse: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
    default: 'info',
    description: 'fatal, error, warn, info, debug or silent',
  }),
  logSample: setting({
    name: 'YIMA_LOG_SAMPLE',
    parse: share,
    default: 0.01,
    description: 'Share of the requests without an error that are logged, 0 to 1; errors always are',
  }),
  demo: setting({
    name: 'YIMA_DEMO',
    parse: oneOf('auto', 'on', 'off'),
    default: 'auto',
    description:
      'The demo on the first page, for loopback visitors only. auto: on when `HOST` is loopback and neither a proxy nor a public address is set',
  }),
  statusListEntries: setting({
    name: 'YIMA_STATUS_LIST_ENTRIES',
    parse: powerOfTwo(1024, 2 ** 20),
    default: 2 ** 20,
    description: 'Entries of a new status list, a power of two from 1024 to 1048576',
  }),
  statusTtlSeconds: setting({
    name: 'YIMA_STATUS_TTL_SECONDS',
    parse: integer(1, 86_400),
    default: 60,
    description: '`ttl` of status list tokens: how long others may keep one',
  }),
  partnerLists: setting({
    name: 'YIMA_PARTNER_LISTS',
    parse: oneOf('auto', 'off'),
    default: 'auto',
    description:
      "Other authorities' status lists over HTTPS, from the status bases in the trust folder. auto: fetched where no feed brings them; off: never",
  }),
  partnerPrivate: setting({
    name: 'YIMA_PARTNER_PRIVATE',
    parse: oneOf('on', 'off'),
    default: 'off',
    description: 'on: a partner may be on loopback or in a private network, and speak plain HTTP',
  }),
  partnerKeysFile: setting({
    name: 'YIMA_PARTNER_KEYS_FILE',
    parse: text,
    shown: 'none',
    description:
      'File, 0600, with our API keys at partners whose lists need one: `{"330105": "yk_..."}`. Read again on SIGHUP',
  }),
  issuesPerDay: setting({
    name: 'YIMA_ISSUES_PER_DAY',
    parse: byKind(integer(0, 1_000_000_000)),
    default: new Map<string, number>(),
    shown: 'no limit',
    description:
      'Credentials of a kind that one office (API key) may issue in a day of China Standard Time, as health-code=5000,food-handler=50',
  }),
  secondLook: setting({
    name: 'YIMA_SECOND_LOOK',
    parse: byKind(share),
    default: new Map<string, number>(),
    shown: 'none',
    description:
      'Share of the requests for a kind that wait until an officer has approved them, and are signed then, as health-code=0.02,driving-licence=1',
  }),
  manualChangesPerDay: setting({
    name: 'YIMA_MANUAL_CHANGES_PER_DAY',
    parse: integer(0, 1_000_000),
    default: 100,
    description:
      'Credentials whose colour two officers may change by hand in any 24 hours, open proposals counted in; 0 for none',
  }),
  offerSeconds: setting({
    name: 'YIMA_OFFER_SECONDS',
    parse: integer(60, 604_800),
    default: 900,
    description: 'How long an offer to a phone is open, and its transaction code good',
  }),
  keySignatures: setting({
    name: 'YIMA_KEY_SIGNATURES',
    parse: integer(1_000, 1_000_000),
    default: 1_000_000,
    description:
      'Credentials that one key signs at most before the next takes over: so many codes are lost with a key that has to be withdrawn',
  }),
  singleRevocationsPerDay: setting({
    name: 'YIMA_SINGLE_REVOCATIONS_PER_DAY',
    parse: integer(0, 1_000_000_000),
    default: 200,
    description: 'Codes with a colour that one API key may revoke alone in any 24 hours; 0 for no limit',
  }),
  statusMaxAgeSeconds: setting({
    name: 'YIMA_STATUS_MAX_AGE_SECONDS',
    parse: integer(1, 86_400),
    default: 86_400,
    description:
      "Oldest status that this node admits by, where a kind's own limit is not lower already (5 minutes for health codes, a day for licences)",
  }),
  redisUrl: setting({
    name: 'YIMA_REDIS_URL',
    parse: redisAddress,
    shown: 'none',
    description:
      'Redis (redis:// or rediss://) through which status changes reach other nodes, and theirs reach this one; without it this node serves its own lists alone',
    secret: true,
  }),
  redisSentinels: setting({
    name: 'YIMA_REDIS_SENTINELS',
    parse: addresses,
    default: [],
    shown: 'none',
    description:
      'Sentinels that are asked where Redis is: host:port, separated by commas; user, password and database are still those of `YIMA_REDIS_URL`',
  }),
  redisSentinelMaster: setting({
    name: 'YIMA_REDIS_SENTINEL_MASTER',
    parse: matching(/^[\w.-]{1,64}$/, 'the name of a master, of A-Z a-z 0-9 . - _'),
    default: 'mymaster',
    description: 'What the Sentinels call the Redis',
  }),
  shutdownGraceSeconds: setting({
    name: 'YIMA_SHUTDOWN_GRACE_SECONDS',
    parse: integer(0, 300),
    default: 1,
    description: 'After SIGTERM: unready this long before connections are refused',
  }),
  shutdownDrainSeconds: setting({
    name: 'YIMA_SHUTDOWN_DRAIN_SECONDS',
    parse: integer(0, 10),
    default: 10,
    description: 'Then at most this long for requests under way',
  }),
} as const;

/** Names that belong to other programs of the project: known here and ignored. */
export const IGNORED_NAMES = ['YIMA_REQUIRE', 'YIMA_FULL'] as const;
