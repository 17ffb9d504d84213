// In whose name the demo signs: an issuer and a key of its own, which no partner is told of and no node without the demo knows.

import type { KeyGrant } from '../adapters/keyfile/key-ring.js';
import type { Config } from '../config.js';
import { statusBaseOf } from './status-base.js';

const MAX_ISSUER_LENGTH = 32;

/** What a demo key may sign: health codes of the demo's county. */
export function demoGrant(
  config: Pick<Config, 'issuer' | 'region' | 'statusUrl'>,
): KeyGrant & { issuer: string } {
  return {
    issuer: `demo.${config.issuer}`.slice(0, MAX_ISSUER_LENGTH).replace(/[.-]+$/, ''),
    use: 'credential',
    scope: { region: demoRegion(config.region), kinds: ['health-code'] },
    statusBase: statusBaseOf(config),
  };
}

/** A county inside the node's own scope, which may be any prefix. */
function demoRegion(scope: string): string {
  return scope.length === 6 ? scope : `${(scope || '33').padEnd(4, '01')}02`;
}
