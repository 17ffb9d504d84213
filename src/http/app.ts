// buildApp: every surface of the public port, and the same without strangers for the node's own socket.
//
// The way of POST /v1/verify: guard (key, scope, bucket) -> strict JSON -> schema -> lane -> the ladder -> bytes. The usual request takes
// the short way of door/, in front of Node's parser, with the same parts.

import type { App } from './app-types.js';
import type { AppDeps, AppOptions } from './deps.js';
import { createMessageHeads } from './door/message-heads.js';
import { createVerifyDoor } from './door/verify-door.js';
import { createRequestLog } from './logging.js';
import { createSendProblem, registerErrorAnswers } from './plugins/error-answers.js';
import { overLimit, registerGuard } from './plugins/guard.js';
import { createHttpFigures } from './plugins/http-metrics.js';
import { exportLane } from './plugins/lane-metrics.js';
import { DOCS_PREFIX, registerDocs, registerOpenApi } from './plugins/openapi.js';
import { createRateLimit, type Surface } from './plugins/rate-limit.js';
import { registerStrictBody } from './plugins/strict-body.js';
import { createSocketGate } from './reading-gate.js';
import { type RecordRequest, registerRequestFields } from './request-fields.js';
import { registerApiKeys } from './routes/admin/api-keys.js';
import { registerLog } from './routes/admin/log.js';
import { registerLogRepair } from './routes/admin/log-repair.js';
import { registerSigningKeys } from './routes/admin/signing-keys.js';
import { registerScan } from './routes/checkpoint/scan.js';
import { registerSites } from './routes/checkpoint/sites.js';
import { type Queue, registerVerify } from './routes/checkpoint/verify.js';
import { registerVerifyBatch } from './routes/checkpoint/verify-batch.js';
import { registerVerifyShortId } from './routes/checkpoint/verify-short-id.js';
import { registerClaims } from './routes/claims/claims.js';
import { registerMetadata } from './routes/claims/metadata.js';
import { registerDemo } from './routes/demo/demo.js';
import { loopbackOnly } from './routes/demo/loopback-only.js';
import { registerHolder } from './routes/holder/holder.js';
import { registerRecord } from './routes/office/credential-record.js';
import { registerCredentialStatus } from './routes/office/credential-status.js';
import { registerCredentialSymbols } from './routes/office/credential-symbols.js';
import { registerCredentials } from './routes/office/credentials.js';
import { registerEncodings } from './routes/office/encodings.js';
import { registerHeldIssues } from './routes/office/held-issues.js';
import { registerKinds } from './routes/office/kinds.js';
import { registerLostPaper } from './routes/office/lost-paper.js';
import { registerOffers } from './routes/office/offers.js';
import { registerPaperSheets } from './routes/office/paper-sheets.js';
import { registerTranslations } from './routes/office/translations.js';
import { registerAppeals } from './routes/officers/appeals.js';
import { registerColourRules } from './routes/officers/colour-rules.js';
import { registerProposals } from './routes/officers/proposals.js';
import { registerRevocations } from './routes/officers/revocations.js';
import { registerHealth } from './routes/operator/health.js';
import { ASSETS_PREFIX, registerPages } from './routes/pages.js';
import { registerJwks } from './routes/public/jwks.js';
import { registerOwnAuthority } from './routes/public/own-authority.js';
import { registerProblemPages } from './routes/public/problem-pages.js';
import { registerStatusLists } from './routes/public/status-lists.js';
import { registerTrust } from './routes/trust/trust.js';
import { createIds, createServer, doorTimes } from './server-options.js';
import { createVerifyLane } from './verify-lane.js';

/**
 * The app, ready to listen or to be injected into.
 * @throws Error at start when a route declares no access
 */
