// The demo on loopback: people who do not exist, and codes of other origins to try in the verify box.

import { citizenCheckCharacter } from '../core/credential/citizen-number.js';
import type { IssueRequest } from '../core/issue/commands.js';
import type { Random } from '../core/issue/ports.js';
import type { DemoDeps } from '../http/deps.js';
import { DEMO_SAMPLES } from './demo-samples.js';

const NAMES = ['张小明', '李思远', '王晓彤', '陈一诺', '刘子涵', '赵雨桐', '孙浩然', '周若曦'] as const;

/** Born on 1 January 1900, as no living holder of a number was: 17 digits of the region, the date and a random sequence. */
function syntheticCitizenNumber(region: string, random: Random): string {
  const [high = 0, low = 0] = random(2);
  const sequence = String(((high << 8) | low) % 1000).padStart(3, '0');
  const digits = `${region}19000101${sequence}`;
  return digits + citizenCheckCharacter(digits);
}

/** @param region six digits inside the node's own scope */
export function createDemo(region: string, random: Random): DemoDeps {
  return {
    newRequest: (): IssueRequest => ({
      kind: 'health-code',
      region,
      claims: {
        holderName: NAMES[(random(1)[0] ?? 0) % NAMES.length],
        holderIdType: '111',
        holderId: syntheticCitizenNumber(region, random),
      },
      operator: 'demo',
      evidence: 'demo page',
      demo: true,
    }),
    samples: async () => DEMO_SAMPLES,
  };
}
