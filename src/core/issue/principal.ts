// Who asks and what they may do: the scopes of an API key, checked by every surface before anything else.

/** issue: make and read credentials. verify: judge codes, read colour lists. revoke: change states. admin: keys and log. */
export const SCOPES = ['issue', 'verify', 'revoke', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Principal {
  /** The API key's public id, or `local` for whoever may open the node's own socket. */
  readonly id: string;
  readonly scopes: readonly Scope[];
}
