// Schema pieces that several surfaces share. Every object is closed: what is not named is refused.

import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import type { Text } from '../../core/errors/reasons.js';
import type { RequestErrorCode } from '../../core/errors/yima-error.js';
import { PROBLEM_TYPE, PROBLEMS } from '../problems.js';

/** An object with these members and no others. */
export function closed<const P extends TProperties>(
  properties: P,
  options: { description?: string } = {},
): TObject<P> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** `schema` or null, as one type list: the serialiser compiles that without trying alternatives. */
export function nullable<S extends TSchema>(schema: S): ReturnType<typeof Type.Unsafe<Static<S> | null>> {
  const { type } = schema as { type?: string };
  return Type.Unsafe<Static<S> | null>({ ...schema, type: [type, 'null'] });
}

export const textSchema = Type.Unsafe<Text>(closed({ 'zh-CN': Type.String(), en: Type.String() }));

export const EPOCH = Type.Integer({ minimum: 0, description: 'Epoch seconds' });

export const idParams = closed({
  id: Type.String({ pattern: '^[a-z2-7]{26}$', description: 'Credential id' }),
});

export const problemSchema = closed({
  type: Type.String({ description: 'Address that explains the code' }),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Permanent; match on this' }),
  detail: Type.Optional(Type.String()),
  field: Type.Optional(Type.String()),
  rule: Type.Optional(Type.String()),
  requestId: Type.String(),
  retryAfterSeconds: Type.Optional(Type.Integer()),
});

interface DocumentedResponse {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: TSchema }>>;
}

/** The problems a route may answer with, besides those every route has. */
export function problems(...codes: readonly RequestErrorCode[]): Record<number, DocumentedResponse> {
  const always: readonly RequestErrorCode[] = ['invalid_request', 'rate_limited', 'internal'];
  const byStatus = new Map<number, string[]>();
  for (const code of [...codes, ...always]) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const rows = [...byStatus].map(([status, names]) => [
    status,
    documented(PROBLEM_TYPE, problemSchema, names.join(', ')),
  ]);
  return Object.fromEntries(rows);
}

/** A response in a media type of its own. */
export function documented(mediaType: string, schema: TSchema, description: string): DocumentedResponse {
  return { description, content: { [mediaType]: { schema } } };
}
