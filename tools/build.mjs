// `npm run build`: what `npm start` builds, without starting.

import { build, install } from './steps.mjs';

install();
build();
