// Documents read to the end, and the rule by which one is refused.

import { sha256 } from '../../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../../src/core/codec/base64url.js';
import { utf8Encode } from '../../../../src/core/codec/bytes.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { YimaError } from '../../../../src/core/errors/yima-error.js';
import { type ListDocument, readList } from '../../../../src/core/trust/documents/list.js';
import { type RootDocument, readRoot } from '../../../../src/core/trust/documents/root.js';
import { parseSignedDocument } from '../../../../src/core/trust/documents/signed-document.js';
import { createAdmission } from '../../../../src/core/trust/documents/trusted-key.js';
import { sign } from '../../../support/trust-desk.js';

/** One for a whole file: the keys of its fixtures are checked once. */
export const ADMIT = createAdmission({ sha256 });

export function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** As it comes to a node: signed by nobody, written, parsed, read. */
export function listOf(payload: JsonObject): ListDocument {
  return finish(readList(parseSignedDocument(sign('list', payload, []).text, sha256), ADMIT));
}

export function rootOf(payload: JsonObject): RootDocument {
  return finish(readRoot(parseSignedDocument(sign('root', payload, []).text, sha256), ADMIT));
}

/** `accepted`, or the rule; with the field behind it where one is named. Anything but a refusal of ours is thrown on. */
export function outcome(work: () => unknown): { readonly rule: string; readonly field: string | undefined } {
  try {
    work();
    return { rule: 'accepted', field: undefined };
  } catch (error) {
    if (!(error instanceof YimaError) || error.rule === undefined) throw error;
    return { rule: error.rule, field: error.field };
  }
}

export const ruleOf = (work: () => unknown): string => outcome(work).rule;

export function base64urlText(text: string): string {
  return encodeBase64url(utf8Encode(text));
}
