// Entry of the wallet. An offer in the address is taken out of it before anything else happens.

import { render } from 'preact';
import { takeOffer } from './offer-address.js';
import { opening } from './opening.js';
import { WalletPage } from './wallet-page.js';

/** So long nothing is drawn while what is kept is being read: drawing twice costs more than it shows. */
const MOST_BLANK_MS = 300;

const root = document.getElementById('root');
const offer = takeOffer();
const blank = new Promise((resolve) => setTimeout(resolve, MOST_BLANK_MS));
void Promise.race([opening, blank]).then(() => {
  if (root !== null) render(<WalletPage offer={offer} store={opening} />, root);
});
