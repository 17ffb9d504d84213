// Rules of colour: which are in force, and the proposals that put them in force and retire them. Versions of a rule only grow.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import { canonicalJson, type JsonObject } from '../codec/json.js';
import type { Kind, KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { type BodyMembers, readMembers } from './body-members.js';
import { levelOf } from './colour-credentials.js';
import { ruleEnacted, ruleRetired } from './colour-rule-log.js';
import type { ColourRuleRow, ProposalRow } from './decision-rows.js';
import type { Effect, ProposalHandler } from './proposals.js';
import type { Store } from './store.js';

const NAMED = ['action', 'id', 'version', 'nonce'] as const;
const ENACTED = [...NAMED, 'kind', 'from', 'to', 'text', 'purposes', 'capPerHour', 'validFrom'] as const;
const MOST_VERSIONS = 1_000_000;
const LAST_SECOND = 253_402_300_799;
const ID = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

export interface ColourRulesDeps {
  readonly store: Store;
  readonly kinds: KindTable;
  readonly sha256: Sha256;
}

/** What a rule says, without what became of it. */
type RuleText = Omit<ColourRuleRow, 'proposalId' | 'retiredAt' | 'retiredBy'>;

/**
 * The version that holds now: the newest that has begun. Where that one is retired, none does: an older one never comes back.
 * @param now epoch seconds
 */
export function ruleInForce(
  rules: readonly ColourRuleRow[],
  id: string,
  now: number,
): ColourRuleRow | undefined {
  const begun = rules.filter((rule) => rule.id === id && rule.validFrom <= now);
  const newest = begun.reduce<ColourRuleRow | undefined>(
    (best, rule) => (best === undefined || rule.version > best.version ? rule : best),
    undefined,
  );
  return newest?.retiredAt === null ? newest : undefined;
}

export function createRuleProposals(deps: ColourRulesDeps): ProposalHandler {
  return {
    isProposedByOfficers: true,
    subjects: async (body) => [`rule:${readNamed(readMembers(body, ENACTED)).id}`],
    check: async (body) => {
      const rules = await deps.store.colourRules();
      const { id, version, action } = readNamed(readMembers(body, ENACTED));
      if (action === 'retire') findRetirable(rules, readRetired(body));
      else {
        readRule(body, deps.kinds);
        const known = rules.filter((rule) => rule.id === id).map((rule) => rule.version);
        if (version <= Math.max(0, ...known))
          throw new YimaError('conflict', 'Versions only grow: give the next one.', {
            field: 'body.version',
          });
      }
      return { size: 0, seen: rulesDigest(rules, id, deps.sha256) };
    },
    effect: async (row, body) =>
      readNamed(readMembers(body, ENACTED)).action === 'retire'
        ? retired(row, findRetirable(await deps.store.colourRules(), readRetired(body)))
        : enacted(row, readRule(body, deps.kinds)),
  };
}

function enacted(proposal: ProposalRow, text: RuleText): Effect {
  const rule: ColourRuleRow = { ...text, proposalId: proposal.id, retiredAt: null, retiredBy: null };
  return { entries: [ruleEnacted(rule, proposal)], change: { colourRules: [rule] } };
}

function retired(proposal: ProposalRow, known: ColourRuleRow): Effect {
  const rule = { ...known, retiredAt: proposal.decidedAt, retiredBy: proposal.id };
  return { entries: [ruleRetired(rule, proposal)], change: { colourRules: [rule] } };
}

function readNamed(read: BodyMembers) {
  const action = read.word('action', ['enact', 'retire']);
  const id = read.text('id', 32);
  if (!ID.test(id))
    throw new YimaError('invalid_request', 'A rule’s id is 1 to 32 of a-z 0-9 and - between them.', {
      field: 'body.id',
    });
  return { action, id, version: read.wholeNumber('version', 1, MOST_VERSIONS) };
}

function readRetired(body: JsonObject) {
  return readNamed(readMembers(body, NAMED));
}

function findRetirable(
  rules: readonly ColourRuleRow[],
  asked: { id: string; version: number },
): ColourRuleRow {
  const rule = rules.find(({ id, version }) => id === asked.id && version === asked.version);
  if (rule === undefined) throw new YimaError('not_found', 'There is no such rule.', { field: 'body.id' });
  if (rule.retiredAt !== null)
    throw new YimaError('conflict', 'This rule is retired already.', { field: 'body.version' });
  return rule;
}

function readRule(body: JsonObject, kinds: KindTable): RuleText {
  const read = readMembers(body, ENACTED);
  const { id, version } = readNamed(read);
  const kind = kinds.byName(read.text('kind', 64));
  if (kind?.status.restricted !== true)
    throw new YimaError('invalid_request', 'Name a kind whose status is a colour.', { field: 'body.kind' });
  const fromLevels = read.texts('from', 16, 32);
  const toLevel = read.text('to', 32);
  checkLevels(kind, fromLevels, toLevel);
  const text = read.object('text', ['zh-CN', 'en']);
  return {
    id,
    version,
    kind: kind.name,
    fromLevels,
    toLevel,
    text: { 'zh-CN': text.text('zh-CN', 200), en: text.text('en', 200) },
    purposes: read.texts('purposes', 16, 64),
    capPerHour: read.wholeNumber('capPerHour', 1, 1_000_000),
    validFrom: read.wholeNumber('validFrom', 0, LAST_SECOND),
  };
}

function checkLevels(kind: Kind, fromLevels: readonly string[], toLevel: string): void {
  const refuse = (field: string): never => {
    throw new YimaError(
      'invalid_request',
      'Levels are status words of the kind, and a rule leads from one to another.',
      {
        field,
      },
    );
  };
  if (levelOf(kind, toLevel) === undefined) refuse('body.to');
  if (fromLevels.some((word) => word === toLevel || levelOf(kind, word) === undefined)) refuse('body.from');
}

/** Of the versions there are, and which are retired. */
function rulesDigest(rules: readonly ColourRuleRow[], id: string, sha256: Sha256): string {
  const known = rules.filter((rule) => rule.id === id).map(({ version, retiredAt }) => [version, retiredAt]);
  return hexEncode(sha256(utf8Encode(canonicalJson(known))));
}
