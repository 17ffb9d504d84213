// What the trust files say: partners' JWK sets, EU DCC signer certificates, and what foreign directories publish. One bad key is reported and left out; a file that
// cannot be read at all might have held a tombstone, so nothing is made of the others either.

import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { sha256 } from '../adapters/crypto-node.js';
import { parseDccCertificates } from '../adapters/dcc-certificates.js';
import type { Config } from '../config.js';
import { utf8Decode } from '../core/codec/bytes.js';
import { parseStrictJson } from '../core/codec/json.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { HeldCardList } from '../core/trust/anchors/card-list-file.js';
import { parseTrustFile } from '../core/trust/jwks-file.js';
import type { KeyRecord, Tombstone } from '../core/trust/key-record.js';
import { createBaseClaims, STATUS_BASE_TAKEN } from '../core/trust/status-bases.js';
import { isForeignSource, readAnchors } from './anchors/read-anchors.js';
import { PACKAGE_ROOT } from './package-root.js';
import { statusBaseOf } from './status-base.js';
import { trustedFiles } from './trusted-folder.js';

/** A key or file that was left out, and why. */
export interface TrustRefusal {
  readonly file: string;
  /** Where the file holds keys of several issuers. */
  readonly issuer?: string | null;
  readonly kid: string | null;
  readonly rule: string;
}

export interface LoadedTrust {
  readonly records: readonly KeyRecord[];
  readonly tombstones: readonly Tombstone[];
  /** Of SMART Health Cards: for whatever keys of the table they name. */
  readonly cardLists: readonly HeldCardList[];
  readonly refused: readonly TrustRefusal[];
}

export type TrustConfig = Pick<Config, 'trustDir' | 'demo' | 'issuer' | 'statusUrl'>;

/** Part of the program, and trusted like it. */
const DEMO_PARTNER = join(PACKAGE_ROOT, 'keys', 'demo-partner.json');
const SETTING = 'YIMA_TRUST_DIR';

/**
 * Reads every `*.json` (partners) and `*.pem`, `*.crt`, `*.cer` (DCC signers) of the trust folder in name order; the folder may be
 * absent. With the demo on, its partner is added. A directory of issuers, `NAME.json`, is taken with its signature `NAME.sig` and the
 * certificate `NAME.crt` that it has to be of: whoever may write to the folder vouches for that certificate.
 * @throws YimaError `list_refused` naming the file that cannot be read as a whole; `config_invalid` when others may write to the
 *   folder or a file
 */
export function loadTrustFiles(config: TrustConfig): LoadedTrust {
  const placed = trustedFiles(config.trustDir, EXTENSIONS, SETTING).filter((file) => !isSignature(file));
  return merge([...placed, ...(config.demo ? [DEMO_PARTNER] : [])].map(readTrustFile), config);
}

/** The status bases of the demo's partner, who does not exist: nobody asks there. */
export function demoPartnerBases(): readonly string[] {
  const { records } = readTrustFile(DEMO_PARTNER);
  return records.flatMap(({ statusBase }) => statusBase ?? []);
}

/**
 * Reads one file, wherever it lies and whatever it is called, as the node would read it alone: certificates by their extension,
 * anything else as a partner's JWK set. A file that the node would not start with is one refusal.
 */
export function checkTrustFile(path: string, config: TrustConfig): LoadedTrust {
  try {
    return merge([readTrustFile(path)], config);
  } catch (error) {
    if (!(error instanceof YimaError) || error.code !== 'list_refused') throw error;
    const rule = error.cause instanceof YimaError ? error.cause.message : 'unreadable';
    return { records: [], tombstones: [], cardLists: [], refused: [{ file: path, kid: null, rule }] };
  }
}

const CERTIFICATES: ReadonlySet<string> = new Set(['.pem', '.crt', '.cer']);
const EXTENSIONS: ReadonlySet<string> = new Set([...CERTIFICATES, '.json', '.sig']);

interface ReadFile extends LoadedTrust {
  readonly file: string;
}

function readTrustFile(file: string): ReadFile {
  try {
    const bytes = readFileSync(file);
    const { refused, ...read } = CERTIFICATES.has(extname(file))
      ? parseDccCertificates(bytes)
      : readJsonFile(file, bytes);
    return { file, ...NOTHING, ...read, refused: refused.map((each) => ({ file, ...each })) };
  } catch (cause) {
    const reason = cause instanceof YimaError ? cause.message : 'It cannot be opened.';
    const todo = 'Correct it (yima trust check tells), or take it out of the folder.';
    throw new YimaError('list_refused', `The trust file ${file} is not taken. ${reason} ${todo}`, { cause });
  }
}

const NOTHING = { tombstones: [], cardLists: [] } as const;
type Read = Pick<LoadedTrust, 'records'> & Partial<Pick<LoadedTrust, 'tombstones' | 'cardLists'>>;

function readJsonFile(file: string, data: Uint8Array): Read & { readonly refused: readonly Refusal[] } {
  const json = parseStrictJson(utf8Decode(data));
  if (!isForeignSource(json)) return parseTrustFile(json, sha256);
  const [signature, certificate] = [beside(file, '.sig'), beside(file, '.crt')];
  const signed = existsSync(signature)
    ? { signature: readFileSync(signature), certificate: readFileSync(certificate), fingerprint: null }
    : null;
  const { records, cardLists, refused } = readAnchors({ data, signed, issuer: null }, json);
  return { records, cardLists, refused };
}

type Refusal = Omit<TrustRefusal, 'file'>;

/** The file of the same name with another extension. */
function beside(file: string, extension: string): string {
  return file.slice(0, -extname(file).length) + extension;
}

/** A signature, or the certificate that one is to be of: neither holds keys that codes are signed with. */
function isSignature(file: string): boolean {
  return extname(file) === '.sig' || (extname(file) === '.crt' && existsSync(beside(file, '.sig')));
}

/** Puts the files together, and leaves out whoever names a status base that is another's. */
function merge(files: readonly ReadFile[], config: TrustConfig): LoadedTrust {
  const mayStand = createBaseClaims({ issuer: config.issuer, statusBase: statusBaseOf(config) });
  const records: KeyRecord[] = [];
  const refused: TrustRefusal[] = [];
  for (const { file, ...read } of files) {
    refused.push(...read.refused);
    for (const record of read.records) {
      if (mayStand(record)) records.push(record);
      else refused.push({ file, kid: record.kid, rule: STATUS_BASE_TAKEN });
    }
  }
  return {
    records,
    tombstones: files.flatMap(({ tombstones }) => tombstones),
    cardLists: files.flatMap(({ cardLists }) => cardLists),
    refused,
  };
}
