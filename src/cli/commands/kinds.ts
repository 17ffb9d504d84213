// `yima kinds`: what can be issued, and the claims that each kind takes. Asks no node.

import type { Field, Kind } from '../../core/credential/kind.js';
import { KINDS } from '../../core/credential/kind-table.js';
import type { Text } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { kindView } from '../../http/kind-view.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { columns, type Language, printable } from '../language.js';
import { print } from '../show.js';

const REQUIRED: Text = { 'zh-CN': '必填', en: 'required' };
const BY_HUB: Text = { 'zh-CN': '由国家平台填写', en: 'set by the hub' };
const OPTIONAL: Text = { 'zh-CN': '可选', en: 'optional' };

export const KINDS_LIST = command({
  name: 'kinds',
  summary: { 'zh-CN': '列出证照种类，或一个种类的字段', en: 'List the kinds, or the fields of one' },
  notes: {
    'zh-CN': '字段名用于 yima issue --claim 名称=值；region 由 --region 填写。',
    en: 'The names of fields are those of yima issue --claim NAME=VALUE; --region fills in region.',
  },
  args: [{ name: 'KIND', optional: true }],
  options: {},
  examples: ['yima kinds', 'yima kinds driving-licence', 'yima kinds --json'],
  run: async (call, terminal) => {
    const { language } = terminal;
    const [name = ''] = call.args;
    const kinds = name === '' ? KINDS.all : [findKind(name)];
    print(call, terminal, { kinds: kinds.map(kindView) }, () =>
      columns(
        name === ''
          ? kinds.map((kind) => [kind.name, kind.title[language]])
          : kinds.flatMap((kind) => kind.fields.map((field) => describeField(field, language))),
      ),
    );
    return EXIT.ok;
  },
});

function findKind(name: string): Kind {
  const kind = KINDS.byName(name);
  if (kind !== undefined) return kind;
  throw new YimaError('not_found', `There is no kind "${printable(name)}"; yima kinds lists them.`);
}

function describeField({ name, type, required, carry, label, choices }: Field, language: Language): string[] {
  const words = choices?.map(({ value, text }) => `${value} ${text[language]}`) ?? [];
  const meaning = words.length === 0 ? label[language] : `${label[language]}: ${words.join('; ')}`;
  const need = carry === 'translated' ? BY_HUB : required === true ? REQUIRED : OPTIONAL;
  return [name, type, need[language], meaning];
}
