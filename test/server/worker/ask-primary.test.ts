import t from 'tap';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { createLogger } from '../../../src/http/logging.js';
import { COMMAND_NAMES, type Command } from '../../../src/server/commands.js';
import type { FromWorker } from '../../../src/server/messages.js';
import { answerCommand } from '../../../src/server/primary/answer-command.js';
import { createAskPrimary } from '../../../src/server/worker/ask-primary.js';
import { issueRequest } from '../../support/office.js';
import { refuses } from '../../support/refusal.js';
import { createFakeTimers } from '../support/fake-timers.js';
import { twinCommands } from '../support/twin-core.js';

type Asked = FromWorker & { readonly type: 'ask' };

function open() {
  const asked: Asked[] = [];
  const timers = createFakeTimers();
  const primary = createAskPrimary(
    (message) => void asked.push(structuredClone(message) as Asked),
    timers.after,
  );
  return { ...primary, asked, timers };
}

/** Asks through a primary whose command of this name throws. */
async function throwing(
  error: unknown,
): Promise<{ readonly thrown: unknown; readonly lines: readonly string[] }> {
  const { commands, answer, asked } = open();
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  const find = commands.find('x').catch((thrown: unknown) => thrown);
  const [{ id, command }] = asked as [Asked];
  const fail = async (): Promise<never> => {
    throw error;
  };
  answer(id, structuredClone(await answerCommand({ ...twinCommands(), find: fail }, command, logger)));
  return { thrown: await find, lines };
}

t.test('every command arrives with its arguments, and its answer comes back', async (t) => {
  const { commands, answer, asked, timers } = open();
  const logger = createLogger('silent');
  const twin = twinCommands();
  t.same(Object.keys(commands).sort(), Object.keys(twin).sort());
  const issued = commands.issue('desk', issueRequest());
  const token = commands.statusToken(1, 'cwt', 5);
  for (const { id, command } of asked.splice(0))
    answer(id, structuredClone(await answerCommand(twin, command, logger)));
  t.match(await issued, { credential: { principal: 'desk', kind: 'health-code' }, replayed: false });
  t.same((await token)?.body, new Uint8Array([0xd2, 0x84]), 'bytes stay bytes');
  t.same(timers.pending(), [], 'no deadline is left behind');
});

t.test(
  'codes survive the way; of a defect nothing is told, but it is logged where it happened',
  async (t) => {
    const refusal = new YimaError('claims_rejected', 'Too long.', { field: 'claims.name', rule: 'length' });
    const refused = await throwing(refusal);
    t.match(refused.thrown, {
      code: 'claims_rejected',
      message: 'Too long.',
      field: 'claims.name',
      rule: 'length',
    });
    t.same(refused.lines, [], 'a refusal is no fault');

    const defect = await throwing(new Error('/srv/data: 张三'));
    t.match(defect.thrown, { code: 'internal', message: '' });
    t.match(JSON.parse(defect.lines[0] ?? ''), {
      level: 'error',
      msg: 'command failed',
      err: { name: 'Error' },
    });
    t.notMatch(defect.lines.join(), '张三');

    const disk = await throwing(new YimaError('store_failed', 'Not written.', { cause: new Error('disk') }));
    t.match(disk.thrown, { code: 'store_failed', cause: undefined });
    t.equal(disk.lines.length, 1);
  },
);

t.test('a name that is no command is a defect', async (t) => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  for (const name of ['constructor', '__proto__', 'drop', undefined]) {
    const outcome = await answerCommand(twinCommands(), { name, args: [] } as unknown as Command, logger);
    t.match(outcome, { ok: false, code: 'internal' }, String(name));
  }
  t.equal(lines.length, 4);
});

t.test('an answer that does not come in time is `unavailable`; when it comes it is for nobody', async (t) => {
  const { commands, answer, asked, timers } = open();
  const found = commands.find('x');
  const checked = commands.checkLog();
  t.same(timers.pending(), [10_000, 600_000], 'checking a log may take longer');
  timers.pass(10_000);
  await refuses(t, found, 'unavailable');
  for (const { id } of asked) answer(id, { ok: true, value: 'late' });
  t.equal(await checked, 'late');
  answer(99, { ok: true, value: 'never asked' });
});

t.test(
  'so many answers may be missing, those that nobody waits for included; more is `unavailable`',
  async (t) => {
    const { commands, answer, asked, timers } = open();
    const all = Array.from({ length: 256 }, () => commands.find('x').catch((error: YimaError) => error.code));
    await refuses(t, commands.find('x'), 'unavailable');
    t.equal(asked.length, 256, 'nothing more was sent');
    timers.pass(10_000);
    t.same([...new Set(await Promise.all(all))], ['unavailable']);
    await refuses(t, commands.find('x'), 'unavailable', undefined);
    answer(asked[0]?.id ?? 0, { ok: true, value: undefined });
    const next = commands.find('x');
    answer(asked.at(-1)?.id ?? 0, { ok: true, value: undefined });
    t.equal(await next, undefined);
  },
);

t.test('the table of commands is complete', (t) => {
  t.same([...COMMAND_NAMES].sort(), Object.keys(twinCommands()).sort());
  t.end();
});
