// Who asks and what they may do: the scopes of an API key, checked by every surface before anything else.

import type { Reach } from './reach.js';

/**
 * issue: make and read credentials. verify: judge codes, read colour lists. revoke: change states. admin: keys and log.
 * officer: propose and approve what takes two people, with a signature of their own. rules: invoke rules of colour. audit: read what
 * was done and who may do it, change nothing.
 */
export const SCOPES = ['issue', 'verify', 'revoke', 'admin', 'officer', 'rules', 'audit'] as const;
export type Scope = (typeof SCOPES)[number];

/** What whoever may open the node's own socket may do. Nobody knows how many people that is, so it is never one of two. */
export const LOCAL_SCOPES: readonly Scope[] = ['issue', 'verify', 'revoke', 'admin'];
export const LOCAL = 'local';
/** Whoever proves the key of a device, in the log. */
export const HOLDER = 'holder';

/** A key with one of these counts for nothing until somebody else has confirmed it. */
const CONFIRMED_SCOPES: readonly string[] = ['officer', 'rules'];

export function needsConfirmation(scopes: readonly string[]): boolean {
  return scopes.some((scope) => CONFIRMED_SCOPES.includes(scope));
}

/** Duties that can be bound to regions, kinds and a site. Whoever has another reaches everything, so that a bound would say too much. */
export const BOUND_SCOPES: readonly Scope[] = ['issue', 'verify', 'revoke'];

export interface Principal {
  /** The API key's public id, `site-<id>` for a checkpoint's device, or `local` for whoever may open the node's own socket. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** Of an office: how far what it issues and changes may reach; absent: as far as the node's. */
  readonly reach?: Reach;
  /** The checkpoint that a key stands for, by name; it may name no other. */
  readonly place?: string;
  /** The checkpoint that asks, where its device proved it. */
  readonly site?: { readonly id: string; readonly name: string; readonly region: string };
}
