// Entry of the first page.

import { render } from 'preact';
import { HomePage } from './home-page.js';

const root = document.getElementById('root');
if (root !== null) render(<HomePage />, root);
