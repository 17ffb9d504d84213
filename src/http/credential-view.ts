// A stored credential as the API shows it, with the addresses of its symbols.

import type { Form } from '../core/issue/form.js';
import type { StoredCredential } from '../core/issue/store.js';
import type { CredentialView } from './schemas/credential.js';

/** Whether a form is for QR symbols; a JWS is for machines. */
export function hasSymbol(form: Form): boolean {
  return form !== 'jws';
}

/** @param base address of credentials without a slash at the end, such as `https://yima.example/v1/credentials` */
export function credentialView({ credential, encodings }: StoredCredential, base: string): CredentialView {
  const { id, kind, region, level, operator, evidence, issuedAt, expiresAt, demo, batch, replaces } =
    credential;
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
    batch,
    replaces,
    encodings: encodings.map(({ form, code, kid, list, index, value, revoked }) => ({
      form,
      code,
      kid,
      list,
      index,
      status: value,
      revokedAlone: revoked,
      svg: hasSymbol(form) ? `${base}/${id}/qr.svg?form=${form}` : null,
      png: hasSymbol(form) ? `${base}/${id}/qr.png?form=${form}` : null,
    })),
  };
}