export async function buildApp(deps: AppDeps, options: AppOptions): Promise<App> {
  const local = options.local === true;
  const limit = local ? null : createRateLimit(limits(options));
  const send = createSendProblem(options.publicUrl);
  const record = recordInto(createHttpFigures(deps.metrics), createRequestLog(options.log));
  const nextId = createIds();
  const gate = createSocketGate();
  const lane = local ? null : createVerifyLane({ clock: () => performance.now(), defer: setImmediate, gate });
  if (lane !== null) exportLane(deps.metrics, lane, gate);
  const { publicUrl } = options;
  const times = doorTimes(options.timeouts);
  const heads = createMessageHeads(times.nextMs);
  const app = createServer({
    trustProxy: local ? [] : options.trustProxy,
    isTls: !local && options.tls !== null,
    send,
    nextId,
    door:
      limit &&
      lane &&
      createVerifyDoor({ ...deps, limit, lane, gate, record, publicUrl, nextId, heads }, times),
    timeouts: options.timeouts,
  });

  registerErrorAnswers(
    app,
    send,
    limit && ((request, _reply, done) => done(overLimit(request, 'general', limit))),
  );
  registerRequestFields(app, record);
  registerStrictBody(app);
  registerGuard(app, {
    access: deps.access,
    sites: { check: deps.sites.check, audience: new URL(options.publicUrl).origin, clock: deps.clock },
    find: deps.registry.find,
    local,
    limit,
    pluginPrefixes: [DOCS_PREFIX, ASSETS_PREFIX],
  });
  if (!local) await registerOpenApi(app, options);
  registerApi(app, deps, options, lane && { lane, gate });
  await registerVerifyBatch(app, deps, options, { limit, lane });
  if (deps.trust !== null) await registerTrust(app, deps.trust, local);
  if (!local) await registerForVisitors(app, deps, options);
  await app.ready();
  return app;
}

function recordInto(...records: readonly RecordRequest[]): RecordRequest {
  return (request, status) => {
    for (const record of records) record(request, status);
  };
}

function limits(options: AppOptions): Readonly<Record<Surface, number>> {
  return {
    general: options.rateLimitPerMinute,
    verify: options.verifyRateLimitPerMinute,
    'short-id': options.shortIdRateLimitPerMinute,
  };
}

function registerApi(app: App, deps: AppDeps, options: AppOptions, queue: Queue | null): void {
  const { publicUrl } = options;
  registerVerify(app, deps, queue);
  registerVerifyShortId(app, deps);
  registerSites(app, deps, publicUrl);
  registerScan(app, deps, publicUrl);
  registerCredentials(app, deps, publicUrl);
  registerHeldIssues(app, deps, publicUrl);
  registerTranslations(app, deps, publicUrl);
  registerCredentialSymbols(app, deps);
  registerCredentialStatus(app, deps, publicUrl);
  registerPaperSheets(app, deps);
  registerLostPaper(app, deps, publicUrl);
  registerEncodings(app, deps, publicUrl);
  registerOffers(app, deps, publicUrl);
  registerProposals(app, deps);
  registerColourRules(app, deps);
  registerAppeals(app, deps);
  registerRecord(app, deps);
  registerRevocations(app, deps);
  registerKinds(app, deps);
  registerJwks(app, deps);
  registerStatusLists(app, deps);
  registerApiKeys(app, deps);
  registerLog(app, deps);
  registerLogRepair(app, deps);
  registerSigningKeys(app, deps);
  if (deps.health !== null) registerHealth(app, deps.health);
}

async function registerForVisitors(app: App, deps: AppDeps, options: AppOptions): Promise<void> {
  // A browser would hold every other server on this machine to HTTPS too.
  const https = options.publicUrl.startsWith('https:') && options.tls !== 'self';
  const { webRoot } = options;
  const { demo } = deps;
  registerProblemPages(app);
  if (options.tls === 'self') registerOwnAuthority(app, deps.tlsAuthority);
  registerMetadata(app, deps, options.publicUrl);
  await registerClaims(app, deps, options.publicUrl);
  await app.register(async (scope) => registerHolder(scope as App, deps, options.publicUrl));
  await registerDocs(app, https);
  if (demo !== null) {
    await app.register(async (scope) => {
      scope.addHook('onRequest', loopbackOnly);
      registerDemo(scope as App, deps, demo);
    });
  }
  if (webRoot !== null) await app.register(async (scope) => registerPages(scope as App, webRoot, https));
}
