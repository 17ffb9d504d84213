// `yima issue`: a credential from the desk: claims in, id and codes out, the symbol drawn on request.

import { qrMatrix, renderTerminal } from '../../adapters/qr.js';
import { isJsonObject, parseStrictJson } from '../../core/codec/json.js';
import type { FieldType } from '../../core/credential/kind.js';
import { KINDS } from '../../core/credential/kind-table.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { hasSymbol } from '../../http/credential-view.js';
import type { CredentialView } from '../../http/schemas/credential.js';
import { askNode } from '../ask-node.js';
import { command } from '../command.js';
import { codeLines, credentialFacts, FORM_WORDS } from '../credential-text.js';
import { EXIT } from '../exit-codes.js';
import { printableJson } from '../language.js';
import { ONLY, printOnly } from '../only.js';
import { print } from '../show.js';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';
import { type HeldView, heldText } from './held.js';

/** Fields whose JSON form is a number; what is typed is text. */
const NUMBER_TYPES: readonly FieldType[] = ['integer', 'instant'];

export const ISSUE = command({
  name: 'issue',
  summary: { 'zh-CN': '签发一个证照或健康码', en: 'Issue a credential' },
  notes: {
    'zh-CN':
      '种类和字段见 yima kinds。同一幂等键加同一请求得到同一结果。抽中须另一人核准的，退出码为 75，核准后用 yima held fetch 领取。',
    en: 'Kinds and their fields: yima kinds. The same idempotency key with the same request gives the same credential. Where a second person has to see it first it exits with 75; yima held fetch gets it once it was approved.',
  },
  args: [{ name: 'KIND' }],
  options: {
    region: {
      type: 'string',
      required: true,
      value: 'CODE',
      description: { 'zh-CN': '签发地区，6 位行政区划代码', en: 'Issuing region, 6 digits of GB/T 2260' },
    },
    claim: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      description: { 'zh-CN': '一项内容', en: 'One claim' },
    },
    claims: {
      type: 'string',
      value: 'FILE|-',
      description: { 'zh-CN': '全部内容，JSON 对象', en: 'The claims as a JSON object' },
    },
    form: {
      type: 'string',
      multiple: true,
      value: 'screen|paper|jws',
      description: {
        'zh-CN': '形式，默认 screen；各有独立索引',
        en: 'Form, screen when absent; each has an index of its own',
      },
    },
    'valid-seconds': {
      type: 'string',
      value: 'N',
      description: { 'zh-CN': '有效秒数，默认按种类', en: 'Validity; the kind decides when absent' },
    },
    operator: {
      type: 'string',
      required: true,
      value: 'NAME',
      description: { 'zh-CN': '经办人', en: 'The person at the desk' },
    },
    evidence: {
      type: 'string',
      required: true,
      value: 'REF',
      description: {
        'zh-CN': '依据（案卷号等）',
        en: 'What the operator relied on: a file or case reference',
      },
    },
    batch: {
      type: 'string',
      value: 'NAME',
      description: { 'zh-CN': '批次名，可按批次作废', en: 'Name of the batch, by which it can be revoked' },
    },
    'idempotency-key': {
      type: 'string',
      value: 'KEY',
      description: { 'zh-CN': '幂等键：重试不会重复签发', en: 'Makes a repeated call safe' },
    },
    qr: {
      type: 'boolean',
      description: { 'zh-CN': '在终端画出二维码', en: 'Draw the symbol in the terminal' },
    },
    only: ONLY,
  },
  examples: [
    'yima issue health-code --region 330102 --claim holderName=张小明 --claim holderIdType=111 --claim holderId=330102190001010011 --operator 王芳 --evidence case-17 --qr',
    'yima issue driving-licence --region 330102 --claims claims.json --form screen --form paper --operator 王芳 --evidence case-18',
    'yima issue health-code --region 330102 --claims - --operator desk-2 --evidence case-19 --only code < claims.json | yima verify -',
  ],
  run: async (call, terminal) => {
    const { options } = call;
    const kind = call.args[0] ?? '';
    if (options.qr && (call.json || options.only !== undefined)) {
      throw new YimaError('invalid_request', '--qr draws for people; leave out --json and --only.');
    }
    const body = {
      kind,
      region: options.region,
      claims: await readClaims(kind, options.claims, options.claim, terminal),
      ...(options.form.length === 0 ? {} : { forms: options.form }),
      ...(options['valid-seconds'] === undefined
        ? {}
        : { validSeconds: wholeNumber('valid-seconds', options['valid-seconds']) }),
      operator: options.operator,
      evidence: options.evidence,
      ...(options.batch === undefined ? {} : { batch: options.batch }),
    };
    const key = options['idempotency-key'];
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const view = await askNode<CredentialView | HeldView>(terminal, {
      method: 'POST',
      path: '/v1/credentials',
      body,
      headers,
    });
    if ('proposal' in view) {
      terminal.talk(heldText(view, terminal));
      if (call.json) terminal.out(`${printableJson(view)}\n`);
      return EXIT.tryAgain;
    }
    if (options.only !== undefined) printOnly(options.only, view, terminal);
    else
      print(
        call,
        terminal,
        view,
        () => describe(view, terminal) + (options.qr ? symbols(view, terminal) : ''),
      );
    return EXIT.ok;
  },
});

function describe(view: CredentialView, terminal: Terminal): string {
  return `${credentialFacts(view, terminal)}\n${codeLines(view, terminal)}`;
}

function symbols(view: CredentialView, { language, colour }: Terminal): string {
  const drawn = view.encodings
    .filter(({ form }) => hasSymbol(form))
    .map(
      ({ form, code }) =>
        `\n${FORM_WORDS[form][language]}\n${renderTerminal(qrMatrix(code), colour ? 'colour' : 'dark')}`,
    );
  return drawn.join('');
}

async function readClaims(
  kind: string,
  source: string | undefined,
  typed: readonly string[],
  terminal: Terminal,
): Promise<Readonly<Record<string, unknown>>> {
  const claims = new Map<string, unknown>(
    source === undefined ? [] : Object.entries(await readObject(source, terminal)),
  );
  for (const pair of typed) {
    const split = pair.indexOf('=');
    const name = pair.slice(0, Math.max(split, 0));
    if (name === '')
      throw new YimaError('invalid_request', 'A claim is written as --claim NAME=VALUE.', { field: 'claim' });
    if (claims.has(name))
      throw new YimaError('invalid_request', 'A claim is given twice.', { field: `claims.${name}` });
    claims.set(name, typedValue(kind, name, pair.slice(split + 1)));
  }
  return Object.fromEntries(claims);
}

/** What is no number stays text, so that the node names the field that it does not fit. */
function typedValue(kind: string, name: string, text: string): string | number {
  const field = KINDS.byName(kind)?.fields.find((each) => each.name === name);
  const isNumber = field !== undefined && NUMBER_TYPES.includes(field.type) && /^\d{1,15}$/.test(text);
  return isNumber ? Number(text) : text;
}

async function readObject(source: string, terminal: Terminal): Promise<Readonly<Record<string, unknown>>> {
  const text = source === '-' ? await terminal.readInput() : await terminal.readFile(source);
  const value = parseJson(text);
  if (!isJsonObject(value))
    throw new YimaError('invalid_request', 'The claims are one JSON object.', { field: 'claims' });
  return value;
}

function parseJson(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (cause) {
    throw new YimaError('invalid_request', 'The claims are not JSON, or name a member twice.', {
      field: 'claims',
      cause,
    });
  }
}
