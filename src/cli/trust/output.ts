// How commands hand on a document: into the file of `--out`, or to standard output; what is said of it goes to standard error.

import type { SignedDocument } from '../../core/trust/documents/signed-document.js';
import type { Call, OptionSpec } from '../command.js';
import { printableJson } from '../language.js';
import type { Terminal } from '../terminal.js';
import type { Review } from './review.js';
import { describeReview } from './words.js';

export const OUT = {
  type: 'string',
  value: 'FILE',
  description: { 'zh-CN': '写入此文件，缺省为标准输出', en: 'Write it here; standard output when absent' },
} as const satisfies OptionSpec;

export const FROM = {
  type: 'string',
  value: 'FILE|URL',
  description: {
    'zh-CN': '前一版所在：文件、数据包、“-”或节点地址；缺省为本节点',
    en: 'Where the version before is: a document, a bundle, -, or the address of a node; the own node when absent',
  },
} as const satisfies OptionSpec;

/** A review for machines; errors as their rule and sentence. */
export function reviewValue({ document, refusal, ...review }: Review): Readonly<Record<string, unknown>> {
  return {
    ...review,
    hash: document.hash,
    refusal: refusal === null ? null : { rule: refusal.rule, message: refusal.message },
  };
}

/** Says what the document changes, unless the answer is for machines. */
export function tellReview(review: Review, call: Pick<Call, 'json'>, terminal: Terminal): void {
  if (!call.json) terminal.talk(describeReview(review, terminal.language));
}

export async function handOn(
  document: SignedDocument,
  review: Review,
  out: string | undefined,
  call: Pick<Call, 'json'>,
  terminal: Terminal,
): Promise<void> {
  if (out !== undefined) await terminal.writeFile(out, `${document.text}\n`);
  if (call.json) terminal.out(`${printableJson({ ...reviewValue(review), text: document.text })}\n`);
  else if (out === undefined) terminal.out(`${document.text}\n`);
}
