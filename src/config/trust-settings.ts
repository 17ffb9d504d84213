// The settings of the trust network: what it begins with, and which parts this node plays in it.

import { ISSUER } from '../core/codec/names.js';
import { matching, oneOf, type Parser, webAddress } from './parsers.js';
import { setting } from './setting.js';

/** A witness of our log, and where it is asked. */
export interface WitnessAddress {
  readonly name: string;
  readonly url: string;
}

export interface TrustSettings {
  /** base64url SHA-256 of the first root's payload. */
  readonly pin: string;
  readonly isHub: boolean;
  readonly isWitness: boolean;
  /** Where bundles are pulled from, without a slash at the end. */
  readonly sources: readonly string[];
  readonly witnesses: readonly WitnessAddress[];
}

const MOST = 16;
const EXPECTED_SOURCES = `at most ${MOST} http or https addresses, separated by commas, none twice`;
const EXPECTED_WITNESSES = `at most ${MOST} of name=address, separated by commas, no name twice`;

const sources: Parser<readonly string[]> = (given) => {
  const values = given.split(',').map((entry) => addressOf(entry.trim()));
  const found = values.filter((value) => value !== null);
  return found.length === values.length && isShortSet(found)
    ? { value: Object.freeze(found) }
    : { expected: EXPECTED_SOURCES };
};

const witnesses: Parser<readonly WitnessAddress[]> = (given) => {
  const values = given.split(',').map((entry) => witnessOf(entry.trim()));
  const found = values.filter((value) => value !== null);
  return found.length === values.length && isShortSet(found.map(({ name }) => name))
    ? { value: Object.freeze(found) }
    : { expected: EXPECTED_WITNESSES };
};

function witnessOf(entry: string): WitnessAddress | null {
  const at = entry.indexOf('=');
  const name = entry.slice(0, at);
  const url = addressOf(entry.slice(at + 1));
  return at < 1 || url === null || !ISSUER.test(name) ? null : { name, url };
}

function addressOf(text: string): string | null {
  const parsed = webAddress(text);
  return 'value' in parsed ? parsed.value : null;
}

function isShortSet(values: readonly string[]): boolean {
  return values.length <= MOST && new Set(values).size === values.length;
}

export const TRUST_SETTINGS = {
  trustPin: setting({
    name: 'YIMA_TRUST_PIN',
    parse: matching(
      /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/,
      "the hash of the network's first root, 43 characters",
    ),
    shown: 'none',
    description:
      "Hash of the first root of the regions' trust network, as `yima trust init` prints it. With it, keys count as the network's lists say, the node's own ones included; without it, this node is in none",
  }),
  trustHub: setting({
    name: 'YIMA_TRUST_HUB',
    parse: oneOf('on', 'off'),
    default: 'off',
    description:
      'on: this node takes uploads of lists, keeps the log of the network and publishes its bundle',
  }),
  trustSources: setting({
    name: 'YIMA_TRUST_SOURCES',
    parse: sources,
    default: [],
    shown: 'none',
    description: 'Hub and mirrors that lists are pulled from: addresses of nodes, separated by commas',
  }),
  trustWitnesses: setting({
    name: 'YIMA_TRUST_WITNESSES',
    parse: witnesses,
    default: [],
    shown: 'none',
    description: 'Of a hub: nodes that cosign its log, as name=address, separated by commas',
  }),
  trustWitness: setting({
    name: 'YIMA_TRUST_WITNESS',
    parse: oneOf('on', 'off'),
    default: 'off',
    description: "on: this node cosigns the log that the network's root names, as long as it only grows",
  }),
} as const;

interface GivenTrust {
  readonly trustPin?: string | undefined;
  readonly trustHub?: 'on' | 'off' | undefined;
  readonly trustSources?: readonly string[] | undefined;
  readonly trustWitnesses?: readonly WitnessAddress[] | undefined;
  readonly trustWitness?: 'on' | 'off' | undefined;
}

interface Problem {
  readonly name: string;
  readonly text: string;
}

/** What is set and goes for nothing without another setting: a node would stand alone in silence. */
export function checkTrustSettings(given: GivenTrust): readonly Problem[] {
  const { trustPin, trustHub, trustSources = [], trustWitnesses = [], trustWitness } = given;
  const { trustPin: pin, trustHub: hub, trustWitnesses: witnessed } = TRUST_SETTINGS;
  const used = [
    ...(trustHub === 'on' ? [hub] : []),
    ...(trustWitness === 'on' ? [TRUST_SETTINGS.trustWitness] : []),
    ...(trustSources.length > 0 ? [TRUST_SETTINGS.trustSources] : []),
    ...(trustWitnesses.length > 0 ? [witnessed] : []),
  ];
  const [first] = used;
  if (first !== undefined && trustPin === undefined)
    return [{ name: pin.name, text: `needed where ${first.name} is set` }];
  if (trustWitnesses.length === 0 || trustHub === 'on') return [];
  return [{ name: witnessed.name, text: `goes with ${hub.name}=on: nobody else has a log to be cosigned` }];
}

/** null: in no network. */
export function trustSettings(given: GivenTrust): TrustSettings | null {
  const { trustPin, trustHub, trustSources = [], trustWitnesses = [], trustWitness } = given;
  if (trustPin === undefined) return null;
  return {
    pin: trustPin,
    isHub: trustHub === 'on',
    isWitness: trustWitness === 'on',
    sources: trustSources,
    witnesses: trustWitnesses,
  };
}
