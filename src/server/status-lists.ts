// Our own status lists as the HTTP surface serves them: signed on demand from the arena, colour lists kept apart.

import { deflateZlib, sha256 } from '../adapters/crypto-node.js';
import type { KindTable } from '../core/credential/kind.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { Registry } from '../core/issue/commands.js';
import type { KeyRing } from '../core/issue/ports.js';
import type { StatusArena } from '../core/status/arena.js';
import { createListService } from '../core/status/list-service.js';
import { listTimes } from '../core/status/list-times.js';
import type { StatusLists } from '../http/deps.js';

export interface StatusListsDeps {
  readonly registry: Registry;
  readonly kinds: KindTable;
  readonly arena: StatusArena;
  readonly keyRing: KeyRing;
  /** Prefix of the list URIs, ending in `/`. */
  readonly base: string;
  readonly ttlSeconds: number;
  /** Confirms what the arena holds of our lists, where no write's outcome is in doubt. */
  readonly confirm: (now: number) => void;
}

export function createStatusLists({
  registry,
  kinds,
  arena,
  keyRing,
  base,
  ttlSeconds,
  confirm,
}: StatusListsDeps): StatusLists {
  const service = createListService({
    base,
    lists: arena,
    signer: () => keyRing.signer('status'),
    deflate: deflateZlib,
    sha256,
    times: listTimes(ttlSeconds),
  });
  const isRestricted = (list: number): boolean => {
    const name = registry.lists().get(list);
    // A list of a kind that this program no longer knows may show colours.
    return name !== undefined && (kinds.byName(name)?.status.restricted ?? true);
  };
  return {
    token: async (list, form, now) => {
      confirm(now);
      const served = service.find(list, form, arena.confirmedAt(base).epoch);
      if (served === undefined) return undefined;
      if (served.expiresAt <= now)
        throw new YimaError('unavailable', 'What is known of this list is too old to be told.');
      const maxAgeSeconds = Math.max(0, Math.min(served.ttlSeconds, served.expiresAt - now));
      return { body: served.body, etag: served.etag, maxAgeSeconds };
    },
    aggregation: async () =>
      [...registry.lists().keys()].filter((list) => !isRestricted(list)).map((list) => `${base}${list}`),
    isRestricted: async (list) => isRestricted(list),
  };
}
