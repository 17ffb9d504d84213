// Entry of the wallet. An offer in the address is taken out of it before anything else happens.

import { render } from 'preact';
import { takeOffer } from './offer-address.js';
import { WalletPage } from './wallet-page.js';
import { openStore } from './wallet-store.js';

const root = document.getElementById('root');
const offer = takeOffer();
// Opened while the page is drawn for the first time. null: nothing can be kept here.
const store = openStore().catch(() => null);
if (root !== null) render(<WalletPage offer={offer} store={store} />, root);
