// A kind as the API and the command line show it.

import type { Kind } from '../core/credential/kind.js';

/** Without the policy's rules, which are the authority's. */
export function kindView(kind: Kind) {
  const { fields, status, policy, ...rest } = kind;
  return {
    ...rest,
    fields: fields.map((field) => ({ ...field, required: field.required === true })),
    status: { ...status, meanings: [...status.meanings] },
    policy: policy === null ? null : { id: policy.id, version: policy.version },
  };
}
