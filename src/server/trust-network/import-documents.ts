// Many documents at once: lists in whatever order they come, level by level, since each is judged by the list that vouches for it; roots
// one after the other.

import { YimaError } from '../../core/errors/yima-error.js';
import type { TrustAccepted, TrustBundleAccepted, TrustRefusedDocument } from '../../http/trust-desk.js';

/** A document, and the authority whose it is said to be. */
export interface NamedDocument {
  readonly authority: string;
  readonly text: string;
}

/**
 * @param levelOf how far below the root an authority is by now; undefined while nobody vouches for it
 * @param accept throws `list_refused` for what is refused; anything else ends the import
 */
export async function importDocuments(
  documents: readonly NamedDocument[],
  levelOf: (authority: string) => number | undefined,
  accept: (document: NamedDocument) => Promise<TrustAccepted>,
): Promise<TrustBundleAccepted> {
  const accepted: TrustAccepted[] = [];
  const refused: TrustRefusedDocument[] = [];
  let unchanged = 0;
  const take = async (some: readonly NamedDocument[]): Promise<void> => {
    for (const document of some) {
      try {
        const result = await accept(document);
        if (result.changes === 'nothing') unchanged += 1;
        else accepted.push(result);
      } catch (error) {
        if (!(error instanceof YimaError) || error.code !== 'list_refused') throw error;
        refused.push({ authority: document.authority, rule: error.rule ?? 'form', message: error.message });
      }
    }
  };
  for (let left = documents; left.length > 0; ) {
    const level = firstLevel(left, levelOf);
    const next = left.filter(({ authority }) => level === undefined || levelOf(authority) === level);
    const taken = new Set(next);
    await take(next);
    left = left.filter((document) => !taken.has(document));
  }
  return { accepted, refused, unchanged };
}

function firstLevel(
  documents: readonly NamedDocument[],
  levelOf: (authority: string) => number | undefined,
): number | undefined {
  const levels = documents.flatMap(({ authority }) => levelOf(authority) ?? []);
  return levels.reduce<number | undefined>(
    (first, level) => (first === undefined ? level : Math.min(first, level)),
    undefined,
  );
}
