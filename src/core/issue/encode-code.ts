// One code of a credential: a place in a status list, a signature, and a look at it by the ordinary verifier before anything is kept.

import { encodeBase64url } from '../codec/base64url.js';
import { newShortId } from '../codec/short-id.js';
import { encodeClaims } from '../credential/claims.js';
import type { CodeContent } from '../envelope/code-content.js';
import { encodeYimaJws } from '../envelope/yima-jws.js';
import { encodeYm1 } from '../envelope/ym1.js';
import { YimaError } from '../errors/yima-error.js';
import type { Form } from './form.js';
import type { CheckedRequest } from './issue-request.js';
import type { Issuing, Signing } from './registry-deps.js';
import type { ListRow, ReleasedEncoding } from './store.js';

/** Allocates, signs and verifies one encoding. */
export function encode(
  deps: Issuing,
  { issuer, signer }: Signing,
  checked: CheckedRequest,
  credentialId: string,
  form: Form,
): { encoding: ReleasedEncoding; newList: ListRow | null } {
  const { list, counter, index, newList } = deps.allocator.allocate(checked.kind);
  const content: CodeContent = {
    issuer,
    issuedAt: checked.issuedAt,
    notBefore: null,
    expiresAt: checked.expiresAt,
    kind: { number: checked.kind.number, name: checked.kind.name },
    status: { list, index, uri: `${deps.settings.statusBase}${list}` },
    claims: { cbor: encodeClaims(checked.kind, checked.claims), json: checked.claims },
    deviceKey: null,
  };
  const code = form === 'jws' ? encodeYimaJws(content, signer) : encodeYm1(content, signer);
  if (!deps.isValid(code)) {
    throw new YimaError('internal', 'The verifier does not accept what was just signed; nothing was issued.');
  }
  const kid = encodeBase64url(signer.kid);
  return {
    encoding: {
      credentialId,
      form,
      list,
      counter,
      index,
      code,
      shortId: form === 'paper' ? newShortId(deps.random) : null,
      kid,
      revoked: false,
      value: checked.level,
    },
    newList,
  };
}
