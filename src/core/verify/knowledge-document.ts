// What a checkpoint's page must know to judge by itself, as one JSON document. Status is not in it: lists travel as signed tokens.

import type { RegionalPolicy } from '../credential/kind.js';
import type { ToldRecord } from '../trust/told-record.js';

export interface KnowledgeDocument {
  readonly format: typeof KNOWLEDGE_FORMAT;
  /** The flat key table, revoked keys included. */
  readonly keys: readonly ToldRecord[];
  /** All policies of the node; which hold is for the site's region to say. */
  readonly policies: readonly RegionalPolicy[];
  /** The node's own lists: `statusBase` and a number are a list's URI, and it is served at `/status-lists/NUMBER`. */
  readonly statusBase: string;
  readonly lists: readonly number[];
  /** Stricter than the kinds, where the node is. */
  readonly statusMaxAgeSeconds: number;
  /** Past this age of the document nothing is admitted. */
  readonly trustMaxAgeSeconds: number;
}

export const KNOWLEDGE_FORMAT = 'yima-knowledge-1';
