// A paper code as a document to print: a card for the purse, or a page with large type.

import { Type } from 'typebox';
import { showClaims } from '../../../core/credential/claims.js';
import { YimaError } from '../../../core/errors/yima-error.js';
import type { EncodingRow, StoredCredential } from '../../../core/issue/store.js';
import type { App } from '../../app-types.js';
import type { AppDeps } from '../../deps.js';
import { type SheetContent, sheetHtml, sheetPolicy } from '../../paper/sheet.js';
import { LAYOUTS } from '../../paper/sheet-style.js';
import { closed, documented, idParams, problems } from '../../schemas/common.js';

const MEDIA_TYPE = 'text/html; charset=utf-8';

const sheetParams = closed({
  ...idParams.properties,
  n: Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: 'Number of the encoding' }),
});

export function registerPaperSheets(app: App, deps: AppDeps): void {
  for (const layout of LAYOUTS) {
    app.get(
      `/v1/credentials/:id/encodings/:n/${layout}.html`,
      {
        config: { access: { anyOf: ['issue'], reach: 'credential' } },
        schema: {
          tags: ['office'],
          summary: layout === 'card' ? 'A paper code as a card of 85.6 x 54 mm' : 'A paper code on A4',
          description: 'HTML with exact sizes, to be printed by a browser at 100 %, also into a PDF.',
          params: sheetParams,
          response: {
            200: documented('text/html', Type.String(), 'The sheet'),
            ...problems('unauthenticated', 'forbidden', 'not_found', 'conflict'),
          },
        },
      },
      async (request, reply) => {
        const { id, n } = request.params;
        const html = sheetHtml(layout, contentOf(deps, await deps.registry.find(id), Number(n)));
        return reply
          .type(MEDIA_TYPE)
          .header('content-security-policy', `${sheetPolicy(layout)}; frame-ancestors 'none'`)
          .send(html);
      },
    );
  }
}

/** @throws YimaError `not_found` where there is no such paper, `conflict` where a gate would refuse it for good */
function contentOf(deps: AppDeps, stored: StoredCredential | undefined, n: number): SheetContent {
  const encoding = stored?.encodings[n - 1];
  if (stored === undefined || encoding?.form !== 'paper')
    throw new YimaError(
      'not_found',
      'There is no paper code here; add one to the credential with form paper.',
    );
  checkLive(deps, stored, encoding);
  const { kind, claims } = deps.readOwn(encoding.code);
  const shown = new Map(showClaims(kind, claims).map(({ name, value }) => [name, value]));
  return {
    title: kind.title,
    name: shown.get('holderName') ?? '',
    issuer: [shown.get('issuerName'), stored.credential.region].filter(Boolean).join(' '),
    expiresAt: stored.credential.expiresAt,
    shortId: encoding.shortId,
    symbol: deps.qr.printed(encoding.code),
  };
}

function checkLive({ clock }: AppDeps, { credential }: StoredCredential, encoding: EncodingRow): void {
  const { revoked, expiresAt } = credential;
  if (!revoked && !encoding.revoked && (expiresAt === null || expiresAt > clock())) return;
  throw new YimaError('conflict', 'This paper code is revoked or has expired; no gate would take it.', {
    rule: 'dead_code',
  });
}
