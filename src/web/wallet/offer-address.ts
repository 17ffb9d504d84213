// The offer in the page's own address: read once and removed at once, so that neither history nor a shared link holds it.

import { type OfferLink, offerOfFragment } from './offer-link.js';

/** The offer that the page was opened with; null: none. */
export function takeOffer(): OfferLink | null {
  const offer = offerOfFragment(location.hash, location.origin);
  if (offer !== null) history.replaceState(null, '', location.pathname);
  return offer;
}
