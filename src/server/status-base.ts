// Where this node's status lists are found.

import type { Config } from '../config.js';

/** Prefix of the list URIs in codes, ending in `/`. */
export function statusBaseOf({ statusUrl }: Pick<Config, 'statusUrl'>): string {
  return `${statusUrl}/status-lists/`;
}
