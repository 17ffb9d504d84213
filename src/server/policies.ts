// The policies of the node: read from their folder, all or none, and swapped whole. A file that is not taken might hold the rule that
// stops somebody, so nothing is made of the others either.

import { readFileSync } from 'node:fs';
import type { Config } from '../config.js';
import { utf8Decode } from '../core/codec/bytes.js';
import { parseStrictJson } from '../core/codec/json.js';
import type { RegionalPolicy } from '../core/credential/kind.js';
import { KINDS } from '../core/credential/kind-table.js';
import { parsePolicyFile } from '../core/credential/policy-file.js';
import { createPolicyTable, type PolicyTable } from '../core/credential/policy-table.js';
import { YimaError } from '../core/errors/yima-error.js';
import { trustedFiles } from './trusted-folder.js';

export type PolicyConfig = Pick<Config, 'policyDir' | 'region'>;

export interface Policies {
  readonly table: () => PolicyTable;
  /** Reads the folder; what it returns puts the new table in place. @throws YimaError as `loadPolicies` */
  readonly prepareReload: () => () => void;
}

const SETTING = 'YIMA_POLICY_DIR';
const EXTENSIONS: ReadonlySet<string> = new Set(['.json']);
const MAX_FILES = 4_096;
const MAX_BYTES = 65_536;

/**
 * @param onChange hears of every table but the first
 * @throws YimaError as `loadPolicies`
 */
export function createPolicies(config: PolicyConfig, onChange: (table: PolicyTable) => void): Policies {
  let table = loadPolicies(config);
  return {
    table: () => table,
    prepareReload: () => {
      const next = loadPolicies(config);
      return () => {
        table = next;
        onChange(next);
      };
    },
  };
}

/**
 * Every `*.json` of the policy folder, which may be absent.
 * @throws YimaError `config_invalid` naming the file and the member that is wrong, or when others may write to folder or file
 */
export function loadPolicies({ policyDir, region }: PolicyConfig): PolicyTable {
  const files = trustedFiles(policyDir, EXTENSIONS, SETTING);
  if (files.length > MAX_FILES) {
    const message = `There are more than ${MAX_FILES} policy files in ${policyDir}. Take out what is not in force.`;
    throw new YimaError('config_invalid', message, { field: SETTING });
  }
  return createPolicyTable(files.map(readPolicyFile), region);
}

/** One file, wherever it lies. @throws YimaError `config_invalid` naming the file and the member that is wrong */
export function readPolicyFile(file: string): RegionalPolicy {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BYTES)
      throw new YimaError('config_invalid', `It is larger than ${MAX_BYTES} bytes.`);
    return parsePolicyFile(parseStrictJson(utf8Decode(bytes)), KINDS);
  } catch (cause) {
    const error =
      cause instanceof YimaError ? cause : new YimaError('config_invalid', 'It cannot be opened.');
    const { field = SETTING, rule } = error;
    const todo = 'Correct it (yima policies check tells), or take it out of the folder.';
    throw new YimaError('config_invalid', `The policy file ${file} is not taken. ${error.message} ${todo}`, {
      field,
      cause,
      ...(rule === undefined ? {} : { rule }),
    });
  }
}
