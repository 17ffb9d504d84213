// Entries of a list as a desk puts them together: from flags, from a file, or from the keys that a node publishes.

import { sha256 } from '../../adapters/crypto-node.js';
import { endOfLocalDay, startOfLocalDay } from '../../core/codec/calendar.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../../core/codec/json.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { publicJwk } from '../../core/signature/public-jwk.js';
import { parseTrustFile } from '../../core/trust/jwks-file.js';
import type { KeyRecord } from '../../core/trust/key-record.js';
import type { OptionSpecs } from '../command.js';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';
import { readPublicKey } from './custodian-key.js';
import { publicThumbprint } from './fingerprint.js';
import type { ListBody } from './list-changes.js';
import { readSource } from './sources.js';

export const ENTRY_OPTIONS = {
  sub: {
    type: 'string',
    value: 'NAME',
    description: { 'zh-CN': '条目对象：机关或签发者名称', en: 'Authority or issuer that an entry is for' },
  },
  key: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    description: { 'zh-CN': '条目的公钥文件，可多次', en: 'Public key of the entry; several are fine' },
  },
  use: {
    type: 'string',
    value: 'credential|status|list|log',
    description: { 'zh-CN': '用途，默认 credential', en: 'credential when absent' },
  },
  region: {
    type: 'string',
    value: 'PREFIX',
    description: {
      'zh-CN': '地区代码前缀，默认取名称中的代码',
      en: "Region prefix; the name's own digits when absent",
    },
  },
  kinds: {
    type: 'string',
    value: 'KIND,KIND',
    description: { 'zh-CN': '种类，默认同上级', en: 'Kinds; all that the parent has when absent' },
  },
  depth: {
    type: 'string',
    value: 'N',
    description: {
      'zh-CN': '（用途 list）其下列表层数，默认 0',
      en: 'Of use list: levels of lists below it, 0 when absent',
    },
  },
  threshold: {
    type: 'string',
    value: 'N',
    description: {
      'zh-CN': '（用途 list）须几人签名，默认 2',
      en: 'Of use list: how many keys must sign, 2 when absent',
    },
  },
  'status-base': {
    type: 'string',
    value: 'URL',
    description: { 'zh-CN': '状态列表地址前缀，以 / 结尾', en: 'Prefix of its status lists, ending in /' },
  },
  nbf: {
    type: 'string',
    value: 'DATE',
    description: {
      'zh-CN': '生效日（YYYY-MM-DD 或纪元秒）',
      en: 'First day, YYYY-MM-DD in China, or epoch seconds',
    },
  },
  exp: {
    type: 'string',
    value: 'DATE',
    description: {
      'zh-CN': '截止日（YYYY-MM-DD 或纪元秒）',
      en: 'Last day, YYYY-MM-DD in China, or epoch seconds',
    },
  },
} as const satisfies OptionSpecs;

export interface EntryFlags {
  readonly sub: string | undefined;
  readonly key: readonly string[];
  readonly use: string | undefined;
  readonly region: string | undefined;
  readonly kinds: string | undefined;
  readonly depth: string | undefined;
  readonly threshold: string | undefined;
  readonly 'status-base': string | undefined;
  readonly nbf: string | undefined;
  readonly exp: string | undefined;
}

const DIGITS = /^[0-9]+$/;

/** One entry, in use at once, for `sub` with the keys of these files. @throws YimaError `invalid_request`, `key_refused` */
export async function entryOfFlags(
  flags: EntryFlags & { readonly sub: string },
  terminal: Terminal,
): Promise<JsonObject> {
  const { sub, use = 'credential', region, kinds, depth, threshold } = flags;
  if (flags.key.length === 0)
    throw new YimaError('invalid_request', `--sub ${sub} needs its public keys: --key FILE.`, {
      field: 'key',
    });
  const keys: JsonObject[] = [];
  for (const file of flags.key) keys.push((await readPublicKey(file, terminal)).jwk);
  const isForList = use === 'list';
  return {
    sub,
    format: 'yima',
    keys,
    use,
    ...(isForList ? { threshold: wholeNumber('threshold', threshold ?? '2') } : {}),
    scope: {
      region: region ?? (DIGITS.test(sub) ? sub : ''),
      kinds: kindsOf(kinds),
      ...(isForList ? { depth: wholeNumber('depth', depth ?? '0') } : {}),
    },
    nbf: boundOf('nbf', flags.nbf),
    exp: boundOf('exp', flags.exp),
    state: 'active',
    statusBase: flags['status-base'] ?? null,
  };
}

