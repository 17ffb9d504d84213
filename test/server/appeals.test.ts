// A red by rule, appealed against and given back, over HTTP with officers' own keys.

import t from 'tap';
import { type Person, signed } from '../support/officers.js';
import { ask, RULE } from '../support/officers-at-work.js';
import { verdict } from '../support/open-node.js';
import { NOW, openAppealWorld } from './support/appeal-world.js';

t.test('a red by rule is appealed against, judged by somebody else, and given back', async (t) => {
  const { node, app, localApp, id, code, first, second, third } = await openAppealWorld(t);
  t.equal(await verdict(node, code), 'refuse/refused_by_policy');
  const record = () => ask(localApp, `/v1/credentials/${id}/record`);
  t.match(await record(), {
    status: { word: 'red' },
    changes: [
      { by: 'rule', rule: { id: 'close-contact', version: 1 }, ground: RULE.text, reason: 'outbreak' },
    ],
  });
  const figure = async (): Promise<string | undefined> => {
    const headers = { host: 'localhost' };
    const { payload } = await node.adminApp.inject({ url: '/metrics', headers });
    return /^yima_appeals_open (\S+)$/m.exec(payload)?.[1];
  };
  t.equal(await figure(), '0');
  const filed = await ask(localApp, `/v1/credentials/${id}/appeals`, {
    operator: 'desk-1',
    grounds: 'I was never there',
  });
  t.match(filed, { http: 201, state: 'open', dueAt: NOW + 15 * 86_400 });
  t.equal(await figure(), '1');

  const listed = await ask(app, '/v1/appeals', undefined, third.key);
  const [open] = listed['appeals'] as { id: string; hash: string }[];
  t.match(open, { id: filed['id'], grounds: 'I was never there', change: { evidence: 'case 26-7' } });
  const decide = (by: Person & { key: string }) => {
    const jws = signed(by, open?.hash ?? '', 'approve', NOW);
    return ask(app, `/v1/appeals/${open?.id}/decision`, { action: 'approve', jws }, by.key);
  };
  t.match(await decide(first), { http: 403, rule: 'took_part' }, 'who proposed the rule');
  t.match(await decide(second), { http: 403, rule: 'took_part' }, 'who put it in force');
  t.match(await decide(third), { http: 200, state: 'accepted' });
  t.equal(await verdict(node, code), 'admit/ok', 'the next scan says so');
  t.equal(await figure(), '0');
  t.match(await record(), { status: { word: 'green' }, changes: [{ by: 'appeal' }, { by: 'rule' }] });
  t.match(await decide(third), { http: 409 });
  t.match(await ask(localApp, '/v1/log/check'), { ok: true });
});
