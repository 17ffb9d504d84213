// The built command as people run it: processes, pipes, exit codes, a node beside it, and a node that is killed.

import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { dataFolder, freePorts, makeNode, type Ran, runYima, startNode } from '../support/node-process.js';

type Yima = (args: readonly string[], input?: string) => Ran;

function yimaIn(dataDir: string, more: Readonly<Record<string, string>> = {}): Yima {
  return (args, input = '') => runYima(args, dataDir, { settings: more, input });
}

const PERSON = [
  '--claim',
  'holderName=张三',
  '--claim',
  'holderIdType=111',
  '--claim',
  'holderId=330102190001010011',
];
const DESK = ['--region', '330102', '--operator', 'desk-1', '--evidence', 'case-1'];
const ISSUE = ['issue', 'health-code', ...DESK, ...PERSON];

t.test('codes go through files and pipes, and the exit code is the verdict', async (t) => {
  const dataDir = dataFolder(t);
  const yima = yimaIn(dataDir);
  t.match(yima(ISSUE), { code: 1, out: '', talk: /There is no node in .*yima serve/ });
  t.notOk(existsSync(dataDir), 'no command but serve makes keys');
  await makeNode(t, dataDir);
  const claims = JSON.stringify({ holderName: '张三', holderIdType: '111', holderId: '33010219000101002X' });
  const issued = yima(['issue', 'health-code', ...DESK, '--claims', '-', '--json'], claims);
  t.equal(issued.code, 0, issued.talk);
  t.equal(issued.talk, '', 'nothing but the result is said');
  const { id, encodings } = JSON.parse(issued.out);
  const file = join(dataDir, 'code.txt');
  writeFileSync(file, `${encodings[0].code}\n`);
  t.match(yima(['verify', `@${file}`]), { code: 0, out: /^Admit: Valid/ });
  t.match(yima(['revoke', id, '--reason', 'test']), { code: 1, out: '', talk: /--yes/ }, 'nobody was asked');
  t.equal(yima(['revoke', id, '--reason', 'test', '--yes']).code, 0);
  const chinese = yimaIn(dataDir, { LANG: 'zh_CN.UTF-8' });
  t.match(chinese(['verify', `@${file}`]), { code: 3, out: /不予放行.*此码已作废/ });
  t.match(yimaIn(dataDir, { YIMA_REGON: '33' })(['verify', 'x']), { code: 1, out: '', talk: /YIMA_REGION/ });
  t.match(yima(['verify']), { code: 1, out: '' });
  t.match(yima([...ISSUE, '--qr']), { code: 0, out: /[▄▀█]{20}/ });
});

t.test('commands use the running node, and what it acknowledged survives kill -9', async (t) => {
  const dataDir = dataFolder(t);
  const yima = yimaIn(dataDir);
  const ports = await freePorts();
  const node = await startNode(t, dataDir, ports);
  t.equal(statSync(join(dataDir, 'yima.sock')).mode & 0o777, 0o600, 'nobody else may ask');
  t.match(yima(['doctor']), { code: 0, out: /The node is running/ });
  t.match(yima(['serve']), { code: 75, talk: /using the data folder/ }, 'a second node is refused');
  const id = yima([...ISSUE, '--only', 'id', '--idempotency-key', 'k1']).out.trim();
  t.match(id, /^[a-z2-7]{26}$/);
  const code = yima(['show', id, '--only', 'code']).out;
  t.equal(yima(['revoke', id, '--reason', 'test', '--yes']).code, 0);
  node.signal('SIGKILL');
  await node.ended;

  t.match(yima(['verify', '-'], code), { code: 3, out: /\(revoked\)/ }, 'with no node running');
  const second = await startNode(t, dataDir, ports);
  t.match(yima(['verify', '-'], code), { code: 3, out: /\(revoked\)/ }, 'and with the next one');
  t.equal(
    yima([...ISSUE, '--only', 'id', '--idempotency-key', 'k1']).out.trim(),
    id,
    'a retry issues nothing twice',
  );
  second.signal('SIGTERM');
  t.equal(await second.ended, 0, 'SIGTERM ends it in good order');
  t.notOk(existsSync(join(dataDir, 'yima.sock')));
});