function kindsOf(given: string | undefined): readonly string[] | null {
  return given === undefined ? null : given.split(',').map((kind) => kind.trim());
}

/** The first second of the day for `nbf`, the last for `exp`. */
function boundOf(name: 'nbf' | 'exp', given: string | undefined): number | null {
  if (given === undefined) return null;
  const day = name === 'nbf' ? startOfLocalDay(given) : endOfLocalDay(given);
  return day ?? wholeNumber(name, given);
}

/** One entry, several, or what `yima trust anchors --json` prints. @throws YimaError `invalid_request` */
export async function entriesOfFile(path: string, terminal: Terminal): Promise<readonly JsonObject[]> {
  const text = path === '-' ? await terminal.readInput() : await terminal.readFile(path);
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (cause) {
    throw new YimaError('invalid_request', `${path} is not strict JSON.`, { field: 'add', cause });
  }
  const listed = isJsonObject(value) ? (value['entries'] ?? [value]) : value;
  if (Array.isArray(listed) && listed.every(isJsonObject)) return listed;
  throw new YimaError('invalid_request', `${path} holds no entry: give an object, or an array of them.`, {
    field: 'add',
  });
}

/**
 * The keys of a node that the list does not have yet: those in use without bounds, retired ones with the window in which they signed. What
 * the list says of the others stays, since a key goes on signing until the next one is listed.
 * @param source address of the node, or its `/.well-known/jwks.json` in a file
 * @throws YimaError `list_refused`, `key_refused`, `unavailable`
 */
export async function entriesOfNode(
  source: string,
  body: ListBody,
  flags: EntryFlags,
  terminal: Terminal,
): Promise<readonly JsonObject[]> {
  const file = parseTrustFile(
    parseStrictJson(await readSource(source, '/.well-known/jwks.json', terminal)),
    sha256,
  );
  const [refused] = file.refused;
  if (refused !== undefined) {
    const message = `The node publishes a key that is not admissible (${refused.rule}). Ask its operator.`;
    throw new YimaError('key_refused', message, { rule: refused.rule });
  }
  const listed = new Set(
    body.entries.flatMap(({ keys }) => (Array.isArray(keys) ? keys.map(publicThumbprint) : [])),
  );
  return file.records
    .filter(({ state }) => state === 'active' || state === 'retired' || state === 'announced')
    .filter(({ key }) => !listed.has(publicThumbprint(publicJwk(key))))
    .map((record) => entryOfRecord(record, flags));
}

function entryOfRecord(record: KeyRecord, flags: EntryFlags): JsonObject {
  const { issuer, key, use, scope, state, notBefore, notAfter, statusBase } = record;
  // An announced key is listed as active, so that everybody may know it when the node goes over to it by itself.
  const isActive = state === 'active' || state === 'announced';
  return {
    sub: flags.sub ?? issuer,
    format: 'yima',
    keys: [{ ...publicJwk(key) }],
    use,
    scope: {
      region: flags.region ?? scope.region,
      kinds: flags.kinds === undefined ? scope.kinds : kindsOf(flags.kinds),
    },
    nbf: boundOf('nbf', flags.nbf) ?? (isActive ? null : notBefore),
    exp: boundOf('exp', flags.exp) ?? (isActive ? null : notAfter),
    state: isActive ? 'active' : state,
    statusBase: flags['status-base'] ?? statusBase,
  };
}
