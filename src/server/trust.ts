// Loads the key table from files: our own ring, partners' JWK sets, EU DCC signer certificates. One bad file or key is
// reported and left out; the rest stands.

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseDccCertificates } from '../adapters/dcc-certificates.js';
import { utf8Decode } from '../core/codec/bytes.js';
import { parseStrictJson } from '../core/codec/json.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { Sha256 } from '../core/signature/public-key.js';
import { parseTrustFile } from '../core/trust/jwks-file.js';
import type { KeyRecord } from '../core/trust/key-record.js';

/** A key or file that was left out, and why. */
export interface TrustRefusal {
  readonly file: string;
  readonly kid: string | null;
  readonly rule: string;
}

export interface LoadedTrust {
  readonly records: readonly KeyRecord[];
  readonly refused: readonly TrustRefusal[];
}

/** Reads every `*.trust.json` (partners) and `*.pem`, `*.crt`, `*.cer` (DCC signers) of the folders that exist. */
export function loadTrustFiles(folders: readonly string[], sha256: Sha256): LoadedTrust {
  const loaded = folders.flatMap(filesIn).map((path) => loadTrustFile(path, sha256));
  return {
    records: loaded.flatMap(({ records }) => records),
    refused: loaded.flatMap(({ refused }) => refused),
  };
}

/** Reads one file, whatever it is called: certificates by their extension, anything else as a partner's JWK set. */
export function loadTrustFile(path: string, sha256: Sha256): LoadedTrust {
  try {
    const { records, refused } = parseFile(path, sha256);
    return { records, refused: refused.map(({ kid, rule }) => ({ file: path, kid, rule })) };
  } catch (error) {
    const rule = error instanceof YimaError ? error.message : 'unreadable';
    return { records: [], refused: [{ file: path, kid: null, rule }] };
  }
}

const CERTIFICATES: ReadonlySet<string> = new Set(['.pem', '.crt', '.cer']);

/** The trust files of one folder in name order; none where the folder is absent. */
function filesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return [];
  }
  return names
    .filter((name) => extname(name) === '.json' || CERTIFICATES.has(extname(name)))
    .map((name) => join(folder, name));
}

function parseFile(
  path: string,
  sha256: Sha256,
): { records: readonly KeyRecord[]; refused: readonly { kid: string | null; rule: string }[] } {
  const bytes = readFileSync(path);
  if (CERTIFICATES.has(extname(path))) return parseDccCertificates(bytes);
  return parseTrustFile(parseStrictJson(utf8Decode(bytes)), sha256);
}
