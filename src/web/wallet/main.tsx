// Entry of the wallet. An offer in the address is taken out of it before anything else happens.

import { render } from 'preact';
import { takeOffer } from './offer-address.js';
import { WalletPage } from './wallet-page.js';

const root = document.getElementById('root');
const offer = takeOffer();
if (root !== null) render(<WalletPage offer={offer} />, root);
