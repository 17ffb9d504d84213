// The policy of a document that holds its own style and nothing else that could run or be fetched.

import { createHash } from 'node:crypto';

export function stylePolicy(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}
