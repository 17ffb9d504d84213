// How a credential of this office is shown to a person: what it is, its state, and each form it was released in.

import { KINDS } from '../core/credential/kind-table.js';
import { statusWord } from '../core/credential/status-meaning.js';
import type { Text } from '../core/errors/reasons.js';
import type { CredentialView } from '../http/schemas/credential.js';
import { columns } from './language.js';
import { type Fact, facts, instant } from './show.js';
import type { Terminal } from './terminal.js';

const LABELS = {
  id: { 'zh-CN': '编号', en: 'Id' },
  kind: { 'zh-CN': '种类', en: 'Kind' },
  region: { 'zh-CN': '地区', en: 'Region' },
  state: { 'zh-CN': '状态', en: 'State' },
  issued: { 'zh-CN': '签发时间', en: 'Issued' },
  until: { 'zh-CN': '有效期至', en: 'Valid until' },
  operator: { 'zh-CN': '经办人', en: 'Operator' },
  evidence: { 'zh-CN': '依据', en: 'Evidence' },
} as const satisfies Record<string, Text>;

const STATES = {
  active: { 'zh-CN': '有效', en: 'active' },
  suspended: { 'zh-CN': '暂停', en: 'suspended' },
  revoked: { 'zh-CN': '已作废', en: 'revoked' },
} as const satisfies Record<CredentialView['state'], Text>;

export const FORM_WORDS: Readonly<Record<CredentialView['encodings'][number]['form'], Text>> = {
  screen: { 'zh-CN': '屏幕', en: 'screen' },
  paper: { 'zh-CN': '纸质', en: 'paper' },
  jws: { 'zh-CN': 'JWS', en: 'JWS' },
  device: { 'zh-CN': '手机', en: 'phone' },
  'sd-jwt': { 'zh-CN': 'SD-JWT', en: 'SD-JWT' },
};

/** Everything about the credential but its codes. */
export function credentialFacts(view: CredentialView, terminal: Terminal): string {
  const { language } = terminal;
  const rows: Fact[] = [
    [LABELS.id, view.id],
    [LABELS.kind, `${KINDS.byName(view.kind)?.title[language] ?? ''} ${view.kind}`.trim()],
    [LABELS.region, view.region],
    [LABELS.state, STATES[view.state][language]],
    [LABELS.issued, instant(view.issuedAt, terminal)],
    [LABELS.until, instant(view.expiresAt, terminal)],
    [LABELS.operator, view.operator],
    [LABELS.evidence, view.evidence],
  ];
  return facts(rows, terminal);
}

/** A line for each form: the code's text. */
export function codeLines(view: CredentialView, { language }: Terminal): string {
  return columns(view.encodings.map(({ form, code }) => [FORM_WORDS[form][language], code]));
}

/** A line for each form: its place in the status lists and the value published there. */
export function statusLines(view: CredentialView, { language }: Terminal): string {
  const kind = KINDS.byName(view.kind);
  return columns(
    view.encodings.map(({ form, list, index, status, kid }) => {
      const meaning = statusWord(kind, status);
      return [
        FORM_WORDS[form][language],
        `${list}/${index}`,
        String(status),
        meaning?.text[language] ?? '?',
        kid,
      ];
    }),
  );
}
