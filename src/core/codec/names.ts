// The forms that names must have before they are looked up or shown.

/** Issuer ids of our own formats: `330102`, `mot.example`. */
export const ISSUER = /^[0-9a-z](?:[0-9a-z.-]{0,30}[0-9a-z])?$/;

/** The longest name by which a checkpoint calls itself. */
export const MAX_SITE_CHARS = 64;

/** Names of kinds. */
export const KIND = /^[a-z](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/**
 * Issuers of SMART Health Cards: an https URL without a slash at its end, compared byte for byte and never fetched.
 * @see SMART Health Cards Framework, Determining keys associated with an issuer
 */
export const CARD_ISSUER =
  /^(?=.{9,255}$)https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)*$/;

/** Issuers of NZ COVID Passes: DIDs of the method web, without path or fragment; never resolved. */
export const DID_WEB = /^did:web:[A-Za-z0-9._%-]{1,200}(?::[A-Za-z0-9._%-]{1,64}){0,8}$/;

/** RFC 7638 SHA-256 in base64url: 43 characters, the last of which holds two zero bits. */
export const THUMBPRINT = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** List numbers and indices: a wrong one must not be rounded into another. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
