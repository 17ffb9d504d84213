// A connection to Redis that fails at once: no queue while it is down, a deadline for every command, and a way back that is always tried
// again soon. Where the master is, is asked of Sentinel when there is one.

import { Redis, type RedisOptions } from 'ioredis';

export interface RedisPlace {
  /** redis:// or rediss://, with user, password and database if need be; a secret. */
  readonly url: string;
  /** Asked for the master, which then takes the place of the address in `url`; empty: no Sentinel. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  readonly sentinelMaster: string;
}

export interface RedisDeadlines {
  readonly connectMs: number;
  /** null: commands may wait, as XREAD does. */
  readonly commandMs: number | null;
}

const LONGEST_PAUSE_MS = 500;

export interface RedisConnection {
  readonly redis: Redis;
  /** Resolves once it was reached for the first time, or could not be. */
  readonly opened: Promise<void>;
  readonly isUp: () => boolean;
  /** Gives a connection up that may hang, with what waits on it, and makes another. */
  readonly drop: () => void;
  readonly close: () => void;
}

/** Begins to connect; nobody waits for it. Commands reject until it is there. */
export function openConnection(place: RedisPlace, name: string, deadlines: RedisDeadlines): RedisConnection {
  const redis = new Redis({ ...optionsOf(place, deadlines), connectionName: `yima-${name}` });
  let isClosed = false;
  redis.on('error', () => undefined); // each command that fails says so itself
  const tried = redis.connect().catch(() => undefined);
  const deadline = new Promise<void>((resolve) => void setTimeout(resolve, deadlines.connectMs).unref());
  let droppedAt = performance.now();
  return {
    redis,
    opened: Promise.race([tried, deadline]),
    isUp: () => redis.status === 'ready',
    drop: () => {
      // One that is being made has its time.
      if (isClosed || (redis.status !== 'ready' && performance.now() - droppedAt < deadlines.connectMs))
        return;
      droppedAt = performance.now();
      redis.disconnect(true);
    },
    close: () => {
      isClosed = true;
      redis.disconnect();
    },
  };
}

function optionsOf(
  { url, sentinels, sentinelMaster }: RedisPlace,
  deadlines: RedisDeadlines,
): Omit<RedisOptions, 'replyMapping'> {
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  const isSecure = protocol === 'rediss:';
  const address =
    sentinels.length === 0
      ? { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 6379 : Number(port) }
      : {
          sentinels: [...sentinels],
          name: sentinelMaster,
          sentinelCommandTimeout: deadlines.connectMs,
          enableTLSForSentinelMode: isSecure,
        };
  return {
    ...address,
    ...(isSecure ? { tls: {} } : {}),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    db: Number(pathname.slice(1) || 0),
    protocol: 2, // one shape of replies with every server
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: deadlines.connectMs,
    ...(deadlines.commandMs === null ? {} : { commandTimeout: deadlines.commandMs }),
    retryStrategy: (times) => Math.min(LONGEST_PAUSE_MS, 20 * 2 ** Math.min(times, 10)),
    // A master that became a replica, after a failover: whoever asks Sentinel finds the new one.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  };
}
