// The two forms in which a list travels, and reading whichever came (Token Status List, section 8.2).

import { utf8Decode } from '../codec/bytes.js';
import { LIST_CWT_TYPE, parseListCwt } from './list-cwt.js';
import { LIST_JWT_TYPE, parseListJwt } from './list-jwt.js';
import type { ListToken } from './list-token.js';

export type ListForm = 'jwt' | 'cwt';

export const LIST_MEDIA_TYPES = {
  jwt: `application/${LIST_JWT_TYPE}`,
  cwt: LIST_CWT_TYPE,
} as const satisfies Record<ListForm, string>;

/** The form of a media type; undefined for any other. */
export function formOf(mediaType: string): ListForm | undefined {
  return (Object.keys(LIST_MEDIA_TYPES) as ListForm[]).find((form) => LIST_MEDIA_TYPES[form] === mediaType);
}

/** @throws YimaError as `parseListJwt` and `parseListCwt`; `damaged` for a JWT that is no text */
export function parseListToken(body: Uint8Array, form: ListForm): ListToken {
  return form === 'cwt' ? parseListCwt(body) : parseListJwt(utf8Decode(body));
}
