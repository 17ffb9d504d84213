// Sites are checkpoints with a key of their own. What they are is what the log tells: there is no table beside it that could differ.

import type { LogEntry } from './log.js';
import type { LogRow } from './store.js';

export interface Site {
  /** 16 lower-case base32 characters. */
  readonly id: string;
  readonly name: string;
  /** The region whose rules hold there: a prefix of 0, 2, 4 or 6 digits. */
  readonly region: string;
  readonly createdAt: number;
  /** API key id or `local`. */
  readonly createdBy: string;
  /** Hex SHA-256 of the one-time code, and the last second at which it enrols. */
  readonly codeHash: string;
  readonly codeExpiresAt: number;
  /** Canonical JSON of the device's public JWK; null until a device was enrolled. */
  readonly publicKey: string | null;
  readonly enrolledAt: number | null;
  readonly revokedAt: number | null;
}

export const SITE_ENTRY_TYPES = ['site_created', 'site_enrolled', 'site_revoked'] as const;
/** A guard let somebody in although the answer was `hold`. */
export const OVERRIDE_ENTRY_TYPE = 'site_override';

type SiteCreated = Pick<Site, 'id' | 'name' | 'region' | 'codeHash' | 'codeExpiresAt'>;

export function siteCreated(actor: string, at: number, site: SiteCreated): LogEntry {
  const { id, name, region, codeHash, codeExpiresAt } = site;
  return { at, actor, type: 'site_created', body: { id, name, region, codeHash, codeExpiresAt } };
}

export function siteEnrolled(id: string, at: number, publicKey: string): LogEntry {
  return { at, actor: siteActor(id), type: 'site_enrolled', body: { id, publicKey } };
}

export function siteRevoked(actor: string, id: string, at: number): LogEntry {
  return { at, actor, type: 'site_revoked', body: { id } };
}

/** How the log and the limits call a site: no API key's id has a hyphen. */
export function siteActor(id: string): string {
  return `site-${id}`;
}

/** Takes one entry in; entries of other types tell nothing of sites. A site is enrolled once and never comes back. */
export function replaySite(sites: Map<string, Site>, { type, at, actor, body }: LogRow): void {
  if (!(SITE_ENTRY_TYPES as readonly string[]).includes(type)) return;
  const told = JSON.parse(body) as SiteCreated & { readonly publicKey: string };
  const known = sites.get(told.id);
  if (type === 'site_created' && known === undefined) {
    const { id, name, region, codeHash, codeExpiresAt } = told;
    const fresh = { createdAt: at, createdBy: actor, publicKey: null, enrolledAt: null, revokedAt: null };
    sites.set(id, { id, name, region, codeHash, codeExpiresAt, ...fresh });
  }
  if (known === undefined || known.revokedAt !== null) return;
  if (type === 'site_enrolled' && known.publicKey === null)
    sites.set(known.id, { ...known, publicKey: told.publicKey, enrolledAt: at });
  if (type === 'site_revoked') sites.set(known.id, { ...known, revokedAt: at });
}
