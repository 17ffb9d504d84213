// The tables of the knowledge as their owner writes to them: first the change, then, in the same turn, the followers hear of it.

import type { PolicyTable } from '../core/credential/policy-table.js';
import { type ApiKeyTable, heldOnly } from '../core/issue/api-key-table.js';
import type { HeldSite, SiteTable } from '../core/issue/site-table.js';
import type { ListShape, StatusArena } from '../core/status/arena.js';
import type { KeyTable } from '../core/trust/key-record.js';
import type { Followers, Update } from './knowledge.js';

type Publish = Followers['publish'];

export type PublishedArena = Pick<StatusArena, 'addList' | 'set' | 'load' | 'adopt' | 'confirm'>;

export function publishedArena(arena: StatusArena, publish: Publish): PublishedArena {
  const tell = (shape: ListShape): void => {
    const packed = arena.packed(shape.base, shape.number);
    if (packed !== undefined) publish({ type: 'packed', shape, packed });
  };
  return {
    addList: (shape) => {
      arena.addList(shape);
      publish({ type: 'list', shape });
    },
    set: (base, number, index, value) => {
      const before = arena.find(base, number, index)?.value ?? 0;
      const result = arena.set(base, number, index, value);
      if (result === 'changed') publish({ type: 'value', base, number, index, value, before });
      return result;
    },
    load: (shape, packed) => {
      const kept = arena.load(shape, packed);
      tell(shape);
      return kept;
    },
    adopt: (shape, packed) => {
      const kept = arena.adopt(shape, packed);
      tell(shape);
      return kept;
    },
    confirm: (base, asOf, number) => {
      arena.confirm(base, asOf, number);
      publish({ type: 'confirm', base, number: number ?? null, asOf });
    },
  };
}

export function publishedApiKeys(
  table: ApiKeyTable,
  publish: Publish,
): Pick<ApiKeyTable, 'hold' | 'replace'> {
  return {
    hold: (key) => {
      table.hold(key);
      publish({ type: 'api-key', key: heldOnly(key) });
    },
    replace: (keys) => {
      table.replace(keys);
      publish({ type: 'api-keys', keys: keys.map(heldOnly) });
    },
  };
}

export function publishedSites(table: SiteTable, publish: Publish): Pick<SiteTable, 'hold' | 'replace'> {
  return {
    hold: (site) => {
      table.hold(site);
      publish({ type: 'site', site: toldOnly(site) });
    },
    replace: (sites) => {
      table.replace(sites);
      publish({ type: 'sites', sites: sites.map(toldOnly) });
    },
  };
}

function toldOnly({ id, name, region, publicKey, revokedAt }: HeldSite): HeldSite {
  return { id, name, region, publicKey, revokedAt };
}

export function keysUpdate({ records, asOf }: KeyTable): Update {
  return { type: 'keys', records, asOf };
}

export function policiesUpdate({ policies, region }: PolicyTable): Update {
  return { type: 'policies', policies, region };
}
