// Health codes of people who do not exist, signed without a node: as many as a bench wants.

import { citizenCheckCharacter } from '../../src/core/credential/citizen-number.js';
import { carriedClaims, checkClaims, encodeClaims } from '../../src/core/credential/claims.js';
import { HEALTH_CODE } from '../../src/core/credential/kinds/health-code.js';
import type { CodeContent } from '../../src/core/envelope/code-content.js';

export interface CodeFacts {
  readonly issuer: string;
  /** Ending in `/`. */
  readonly statusBase: string;
  readonly list: number;
  readonly index: number;
  /** Epoch seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Persons differ by `serial`, modulo 1,000. */
export function healthCodeContent(serial: number, facts: CodeFacts): CodeContent {
  const { issuer, statusBase, list, index, issuedAt, expiresAt } = facts;
  const digits = `33010219000101${String(serial % 1000).padStart(3, '0')}`;
  const person = {
    holderName: '张小明',
    holderIdType: '111',
    holderId: digits + citizenCheckCharacter(digits),
    region: '330102',
  };
  const claims = carriedClaims(HEALTH_CODE, checkClaims(HEALTH_CODE, person, 'request'));
  return {
    issuer,
    issuedAt,
    notBefore: null,
    expiresAt,
    kind: { number: HEALTH_CODE.number, name: HEALTH_CODE.name },
    status: { list, index, uri: `${statusBase}${list}` },
    claims: { cbor: encodeClaims(HEALTH_CODE, claims), json: claims },
    deviceKey: null,
  };
}
