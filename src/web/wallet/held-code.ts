// A code that this phone holds, read for its screens. Pure: what is kept comes in, and the time by the server's clock.

import { type DisplayedClaim, showClaims } from '../../core/credential/claims.js';
import type { Kind } from '../../core/credential/kind.js';
import { KINDS } from '../../core/credential/kind-table.js';
import { statusWord } from '../../core/credential/status-meaning.js';
import { parseYm1 } from '../../core/envelope/ym1.js';
import type { Text } from '../../core/errors/reasons.js';
import { createClaimsReader } from '../../core/verify/read-claims.js';

/** What the issuer said last about a code. */
export interface SeenState {
  /** A status word of the kind, such as `green`, or `revoked`, `suspended`, `moved`. */
  readonly word: string;
  /** Epoch seconds by the server's clock. */
  readonly at: number;
}

export interface ReadCode {
  readonly kind: Kind | undefined;
  readonly title: Text;
  /** Masked, as the code carries it; '' when it carries none. */
  readonly holder: string;
  readonly fields: readonly DisplayedClaim[];
  /** The bytes that a presentation is made of. */
  readonly bytes: Uint8Array;
  /** Epoch seconds. */
  readonly issuedAt: number;
  readonly notBefore: number | null;
  /** null: without end. */
  readonly expiresAt: number | null;
}

const NO_KIND: Text = { 'zh-CN': '电子证照', en: 'Licence' };

/** @throws YimaError `damaged` when the text is no `YM1` code */
export function readCode(code: string): ReadCode {
  const parsed = parseYm1(code);
  const kind = typeof parsed.kind === 'number' ? KINDS.byNumber(parsed.kind) : KINDS.byName(parsed.kind);
  const claims = createClaimsReader(parsed, kind)();
  const fields = kind === undefined || claims === null ? [] : showClaims(kind, claims);
  return {
    kind,
    title: kind?.title ?? NO_KIND,
    holder: fields.find(({ name }) => name === 'holderName')?.value ?? '',
    fields,
    bytes: parsed.bytes,
    issuedAt: parsed.issuedAt ?? 0,
    notBefore: parsed.notBefore,
    expiresAt: parsed.expiresAt,
  };
}

/** Whether a kind has colours that change, rather than a licence that stands until it is withdrawn. */
export function hasColour(kind: Kind | undefined): boolean {
  return kind?.status.restricted === true;
}

/** What a pass shows. `current`: the issuer's word is recent enough to be shown in its colour. */
export type PassState =
  | { readonly name: 'current' | 'ended'; readonly word: string; readonly text: Text }
  | { readonly name: 'stale'; readonly word: string; readonly text: Text; readonly at: number }
  | { readonly name: 'expired'; readonly at: number }
  | { readonly name: 'early'; readonly at: number }
  | { readonly name: 'unseen' };

const ENDED: ReadonlySet<string> = new Set(['revoked', 'suspended', 'moved']);
/** On another phone: of this one alone, so core has no word for it. */
const MOVED: Text = { 'zh-CN': '已换手机', en: 'On another phone' };
const DEFAULT_MAX_AGE = 300;

/**
 * Revoked, suspended and moved stay as they are however old the news; then the times of the code itself; a colour that is older than its
 * kind allows is no colour any more.
 */
export function passState(code: ReadCode, seen: SeenState | null, now: number): PassState {
  const text = seen === null ? undefined : meaningOf(code.kind, seen.word);
  if (seen !== null && text !== undefined && ENDED.has(seen.word))
    return { name: 'ended', word: seen.word, text };
  if (code.expiresAt !== null && now >= code.expiresAt) return { name: 'expired', at: code.expiresAt };
  if (code.notBefore !== null && now < code.notBefore) return { name: 'early', at: code.notBefore };
  if (seen === null || text === undefined) return { name: 'unseen' };
  const maxAge = code.kind?.status.maxAgeSeconds ?? DEFAULT_MAX_AGE;
  if (now - seen.at > maxAge) return { name: 'stale', word: seen.word, text, at: seen.at };
  return { name: 'current', word: seen.word, text };
}

function meaningOf(kind: Kind | undefined, word: string): Text | undefined {
  if (word === 'moved') return MOVED;
  const values = [1, 2, ...(kind?.status.meanings.map(({ value }) => value) ?? [0])];
  return values.map((value) => statusWord(kind, value)).find((meaning) => meaning?.word === word)?.text;
}

/** Whether there is any use in showing the symbol. */
export function isShowable({ name }: PassState): boolean {
  return name === 'current' || name === 'stale' || name === 'unseen';
}

/** A code that is less than four hours old stays; the server says so too. */
const FRESH_SECONDS = 4 * 3_600;

/** From when on a code is to be taken anew, under a fresh index, so that who scans it cannot tell that it is the same one. */
export function renewalDue({ issuedAt }: Pick<ReadCode, 'issuedAt'>): number {
  return issuedAt + FRESH_SECONDS;
}
