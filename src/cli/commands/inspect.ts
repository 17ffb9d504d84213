// `yima inspect`: what a code carries, as it carries it. Pure: nothing is verified, no key, list or node is asked.

import { inflateRaw, inflateZlib } from '../../adapters/crypto-node.js';
import { qrMatrix } from '../../adapters/qr.js';
import { encodeBase64url } from '../../core/codec/base64url.js';
import type { Field, Kind } from '../../core/credential/kind.js';
import { kindFields } from '../../core/credential/kind-fields.js';
import { KINDS } from '../../core/credential/kind-table.js';
import { openCode, readCode as readEnvelope } from '../../core/envelope/parse-code.js';
import type { ParsedCode, StatusReference } from '../../core/envelope/parsed-code.js';
import type { Presentation } from '../../core/envelope/ym2.js';
import type { Text } from '../../core/errors/reasons.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../language.js';
import { readCode } from '../read-code.js';
import { type Fact, facts, instant, print } from '../show.js';
import type { Terminal } from '../terminal.js';

const WARNING: Text = {
  'zh-CN': '以下内容未经任何核验，可能是伪造的。核验请用 yima verify。',
  en: 'Nothing was verified: anybody could have written this. To judge it: yima verify.',
};

const LABELS = {
  envelope: { 'zh-CN': '封装', en: 'Envelope' },
  size: { 'zh-CN': '长度', en: 'Size' },
  algorithm: { 'zh-CN': '算法', en: 'Algorithm' },
  keys: { 'zh-CN': '密钥标识', en: 'Key id' },
  issuer: { 'zh-CN': '签发机构', en: 'Issuer' },
  kind: { 'zh-CN': '种类', en: 'Kind' },
  issued: { 'zh-CN': '签发时间', en: 'Issued' },
  from: { 'zh-CN': '生效时间', en: 'Valid from' },
  until: { 'zh-CN': '有效期至', en: 'Valid until' },
  status: { 'zh-CN': '状态索引', en: 'Status reference' },
  device: { 'zh-CN': '绑定手机', en: 'Bound to a device' },
  live: { 'zh-CN': '手机签名时间', en: 'Signed by a device' },
  nonce: { 'zh-CN': '检查点随机数', en: 'Nonce of a site' },
  fault: { 'zh-CN': '内容违规', en: 'Breaks its format in' },
} as const satisfies Record<string, Text>;

const DECODERS = { inflate: inflateZlib, inflateRaw };

export const INSPECT = command({
  name: 'inspect',
  summary: { 'zh-CN': '查看码内写了什么（不核验）', en: 'Show what is written in a code (verifies nothing)' },
  args: [{ name: 'CODE|-|@FILE' }],
  options: {},
  examples: ["yima inspect 'YM1:...'", 'yima inspect @code.txt --json'],
  run: async (call, terminal) => {
    const code = await readCode(call.args[0] ?? '', terminal);
    const opened = openCode(code, DECODERS);
    const content = contentOf(code, readEnvelope(opened, DECODERS), opened.presentation);
    print(call, terminal, content, () => describe(content, terminal));
    return EXIT.ok;
  },
});

type Content = ReturnType<typeof contentOf>;

function contentOf(code: string, parsed: ParsedCode, presentation: Presentation | null) {
  const kind = typeof parsed.kind === 'number' ? KINDS.byNumber(parsed.kind) : KINDS.byName(parsed.kind);
  return {
    verified: false,
    envelope: parsed.envelope,
    characters: code.length,
    bytes: parsed.bytes.length,
    qrVersion: qrVersionOf(code),
    algorithm: parsed.algorithm,
    kids: parsed.kids,
    issuer: parsed.issuer,
    kind: kind?.name ?? parsed.kind,
    kindTitle: kind?.title ?? null,
    issuedAt: parsed.issuedAt,
    notBefore: parsed.notBefore,
    expiresAt: parsed.expiresAt,
    status: parsed.status,
    deviceBound: parsed.deviceKey !== null,
    presentation: presentation === null ? null : presentationOf(presentation),
    fault: parsed.fault,
    claims: claimsOf(parsed, kind),
  };
}

