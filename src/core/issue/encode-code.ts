// One code of a credential: a place in a status list, a signature, and a look at it by the ordinary verifier before anything is kept.

import { encodeBase64url } from '../codec/base64url.js';
import { encodeClaims } from '../credential/claims.js';
import type { CodeContent } from '../envelope/code-content.js';
import { encodeSdJwt, isSoundSdJwt } from '../envelope/sd-jwt.js';
import { encodeYimaJws } from '../envelope/yima-jws.js';
import { encodeYm1 } from '../envelope/ym1.js';
import { YimaError } from '../errors/yima-error.js';
import type { PublicKey } from '../signature/public-key.js';
import { thumbprint } from '../signature/thumbprint.js';
import type { Form } from './form.js';
import type { CheckedRequest } from './issue-request.js';
import type { Issuing, Signing } from './registry-deps.js';
import type { ListRow, ReleasedEncoding } from './store.js';

/**
 * Allocates, signs and verifies one encoding.
 * @param deviceKey what it is bound to, for a bound form; null for any other
 */
export function encode(
  deps: Issuing,
  signing: Signing,
  checked: Omit<CheckedRequest, 'forms' | 'region'>,
  credentialId: string,
  form: Form,
  deviceKey: PublicKey | null = null,
): { encoding: ReleasedEncoding; newList: ListRow | null } {
  const { list, counter, index, newList } = deps.allocator.allocate(checked.kind);
  const content: CodeContent = {
    issuer: signing.issuer,
    issuedAt: checked.issuedAt,
    notBefore: null,
    expiresAt: checked.expiresAt,
    kind: { number: checked.kind.number, name: checked.kind.name },
    status: { list, index, uri: `${deps.settings.statusBase}${list}` },
    claims: { cbor: encodeClaims(checked.kind, checked.claims), json: checked.claims },
    deviceKey,
  };
  const code = write(deps, signing, content, form);
  const kid = encodeBase64url(signing.signer.kid);
  const device = deviceKey === null ? null : encodeBase64url(thumbprint(deviceKey, deps.sha256));
  const state = { revoked: false, value: checked.level, device, endsAt: null };
  return { encoding: { credentialId, form, list, counter, index, code, kid, ...state }, newList };
}

function write(deps: Issuing, { signer }: Signing, content: CodeContent, form: Form): string {
  if (form === 'sd-jwt') {
    const code = encodeSdJwt(content, signer, deps);
    if (!isSoundSdJwt(code, content, signer.publicKey, deps)) throw unsound();
    return code;
  }
  const code = form === 'jws' ? encodeYimaJws(content, signer) : encodeYm1(content, signer);
  if (!deps.isValid(code)) throw unsound();
  return code;
}

function unsound(): YimaError {
  return new YimaError('internal', 'The verifier does not accept what was just signed; nothing was issued.');
}
