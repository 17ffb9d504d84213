// Which policy holds for a credential at this place now. What can be worked out beforehand is: a look-up reads two maps, one where no
// region has a policy of the kind.

import { startOfLocalDay } from '../codec/calendar.js';
import { authorityName, normalizeRegion, prefixCovers, regionCovers } from '../codec/region.js';
import type { Text } from '../errors/reasons.js';
import { YimaError } from '../errors/yima-error.js';
import type { Kind, Policy, RegionalPolicy } from './kind.js';

/** What verification asks, prepared for the place of one verifier and swapped whole. */
export interface PolicyTable {
  /** Region prefix of the verifier, normalised. */
  readonly region: string;
  /** All policies, also those of other places. */
  readonly policies: readonly RegionalPolicy[];
  /**
   * Of the policies in force that cover this place and the credential's: the one for the narrowest verifying region, then for the
   * narrowest issuing region, then with the latest first day, then with the highest version; without any the kind's own, null where
   * nobody decided.
   * @param claimed the region that the credential claims, 6 digits
   * @param now epoch seconds
   */
  readonly find: (kind: Kind, claimed: string, now: number) => Policy | null;
  /** Whether the policy is for this place. */
  readonly isHere: (policy: RegionalPolicy) => boolean;
  /** Whose rule a policy's is: the verifying region's. */
  readonly authorityOf: (policy: Policy) => Text;
}

/** There are some 3,000 counties; codes that no county has may be claimed too. */
const MAX_CHOICES = 8_192;

type Find = (claimed: string, now: number) => RegionalPolicy | null;

/** What holds between two instants, epoch seconds, the second excluded. */
interface Choice {
  readonly policy: RegionalPolicy | null;
  readonly since: number;
  readonly until: number;
}

/** @throws YimaError `config_invalid` when two policies could not be told apart */
export function createPolicyTable(policies: readonly RegionalPolicy[], region: string): PolicyTable {
  checkDistinct(policies);
  const isHere = ({ verifyingRegion }: RegionalPolicy): boolean => prefixCovers(verifyingRegion, region);
  const here = policies.filter(isHere);
  const byKind = new Map<string, Find>();
  for (const name of new Set(here.map(({ kind }) => kind))) {
    byKind.set(name, createFind(here.filter(({ kind }) => kind === name).sort(byPrecedence)));
  }
  const names = new Map<Policy, Text>(here.map((policy) => [policy, authorityName(policy.verifyingRegion)]));
  const own = authorityName(region);
  return {
    region: normalizeRegion(region),
    policies,
    find: (kind, claimed, now) => byKind.get(kind.name)?.(claimed, now) ?? kind.policy,
    isHere,
    authorityOf: (policy) => names.get(policy) ?? own,
  };
}

function byPrecedence(a: RegionalPolicy, b: RegionalPolicy): number {
  return (
    b.verifyingRegion.length - a.verifyingRegion.length ||
    b.issuingRegion.length - a.issuingRegion.length ||
    beginOf(b) - beginOf(a) ||
    b.version - a.version
  );
}

/** A date that is none never begins. */
function beginOf({ from }: RegionalPolicy): number {
  return startOfLocalDay(from) ?? Number.POSITIVE_INFINITY;
}

/** Remembers what was chosen for a region until a day on which the choice may be another. */
function createFind(ranked: readonly RegionalPolicy[]): Find {
  const choices = new Map<string, Choice>();
  return (claimed, now) => {
    const known = choices.get(claimed);
    if (known !== undefined && now >= known.since && now < known.until) return known.policy;
    const choice = choose(ranked, claimed, now);
    if (choices.size >= MAX_CHOICES) choices.clear();
    choices.set(claimed, choice);
    return choice.policy;
  };
}

function choose(ranked: readonly RegionalPolicy[], claimed: string, now: number): Choice {
  const covering = ranked.filter(({ issuingRegion }) => regionCovers(issuingRegion, claimed));
  const begins = covering.map(beginOf);
  return {
    policy: covering.find((policy) => beginOf(policy) <= now) ?? null,
    since: Math.max(Number.NEGATIVE_INFINITY, ...begins.filter((begin) => begin <= now)),
    until: Math.min(Number.POSITIVE_INFINITY, ...begins.filter((begin) => begin > now)),
  };
}

/** An answer names a policy by id and version; and of two for the same case from the same day the version has to tell which holds. */
function checkDistinct(policies: readonly RegionalPolicy[]): void {
  const seen = new Set<string>();
  for (const { id, version, verifyingRegion, issuingRegion, kind, from } of policies) {
    const name = `${id} ${version}`;
    const place = `${verifyingRegion}>${issuingRegion} ${kind} ${from} ${version}`;
    if (seen.has(name) || seen.has(place)) {
      const what = seen.has(name) ? 'has its id and version' : 'holds for the same case, day and version';
      throw new YimaError(
        'config_invalid',
        `Another policy besides ${id}, version ${version}, ${what}. Give the newer one a higher version.`,
        { field: id, rule: 'policy_twice' },
      );
    }
    seen.add(name).add(place);
  }
}
