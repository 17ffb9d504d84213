// The figures of status feeds: how old what is known of each issuer is, how far behind, and what went wrong.

import { Counter, Gauge, type Registry } from 'prom-client';
import type { Feeds } from './open-feeds.js';

export function registerFeedMetrics(registry: Registry, feeds: Feeds): void {
  const registers = [registry];
  const gauge = (name: string, help: string, values: () => readonly (readonly [string, number])[]): void => {
    new Gauge({
      name,
      help,
      labelNames: ['issuer'],
      registers,
      collect() {
        this.reset();
        for (const [issuer, value] of values()) this.set({ issuer }, value);
      },
    });
  };
  const counted = (
    name: string,
    help: string,
    values: () => readonly { readonly issuer: string; readonly counts: ReadonlyMap<string, number> }[],
  ): void => {
    new Counter({
      name,
      help,
      labelNames: ['issuer', 'reason'],
      registers,
      collect() {
        this.reset();
        for (const { issuer, counts } of values()) {
          for (const [reason, count] of counts) this.inc({ issuer, reason }, count);
        }
      },
    });
  };

  gauge('yima_status_age_seconds', 'Age of what is known of an issuer by its feed', () =>
    feeds.health().flatMap(({ issuer, ageSeconds }) => (ageSeconds === null ? [] : [[issuer, ageSeconds]])),
  );
  gauge('yima_feed_lag_entries', 'Log entries of the issuer that its newest feed entry lacks', () =>
    feeds.all().map(({ issuer, highWater, seq }) => [issuer, highWater - seq]),
  );
  new Gauge({
    name: 'yima_feed_epoch_info',
    help: '1 for the epoch that a feed is in',
    labelNames: ['issuer', 'epoch'],
    registers,
    collect() {
      this.reset();
      for (const { issuer, epoch } of feeds.all()) if (epoch !== null) this.set({ issuer, epoch }, 1);
    },
  });
  counted('yima_feed_rebuilds_total', 'Times that a feed was read or built anew', () =>
    feeds.all().map(({ issuer, rebuilds }) => ({ issuer, counts: rebuilds })),
  );
  gauge('yima_feed_last_rebuild_timestamp_seconds', 'When a feed was last read or built anew', () =>
    feeds
      .all()
      .flatMap(({ issuer, lastRebuild }) => (lastRebuild === null ? [] : [[issuer, lastRebuild.at]])),
  );
  counted('yima_feed_refused_total', 'What was not taken of a feed', () =>
    feeds.all().map(({ issuer, refused }) => ({ issuer, counts: refused })),
  );
  new Counter({
    name: 'yima_feed_kept_revoked_total',
    help: 'Values that stay revoked although their issuer said otherwise',
    labelNames: ['issuer'],
    registers,
    collect() {
      this.reset();
      for (const { issuer, kept } of feeds.all()) this.inc({ issuer }, kept);
    },
  });
  gauge('yima_feed_published_seq', 'Log entry up to which our own feed is complete', () =>
    feeds.own().epoch === null ? [] : [[feeds.own().issuer, feeds.own().seq]],
  );
  new Counter({
    name: 'yima_feed_publish_failures_total',
    help: 'Times that our own feed could not be published',
    registers,
    collect() {
      this.reset();
      this.inc(feeds.publishFailures());
    },
  });
  new Gauge({
    name: 'yima_feed_ahead_of_database',
    help: '1: our own feed knows of more than our database, and nothing is published',
    registers,
    collect() {
      this.set(feeds.isAhead() ? 1 : 0);
    },
  });
  new Gauge({
    name: 'yima_redis_up',
    help: '1 while Redis is reached',
    registers,
    collect() {
      this.set(feeds.isUp() ? 1 : 0);
    },
  });
}
