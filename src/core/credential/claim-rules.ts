// Every way a claim can break its kind's table: a stable rule, and the sentence that says how to mend it.

import { YimaError } from '../errors/yima-error.js';

const CLAIM_RULES = {
  not_object: 'Send the claims as one object.',
  unknown_field: 'Remove the field: this kind does not have it.',
  required: 'Fill in the field: this kind requires it.',
  wrong_type: 'Send the field in its own JSON type.',
  empty: 'Fill in the field or leave it out.',
  too_long: 'Shorten the value.',
  characters: 'Remove control, invisible, private-use or look-alike characters.',
  spaces: 'Remove leading, trailing and doubled spaces.',
  not_nfc: 'Normalise the text to NFC.',
  mixed_scripts: 'Write the text in one alphabet.',
  format: 'Write the value in the form that the field asks for.',
  check_character: 'Correct the number: its check character does not match.',
  unknown_region: 'Use a region code of GB/T 2260.',
  unknown_choice: 'Use one of the values that the field allows.',
  out_of_range: 'Use a value inside the range of the field.',
  ahead_of_today: 'Use a date that has come: this field tells of something done.',
  before_start: 'Use a date that is not before the one it follows.',
  contradiction: 'Correct the field or the number: the citizen number says otherwise.',
  masked: 'Send the full value, not a masked one.',
  not_masked: 'A code carries this value only in masked form.',
} as const;

export type ClaimRule = keyof typeof CLAIM_RULES;

const SPEAKABLE = /^[\x21-\x7e]{1,64}$/;

/**
 * The one error of claims: code `invalid_claims`, with the rule and the field's name. A name that is long or not
 * plain ASCII came from the input and is left out.
 */
export function claimError(rule: ClaimRule, field?: string): YimaError {
  const detail = field !== undefined && SPEAKABLE.test(field) ? { field, rule } : { rule };
  return new YimaError('invalid_claims', CLAIM_RULES[rule], detail);
}