/** Of a `YM2`: what the device says that it signed. */
function presentationOf({ algorithm, issuedAt, nonce }: Presentation) {
  return { algorithm, issuedAt, nonce: nonce === null ? null : encodeBase64url(nonce) };
}

interface CarriedClaim {
  readonly name: string;
  readonly label: Text | null;
  readonly value: unknown;
  /** What the value means, where it is one of the field's choices. */
  readonly text: Text | null;
}

/** Under the kind's names where it knows them, else under what the code says. Checks nothing. */
function claimsOf({ claims }: ParsedCode, kind: Kind | undefined): readonly CarriedClaim[] {
  const fields = kind === undefined ? undefined : kindFields(kind);
  if (claims.form === 'json') {
    return Object.entries(claims.values).map(([name, value]) => {
      const field = fields?.byName.get(name)?.field;
      return { name, label: field?.label ?? null, value, text: choiceText(field, value) };
    });
  }
  return [...claims.values].map(([key, value]) => {
    const known = fields?.byKey.get(key);
    if (known === undefined) return { name: String(key), label: null, value: plain(value), text: null };
    const { field, row } = known;
    const read = row.fromCbor(value, field) ?? plain(value);
    return { name: field.name, label: field.label, value: read, text: choiceText(field, read) };
  });
}

function choiceText(field: Field | undefined, value: unknown): Text | null {
  return field?.choices?.find((choice) => choice.value === value)?.text ?? null;
}

/** CBOR values as JSON can say them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return encodeBase64url(value);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, each]) => [String(key), plain(each)]));
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'bigint' ? String(value) : value;
}

/** null when no symbol holds the text at level M. */
function qrVersionOf(code: string): number | null {
  try {
    return qrMatrix(code).version;
  } catch {
    return null;
  }
}

function statusText(status: StatusReference): string | null {
  if ('rid' in status) return status.rid === null ? null : `rid ${status.rid}`;
  return `${'uri' in status ? status.uri : `list ${status.list}`}, index ${status.index}`;
}

function describe(content: Content, terminal: Terminal): string {
  const { language } = terminal;
  const { status, qrVersion, presentation } = content;
  const symbol = qrVersion === null ? '' : `, QR ${qrVersion}-M`;
  const rows: Fact[] = [
    [LABELS.envelope, content.envelope],
    [LABELS.size, `${content.characters} characters, ${content.bytes} bytes${symbol}`],
    [LABELS.algorithm, content.algorithm],
    [LABELS.keys, content.kids.join(' ')],
    [LABELS.issuer, content.issuer],
    [LABELS.kind, `${content.kindTitle?.[language] ?? ''} ${content.kind}`.trim()],
    [LABELS.issued, content.issuedAt === null ? null : instant(content.issuedAt, terminal)],
    [LABELS.from, content.notBefore === null ? null : instant(content.notBefore, terminal)],
    [LABELS.until, instant(content.expiresAt, terminal)],
    [LABELS.status, status === null ? null : statusText(status)],
    [LABELS.device, content.deviceBound ? 'cnf' : null],
    [LABELS.live, presentation === null ? null : instant(presentation.issuedAt, terminal)],
    [LABELS.nonce, presentation?.nonce ?? null],
    [LABELS.fault, content.fault],
  ];
  const claims = content.claims.map(
    ({ name, label, value, text }): Fact => [
      { 'zh-CN': label?.['zh-CN'] ?? printable(name), en: label?.en ?? printable(name) },
      `${typeof value === 'string' ? value : JSON.stringify(value)}${text === null ? '' : ` (${text[language]})`}`,
    ],
  );
  return `${WARNING[language]}\n\n${facts(rows, terminal)}\n${facts(claims, terminal)}`;
}
