// The link that an issuing desk hands out, in the forms in which it reaches a phone. Pure.

/** `elsewhere`: an offer of another server, which this page may not talk to. */
export type OfferLink =
  | { readonly name: 'offer'; readonly uri: string }
  | { readonly name: 'elsewhere'; readonly host: string }
  | { readonly name: 'unreadable' };

const LONGEST = 2_048;
const UNREADABLE: OfferLink = { name: 'unreadable' };
/** OpenID4VCI 1.0, section 4.1. */
const SCHEME = 'openid-credential-offer:';

/** The offer in a page's fragment, `#offer=<credential_offer_uri>`; null when the fragment is about something else. */
export function offerOfFragment(fragment: string, origin: string): OfferLink | null {
  if (!fragment.startsWith('#offer=')) return null;
  const uri = new URLSearchParams(fragment.slice(1)).get('offer') ?? '';
  return judge(uri, origin);
}

/** The offer in a text that was pasted or scanned: our link, or `openid-credential-offer://?credential_offer_uri=…`. */
export function offerOfText(text: string, origin: string): OfferLink {
  const url = parseUrl(text.trim());
  if (url === null) return UNREADABLE;
  if (url.protocol === SCHEME) return judge(url.searchParams.get('credential_offer_uri') ?? '', origin);
  const offer = offerOfFragment(url.hash, origin);
  if (offer === null) return UNREADABLE;
  return url.origin === origin ? offer : { name: 'elsewhere', host: url.host };
}

function judge(uri: string, origin: string): OfferLink {
  const url = parseUrl(uri);
  if (url === null || !/^https?:$/.test(url.protocol)) return UNREADABLE;
  return url.origin === origin ? { name: 'offer', uri: url.href } : { name: 'elsewhere', host: url.host };
}

function parseUrl(text: string): URL | null {
  try {
    return text.length <= LONGEST ? new URL(text) : null;
  } catch {
    return null;
  }
}
