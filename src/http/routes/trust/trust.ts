// The surface of the regions: documents, bundle, log and reports, in a scope whose bodies are texts that are compared to the byte.

import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import { checkEncoding } from '../../plugins/strict-body.js';
import type { TrustSurface } from '../../trust-desk.js';
import { registerTrustDocuments } from './trust-documents.js';
import { registerTrustImport } from './trust-import.js';
import { registerTrustLog } from './trust-log.js';
import { registerTrustReports } from './trust-reports.js';
import { DOCUMENT_TYPE } from './trust-schemas.js';

/** @param local whether this is the app behind the socket */
export async function registerTrust(app: App, trust: TrustSurface, local: boolean): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    for (const mediaType of [DOCUMENT_TYPE, 'text/plain']) {
      scope.addContentTypeParser(
        mediaType,
        { parseAs: 'buffer' },
        (request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void) => {
          try {
            done(null, readText(request, body, mediaType));
          } catch (error) {
            done(error as Error);
          }
        },
      );
    }
    registerTrustDocuments(scope as App, trust);
    registerTrustReports(scope as App, trust);
    registerTrustLog(scope as App, trust);
    if (local) registerTrustImport(scope as App, trust.desk);
  });
}

/** @throws YimaError `unsupported_media_type`, `invalid_request` */
function readText(request: FastifyRequest, body: Buffer, mediaType: string): string {
  checkEncoding(request, mediaType);
  if (!isUtf8(body)) throw new YimaError('invalid_request', 'The body is not UTF-8.');
  return body.toString('utf8');
}
