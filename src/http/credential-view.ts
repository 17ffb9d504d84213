// A stored credential as the API shows it, with the addresses of its symbols.

import type { Form } from '../core/issue/form.js';
import type { StoredCredential } from '../core/issue/store.js';
import type { CredentialView } from './schemas/credential.js';

/** Whether a form is for QR symbols as it is; a JWS is for machines, and what is bound to a device is shown by that alone. */
export function hasSymbol(form: Form): boolean {
  return form === 'screen' || form === 'paper';
}

/** @param base address of credentials without a slash at the end, such as `https://yima.example/v1/credentials` */
export function credentialView({ credential, encodings }: StoredCredential, base: string): CredentialView {
  const { id, kind, region, level, operator, evidence, issuedAt, expiresAt, demo, batch } = credential;
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
    encodings: encodings.map(({ form, code, kid, list, index, value, revoked, device, endsAt }, i) => ({
      number: i + 1,
      form,
      code,
      kid,
      list,
      index,
      status: value,
      revokedAlone: revoked,
      bound: device !== null,
      endsAt,
      svg: hasSymbol(form) ? `${base}/${id}/qr.svg?encoding=${i + 1}` : null,
      png: hasSymbol(form) ? `${base}/${id}/qr.png?encoding=${i + 1}` : null,
    })),
  };
}
