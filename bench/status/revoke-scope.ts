// One scoped revocation, measured in a process of its own. Usage: node revoke-scope.js COUNT

import { measureScopedRevocation } from '../support/scoped-revocation.js';

process.send?.(await measureScopedRevocation(Number(process.argv[2])));
process.disconnect();
