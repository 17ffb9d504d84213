import t from 'tap';
import { answerExit, errorExit, VERIFY_EXIT } from '../../src/cli/exit-codes.js';
import { REASON_CODES, REASONS, type ReasonCode } from '../../src/core/errors/reasons.js';
import { REQUEST_ERROR_CODES } from '../../src/core/errors/yima-error.js';

const ROWS: readonly (readonly [ReasonCode, number])[] = [
  ['ok', 0],
  ['not_ours', 2],
  ['damaged', 2],
  ['bad_signature', 2],
  ['invalid_claims', 2],
  ['revoked', 3],
  ['suspended', 3],
  ['refused_by_policy', 3],
  ['holder_mismatch', 3],
  ['expired', 4],
  ['not_yet_valid', 4],
  ['presentation_expired', 4],
  ['issuer_unknown', 5],
  ['issuer_out_of_scope', 5],
  ['key_retired', 5],
  ['key_revoked', 5],
  ['unsupported', 6],
  ['status_unknown', 6],
  ['status_stale', 6],
  ['trust_stale', 6],
  ['clock_untrusted', 6],
  ['overloaded', 6],
  ['held_by_policy', 7],
  ['no_policy', 7],
  ['replayed', 7],
];

t.test('every reason code has its documented exit code', (t) => {
  t.same(ROWS.map(([reason]) => reason).sort(), [...REASON_CODES].sort(), 'no reason is missing here');
  for (const [reason, expected] of ROWS) {
    t.equal(VERIFY_EXIT[reason], expected, reason);
    t.equal(answerExit({ reason, decision: REASONS[reason].decision }), expected, `${reason} as an answer`);
  }
  t.end();
});

t.test('the exit code follows the decision: 0 admit, 6 cannot tell, 7 hold', (t) => {
  for (const reason of REASON_CODES) {
    const { decision } = REASONS[reason];
    t.equal(VERIFY_EXIT[reason] === 0, decision === 'admit', `${reason}: 0 with admit alone`);
    t.equal(VERIFY_EXIT[reason] === 6, decision === 'indeterminate', `${reason}: 6 when nobody can tell`);
    t.equal(VERIFY_EXIT[reason] === 7, decision === 'hold', `${reason}: 7 on hold`);
  }
  t.end();
});

t.test('an answer that contradicts itself never exits 0', (t) => {
  t.equal(answerExit({ reason: 'ok', decision: 'refuse' }), 70);
  t.equal(answerExit({ reason: 'revoked', decision: 'admit' }), 70);
  t.equal(answerExit({ reason: 'toString' as ReasonCode, decision: 'refuse' }), 70);
  t.equal(answerExit({ reason: 'brand_new' as ReasonCode, decision: 'admit' }), 70);
  t.end();
});

t.test('no error exits 0', (t) => {
  for (const code of REQUEST_ERROR_CODES) {
    t.ok((code === 'overloaded' ? [6] : [1, 70, 75]).includes(errorExit(code)), code);
  }
  for (const code of REASON_CODES) t.not(errorExit(code), 0, code);
  t.equal(errorExit('data_locked'), 75);
  t.equal(errorExit('invalid_request'), 1);
  t.equal(errorExit('internal'), 70);
  t.equal(errorExit('damaged'), 2);
  t.end();
});
