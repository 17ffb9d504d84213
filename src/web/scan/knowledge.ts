// What a checkpoint judges by: fetched from the node, checked, kept, and swapped in one step.

import type { VerifySignatureAsync } from '../../core/signature/ports.js';
import { KNOWLEDGE_FORMAT, type KnowledgeDocument } from '../../core/verify/knowledge-document.js';
import { type Knowing, openToken, prepareKnowledge } from './judge.js';
import type { Keeper, KeptKnowledge, KeptList, KeptSite } from './kept.js';
import type { AskOptions } from './node-api.js';
import type { NodeClock } from './node-clock.js';
import type { NodeLine } from './node-line.js';
import { fetchLists } from './status-lists.js';

export interface Knowledge {
  /** null: nothing to judge by. */
  readonly knowing: () => Knowing | null;
  /** When the node last said that this is how things are, epoch seconds of its clock; null: never. */
  readonly confirmedAt: () => number | null;
  /** Takes up what this device kept; what cannot be judged by is left. */
  readonly load: (kept: KeptKnowledge, site: KeptSite) => Promise<void>;
  /** Asks the node. @returns whether this browser keeps what it said; null: it said nothing, and everything is as before */
  readonly pull: (site: KeptSite) => Promise<boolean | null>;
  readonly forget: () => void;
}

export interface KnowledgeDeps {
  readonly keeper: Pick<Keeper, 'put'>;
  readonly line: Pick<NodeLine, 'ask'>;
  readonly clock: NodeClock;
  readonly verify: VerifySignatureAsync;
}

export function createKnowledge({ keeper, line, clock, verify }: KnowledgeDeps): Knowledge {
  let kept: KeptKnowledge | null = null;
  let knowing: Knowing | null = null;
  /** Grows whenever everything is forgotten: what was asked for before is of a checkpoint that is no more. */
  let generation = 0;
  const second = (): number => Math.floor(clock.now());

  /** Everything new is made ready before any of it counts. @returns false when it was forgotten meanwhile */
  const takeUp = async (next: KeptKnowledge, { region }: KeptSite, begun: number): Promise<boolean> => {
    const ready = await prepareKnowledge(next, region, verify, second());
    if (begun !== generation) return false;
    kept = next;
    knowing = ready;
    return true;
  };

  const ask = async (site: KeptSite, path: string, options: AskOptions): Promise<Response | null> => {
    const asked = await line.ask(site, path, options);
    return asked.ok ? asked.response : null;
  };

  /** The document as it is now, and its tag; null: not to be had. */
  const askDocument = async (site: KeptSite): Promise<Pick<KeptKnowledge, 'document' | 'etag'> | null> => {
    const response = await ask(site, '/scan/knowledge', { headers: matching(kept?.etag) });
    if (response === null) return null;
    if (response.status !== 200) return kept;
    const document = (await response.json()) as KnowledgeDocument;
    return { document, etag: response.headers.get('etag') ?? '' };
  };

  const askLists = async (site: KeptSite, document: KnowledgeDocument): Promise<KeptList[]> => {
    const bare = { document, lists: [], etag: '', confirmedAt: second(), offset: clock.offset() };
    const { keys } = await prepareKnowledge(bare, site.region, verify, second());
    return fetchLists(document.lists, kept?.lists ?? [], {
      get: (number, etag) => {
        const headers = { accept: 'application/statuslist+cwt', ...matching(etag) };
        return ask(site, `/status-lists/${number}`, { headers });
      },
      isSound: (number, token, before) =>
        openToken(token, document.statusBase, number, keys, verify, second(), before).then(
          () => true,
          () => false,
        ),
    });
  };

  return {
    knowing: () => knowing,
    confirmedAt: () => kept?.confirmedAt ?? null,
    load: async (found, site) => {
      await takeUp(found, site, generation).catch(() => undefined);
    },
    pull: async (site) => {
      const begun = generation;
      const found = await askDocument(site);
      if (found === null || found.document.format !== KNOWLEDGE_FORMAT) return null;
      const confirmedAt = second();
      const lists = await askLists(site, found.document);
      const { document, etag } = found;
      const next = { document, etag, confirmedAt, lists, offset: clock.offset() };
      return (await takeUp(next, site, begun)) ? keeper.put('knowledge', next) : null;
    },
    forget: () => {
      generation += 1;
      kept = null;
      knowing = null;
    },
  };
}

function matching(etag: string | null | undefined): Record<string, string> {
  return etag === null || etag === undefined ? {} : { 'if-none-match': etag };
}
