// Entry of the wallet. An offer in the address is taken out of it before anything else happens.

// biome-ignore assist/source/organizeImports: what is kept is asked for before the rest is evaluated
import { opening } from './opening.js';
import { render } from 'preact';
import { takeOffer } from './offer-address.js';
import { WalletPage } from './wallet-page.js';

const root = document.getElementById('root');
const offer = takeOffer();
if (root !== null) render(<WalletPage offer={offer} store={opening} />, root);
