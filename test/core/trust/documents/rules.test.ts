// Rules are stable names with sentences that a person can act on.

import { test } from 'tap';
import { YimaError } from '../../../../src/core/errors/yima-error.js';
import {
  DOCUMENT_RULES,
  type DocumentRule,
  refuseDocument,
} from '../../../../src/core/trust/documents/rules.js';

test('each rule has a sentence of its own', async (t) => {
  const rules = Object.keys(DOCUMENT_RULES) as DocumentRule[];
  for (const rule of rules) {
    t.match(rule, /^[a-z]+(?:_[a-z]+)*$/);
    t.match(DOCUMENT_RULES[rule], /^[A-Z].*\.$/, rule);
    const error = refuseDocument(rule, { field: 'keys.1' });
    t.ok(error instanceof YimaError);
    t.match(error, {
      code: 'list_refused',
      rule,
      field: 'keys.1',
      message: `${DOCUMENT_RULES[rule]} (keys.1)`,
    });
    t.equal(refuseDocument(rule).message, DOCUMENT_RULES[rule]);
  }
  t.equal(new Set(Object.values(DOCUMENT_RULES)).size, rules.length);
});
