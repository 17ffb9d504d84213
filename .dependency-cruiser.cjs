// Import directions (ARCHITECTURE.md, "Rooms"): imports point down only, siblings never import each other.
const room = (name) => `^src/core/${name}/`;
const only = (name, ...allowed) => ({
  name: `core-${name}`,
  comment: `core/${name} may import only ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: room(name) },
  to: { path: '^src/', pathNot: [name, ...allowed].map(room) },
});

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('errors'),
    only('codec', 'errors'),
    only('signature', 'codec', 'errors'),
    only('credential', 'signature', 'codec', 'errors'),
    only('status', 'signature', 'codec', 'errors'),
    only('trust', 'signature', 'codec', 'errors'),
    only('envelope', 'signature', 'codec', 'errors'),
    only('verify', 'envelope', 'credential', 'status', 'trust', 'signature', 'codec', 'errors'),
    only('issue', 'envelope', 'credential', 'status', 'trust', 'signature', 'codec', 'errors'),
    {
      name: 'core-is-pure',
      comment: 'core runs in a browser too: no Node API, and only the libraries named here',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-libraries',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: 'node_modules', pathNot: 'node_modules/(cborg|@noble/ed25519)/' },
    },
    {
      name: 'adapters-down',
      severity: 'error',
      from: { path: '^src/adapters/([^/.]+)' },
      to: { path: '^src/', pathNot: ['^src/core/', '^src/adapters/$1(/|\\.ts$)'] },
    },
    {
      name: 'http-down',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^src/', pathNot: ['^src/core/', '^src/http/'] },
    },
    {
      name: 'web-down',
      comment: 'browser pages import core and the adapters made for browsers',
      severity: 'error',
      from: { path: '^src/web/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/core/',
          '^src/web/',
          '^src/adapters/crypto-(web|table|noble)',
          '^src/adapters/qr/(matrix|path-data|mask)\\.ts$',
        ],
      },
    },
    {
      name: 'worker-holds-nothing',
      comment: 'a worker knows what it is told: database and key files are out of its reach',
      severity: 'error',
      from: { path: '^src/server/worker/' },
      to: { path: '^src/adapters/(sqlite/|keyfile/|data-folder|redis/)', reachable: true },
    },
    {
      name: 'config-alone',
      severity: 'error',
      from: { path: '^src/config' },
      to: { path: '^src/', pathNot: ['^src/config', '^src/core/(codec|errors)/'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.build|src/wasm)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
