// What a wallet can claim here, by the names that its metadata and offers use: each kind as the text of our own codes, and licences as
// SD-JWT VC too. @see OpenID4VCI 1.0, section 12.2.4

import type { Kind, KindTable } from '../../../core/credential/kind.js';
import { sdJwtType } from '../../../core/envelope/sd-jwt.js';
import type { Claim } from '../../../core/issue/claims.js';
import type { BoundForm } from '../../../core/issue/form.js';

const SD_JWT = '_dc+sd-jwt';

export function configurationId(kind: string, form: BoundForm): string {
  return form === 'device' ? kind : `${kind}${SD_JWT}`;
}

/** null for a name that no configuration has. */
export function findConfiguration(id: string, kinds: KindTable): Claim['configuration'] {
  const isSdJwt = id.endsWith(SD_JWT);
  const kind = kinds.byName(isSdJwt ? id.slice(0, -SD_JWT.length) : id);
  return kind === undefined ? null : { kind: kind.name, form: isSdJwt ? 'sd-jwt' : 'device' };
}

export function configurations(kinds: KindTable): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    kinds.all.flatMap((kind) => [
      [configurationId(kind.name, 'device'), ownConfiguration(kind)],
      ...(kind.status.restricted ? [] : [[configurationId(kind.name, 'sd-jwt'), sdJwtConfiguration(kind)]]),
    ]),
  );
}

function ownConfiguration(kind: Kind) {
  return {
    format: 'yima+cwt',
    credential_signing_alg_values_supported: ['Ed25519', 'ES256'],
    cryptographic_binding_methods_supported: ['cose_key'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'Ed25519'] } },
    credential_metadata: { display: display(kind) },
  };
}

function sdJwtConfiguration(kind: Kind) {
  return {
    format: 'dc+sd-jwt',
    vct: sdJwtType(kind.name),
    credential_signing_alg_values_supported: ['ES256'],
    cryptographic_binding_methods_supported: ['jwk'],
    proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    credential_metadata: {
      display: display(kind),
      claims: kind.fields
        .filter(({ carry }) => carry !== 'never')
        .map(({ name, label }) => ({ path: [name], display: localised(label) })),
    },
  };
}

const display = ({ title }: Kind) => localised(title);

function localised(text: Kind['title']) {
  return (['zh-CN', 'en'] as const).map((locale) => ({ name: text[locale], locale }));
}
