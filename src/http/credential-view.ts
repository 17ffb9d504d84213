// A stored credential as the API shows it, with the addresses of its symbols.

import type { StoredCredential } from '../core/issue/store.js';
import type { CredentialView } from './schemas/credential.js';

/** @param base address of credentials without a slash at the end, such as `https://yima.example/v1/credentials` */
export function credentialView({ credential, encodings }: StoredCredential, base: string): CredentialView {
  const { id, kind, region, level, operator, evidence, issuedAt, expiresAt, demo } = credential;
  return {
    id,
    kind,
    region,
    state: credential.revoked ? 'revoked' : credential.suspended ? 'suspended' : 'active',
    level,
    operator,
    evidence,
    issuedAt,
    expiresAt,
    demo,
    encodings: encodings.map(({ form, code, kid, list, index, value, revoked }) => ({
      form,
      code,
      kid,
      list,
      index,
      status: value,
      revoked,
      svg: `${base}/${id}/qr.svg?form=${form}`,
      png: `${base}/${id}/qr.png?form=${form}`,
    })),
  };
}
