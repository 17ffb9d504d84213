// GET /certificate: the page from which a phone takes this node's own TLS authority in, and the certificate that it takes.

import { X509Certificate } from 'node:crypto';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { App } from '../../app-types.js';
import { AUTHORITY_POLICY, authorityPage } from '../../own-authority/page.js';

const PAGE = '/certificate';
/** DER under this ending and type is what iOS and Android both take. */
const FILE = `${PAGE}/yima-ca.crt`;
const OPTIONS = { config: { access: 'public' }, schema: { hide: true } } as const;

/** @param authority PEM of the certificate as it is now; null before one is shown */
export function registerOwnAuthority(app: App, authority: () => string | null): void {
  const read = (): X509Certificate => {
    const pem = authority();
    if (pem === null) throw new YimaError('not_found', 'This node has no authority of its own.');
    return new X509Certificate(pem); // of a file with more in it, the certificate alone
  };
  app.get(PAGE, OPTIONS, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', AUTHORITY_POLICY)
      .header('cache-control', 'no-cache')
      .send(authorityPage(read().fingerprint256, FILE)),
  );
  app.get(FILE, OPTIONS, (_request, reply) =>
    reply.type('application/x-x509-ca-cert').header('cache-control', 'no-cache').send(read().raw),
  );
}
