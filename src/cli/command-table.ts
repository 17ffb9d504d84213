// Every command of `yima`, in the order help lists them.

import type { Command } from './command.js';
import {
  API_KEYS_CONFIRM,
  API_KEYS_CREATE,
  API_KEYS_LIST,
  API_KEYS_REVOKE,
  API_KEYS_ROTATE,
} from './commands/api-keys.js';
import {
  REVOKE,
  SHOW,
  STATUS_LISTS,
  STATUS_REINSTATE,
  STATUS_REVOKE,
  STATUS_SHOW,
  STATUS_SUSPEND,
} from './commands/credential.js';
import { DB_FSCK, DB_PATH } from './commands/database.js';
import { DB_BACKUP, DB_MIGRATE, DB_RESTORE } from './commands/database-backup.js';
import { DOCTOR } from './commands/doctor.js';
import { HELD_FETCH, HELD_SHOW } from './commands/held.js';
import { INSPECT } from './commands/inspect.js';
import { ISSUE } from './commands/issue.js';
import { KEYS_ANNOUNCE, KEYS_LIST, KEYS_ROTATE } from './commands/keys.js';
import { KEYS_REISSUE } from './commands/keys-reissue.js';
import { KINDS_LIST } from './commands/kinds.js';
import { LOG_SHOW, LOG_VERIFY } from './commands/log.js';
import { LOG_CHECK_HEAD, LOG_HEAD } from './commands/log-head.js';
import { LOG_RESTORE } from './commands/log-restore.js';
import { OFFER } from './commands/offer.js';
import { OFFICER_KEYGEN, OFFICER_SIGN } from './commands/officer.js';
import { POLICIES_CHECK, POLICIES_LIST } from './commands/policies.js';
import { PRINT } from './commands/print.js';
import { APPEALS_FILE, RECORD } from './commands/record.js';
import { REVOCATIONS_COUNT, REVOCATIONS_SHOW } from './commands/revocations.js';
import { SERVE } from './commands/serve.js';
import { SITES_ENROL, SITES_LIST, SITES_REVOKE } from './commands/sites.js';
import { TRUST_CHECK, TRUST_EXPORT, TRUST_LIST } from './commands/trust.js';
import { TRUST_ANCHORS } from './commands/trust-anchors.js';
import { TRUST_CALENDAR } from './commands/trust-calendar.js';
import { TRUST_DRAFT_LIST } from './commands/trust-draft-list.js';
import { TRUST_IMPORT, TRUST_PUBLISH } from './commands/trust-exchange.js';
import { TRUST_KEY_NEW, TRUST_KEY_SHOW } from './commands/trust-key.js';
import { TRUST_PROVE } from './commands/trust-prove.js';
import { TRUST_DRAFT_ROOT, TRUST_INIT } from './commands/trust-root.js';
import { TRUST_DIFF, TRUST_MERGE, TRUST_SIGN } from './commands/trust-sign.js';
import { TRUST_WHY } from './commands/trust-why.js';
import { VERIFY } from './commands/verify.js';

export const COMMANDS: readonly Command[] = [
  SERVE,
  KINDS_LIST,
  ISSUE,
  HELD_SHOW,
  HELD_FETCH,
  VERIFY,
  INSPECT,
  SHOW,
  PRINT,
  OFFER,
  REVOKE,
  STATUS_SHOW,
  STATUS_SUSPEND,
  STATUS_REINSTATE,
  STATUS_REVOKE,
  STATUS_LISTS,
  RECORD,
  APPEALS_FILE,
  REVOCATIONS_COUNT,
  REVOCATIONS_SHOW,
  KEYS_LIST,
  KEYS_ROTATE,
  KEYS_ANNOUNCE,
  KEYS_REISSUE,
  API_KEYS_CREATE,
  API_KEYS_CONFIRM,
  API_KEYS_LIST,
  API_KEYS_ROTATE,
  API_KEYS_REVOKE,
  SITES_ENROL,
  SITES_LIST,
  SITES_REVOKE,
  OFFICER_KEYGEN,
  OFFICER_SIGN,
  TRUST_LIST,
  TRUST_CHECK,
  TRUST_KEY_NEW,
  TRUST_KEY_SHOW,
  TRUST_INIT,
  TRUST_DRAFT_ROOT,
  TRUST_DRAFT_LIST,
  TRUST_DIFF,
  TRUST_SIGN,
  TRUST_MERGE,
  TRUST_PUBLISH,
  TRUST_IMPORT,
  TRUST_EXPORT,
  TRUST_WHY,
  TRUST_PROVE,
  TRUST_CALENDAR,
  TRUST_ANCHORS,
  POLICIES_LIST,
  POLICIES_CHECK,
  LOG_SHOW,
  LOG_VERIFY,
  LOG_RESTORE,
  LOG_HEAD,
  LOG_CHECK_HEAD,
  DB_BACKUP,
  DB_RESTORE,
  DB_MIGRATE,
  DB_FSCK,
  DB_PATH,
  DOCTOR,
];
