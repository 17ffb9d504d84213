// A kind is data: adding one is adding a file in kinds/, never a code path.

import type { Decision, Text } from '../errors/reasons.js';

/**
 * How a claim's value is written, checked and shown. API and JWS carry the JSON form, `YM1` the CBOR form.
 * Each has one row in field-types.ts.
 */
export type FieldType =
  | 'text' // NFC string, no controls, bidi overrides, zero widths or lone surrogates; at most maxLength code points
  | 'code' // printable ASCII identifier without spaces (file or serial number), at most maxLength characters
  | 'date' // 'YYYY-MM-DD', a real date from 1800 to 2999; CBOR: days since 1970-01-01
  | 'instant' // epoch seconds, integer, to the end of 9999 (milliseconds are refused)
  | 'integer' // 0 to 2^53-1
  | 'region' // GB/T 2260, 6 digits, as the issuer wrote it; CBOR: the number
  | 'citizen-number' // GB 11643 with its check character
  | 'credit-code' // GB 32100 with its check character
  | 'licence-id' // e-licence identifier, GB/T 36904, with its check character
  | 'holder-id' // judged by the field `idType` names: 111 citizen number, 001 credit code, others a code
  | 'choice'; // one of `choices`; CBOR: the choice's number

export interface Choice {
  /** Number on the wire of `YM1`. */
  readonly number: number;
  /** Value in API and JWS. */
  readonly value: string;
  readonly text: Text;
}

export interface Field {
  /** Integer key on the wire of `YM1`; never reused. Common fields 1-19, a kind's own from 20. */
  readonly key: number;
  /** Name in API and JWS. */
  readonly name: string;
  readonly label: Text;
  readonly type: FieldType;
  readonly required?: boolean;
  /** Code points; needed by `text` (at most 200) and `code` (at most 64), without meaning elsewhere. */
  readonly maxLength?: number;
  /** With `holder-id` and `mask`: the choice field that tells whose number or name it is; absent: `holderIdType`. */
  readonly idType?: string;
  readonly choices?: readonly Choice[];
  /** How screens show it: `name` 张*三, `id` 330102********002X; absent: in full. Organisations always are. */
  readonly mask?: 'name' | 'id';
  /**
   * `masked`: the request carries the full value, checked; the code carries only the form that `mask` makes.
   * `never`: checked in the request, then dropped; a code that carries it is refused.
   * `translated`: only a code that the national hub made of another authority's carries it; no request may set it.
   */
  readonly carry?: 'masked' | 'never' | 'translated';
  /** With `date`: it tells of something done, so it never lies ahead of today. */
  readonly happened?: true;
  /** With `date`: the date field that it may not precede. */
  readonly notBefore?: string;
  /** What a citizen number says too: `number` names the field that holds it, and the two must agree. */
  readonly partOf?: { readonly number: string; readonly part: 'birth' | 'sex' };
}

/** What one status value means for a kind (Token Status List, section 7; application values 0x03, 0x0C-0x0F). */
export interface StatusMeaning {
  readonly value: number;
  /** Stable word, e.g. `valid`, `green`. */
  readonly word: string;
  readonly text: Text;
}

/** A rule turns a valid credential into `hold` or `refuse`. The first rule that matches decides. */
export interface PolicyRule {
  readonly id: string;
  readonly decision: Exclude<Decision, 'indeterminate'>;
  /** What a person is told: the `{rule}` of `held_by_policy` and `refused_by_policy`. */
  readonly text: Text;
  readonly when: PolicyCondition;
}

export type PolicyCondition =
  | { readonly status: readonly string[] } // the status word is one of these
  | { readonly datePassed: string } // the named date field lies before today (China Standard Time)
  | { readonly dateAhead: readonly string[] } // one of the named date fields lies after today
  | { readonly dateOlder: { readonly field: string; readonly years: number } } // its anniversary lies before today
  | { readonly claim: string; readonly oneOf: readonly string[] }
  | { readonly always: true };

export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly rules: readonly PolicyRule[];
}

/** What one region decided on the codes of another, from a day on. */
export interface RegionalPolicy extends Policy {
  /** Region prefix of the checkpoints that it holds for; '' all of them. */
  readonly verifyingRegion: string;
  /** Region prefix of the credentials that it is about, as they claim; '' all of them. */
  readonly issuingRegion: string;
  /** A kind's name. */
  readonly kind: string;
  /** Its first day, 'YYYY-MM-DD', China Standard Time. */
  readonly from: string;
}

export interface Kind {
  readonly name: string;
  /** Number on the wire of `YM1`; never reused. */
  readonly number: number;
  readonly title: Text;
  readonly subject: 'person' | 'organisation' | 'either';
  /** Every field that may appear; anything else is `invalid_claims`. */
  readonly fields: readonly Field[];
  /** Seconds from iat to exp. `max` null: may be without end (长期), then `default` null means no exp. */
  readonly validity: { readonly defaultSeconds: number | null; readonly maxSeconds: number | null };
  readonly status: {
    readonly bits: 2 | 4;
    /** Values besides 1 (revoked) and 2 (suspended), which mean the same everywhere. */
    readonly meanings: readonly StatusMeaning[];
    /** Colour lists are served only with scope `verify`. */
    readonly restricted: boolean;
    readonly maxAgeSeconds: number;
  };
  /** null: nobody decided for this kind, so every valid one is `hold` / `no_policy`. */
  readonly policy: Policy | null;
}

export interface KindTable {
  readonly byName: (name: string) => Kind | undefined;
  readonly byNumber: (number: number) => Kind | undefined;
  readonly all: readonly Kind[];
}

/** Claims of a credential under the kind's field names, in the JSON form. */
export type Claims = Readonly<Record<string, string | number>>;
