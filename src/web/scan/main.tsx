// Entry of the scanner. A code that enrols is taken out of the address before anything else happens.

import { render } from 'preact';
import { ScanPage } from './scan-page.js';

function takeEnrolCode(): string {
  const found = /^#enrol=([a-z2-7-]{1,64})$/.exec(location.hash);
  if (location.hash !== '') history.replaceState(null, '', location.pathname);
  return found?.[1] ?? '';
}

const root = document.getElementById('root');
const code = takeEnrolCode();
if (root !== null) render(<ScanPage code={code} />, root);
