// A demo credential as the first page shows it: what its holder would see, the name masked as on any screen.

import { Type } from 'typebox';
import { decodeClaims, showClaims } from '../../../core/credential/claims.js';
import type { Kind, KindTable } from '../../../core/credential/kind.js';
import { statusWord } from '../../../core/credential/status-meaning.js';
import { parseYm1 } from '../../../core/envelope/ym1.js';
import type { StoredCredential } from '../../../core/issue/store.js';
import { closed, EPOCH, nullable } from '../../schemas/common.js';

export const demoSchema = closed({
  id: Type.String(),
  kind: Type.String(),
  code: Type.String({ description: 'The text of its symbol' }),
  issuedAt: EPOCH,
  expiresAt: nullable(EPOCH),
  holder: closed({ name: Type.String({ description: 'Masked' }) }),
  level: Type.String({ description: 'The colour underneath: `green`, `yellow`, `red`, `pending`' }),
  revoked: Type.Boolean(),
  suspended: Type.Boolean(),
});

function shownName(kind: Kind, code: string): string {
  const { claims } = parseYm1(code);
  if (claims.form !== 'cbor') return '';
  const shown = showClaims(kind, decodeClaims(kind, claims.values));
  return shown.find(({ name }) => name === 'holderName')?.value ?? '';
}

export function demoView({ credential, encodings }: StoredCredential, kinds: KindTable) {
  const { id, issuedAt, expiresAt, level, revoked, suspended } = credential;
  const kind = kinds.byName(credential.kind);
  const code = encodings[0]?.code ?? '';
  return {
    id,
    kind: credential.kind,
    code,
    issuedAt,
    expiresAt,
    holder: { name: kind === undefined ? '' : shownName(kind, code) },
    level: statusWord(kind, level)?.word ?? '',
    revoked,
    suspended,
  };
}
