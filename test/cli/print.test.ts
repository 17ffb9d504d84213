import t from 'tap';
import { run } from './fake-terminal.js';

const ID = 'b'.repeat(26);
const SCREEN = { number: 1, form: 'screen', revokedAlone: false };
const paper = (number: number, revokedAlone: boolean) => ({ number, form: 'paper', revokedAlone });
const view = (...encodings: object[]) => ({
  [`GET /v1/credentials/${ID}`]: { body: { id: ID, encodings } },
  [`GET /v1/credentials/${ID}/encodings/3/card.html`]: { body: '<!doctype html>card' },
  [`GET /v1/credentials/${ID}/encodings/3/a4.html`]: { body: '<!doctype html>a4' },
});
const SEVERAL = view(SCREEN, paper(2, false), paper(3, false), paper(4, true));

t.test('print writes the newest live paper code and nothing else', async (t) => {
  for (const [words, out] of [
    [[], '<!doctype html>card'],
    [['--card'], '<!doctype html>card'],
    [['--a4'], '<!doctype html>a4'],
  ] as const) {
    const ran = await run(['print', ID, ...words], { answers: SEVERAL });
    t.match(ran, { code: 0, out, talk: '', leftOpen: 0 });
  }
});

t.test('print says what it lacks', async (t) => {
  const none = await run(['print', ID], {
    answers: view(SCREEN, paper(2, true)),
  });
  t.match(none, { code: 1, out: '', talk: /no live paper code.*form paper/, leftOpen: 0 });
  t.match(await run(['print', ID, '--a4', '--card'], { answers: SEVERAL }), { code: 1, out: '', asked: [] });
  t.match(await run(['print', ID, '--json'], { answers: SEVERAL }), { code: 1, out: '', asked: [] });
});

t.test('verify takes the short id in the place of a code', async (t) => {
  const argv = ['verify', '--short-id', '7K3Q-MXW2-PD41'];
  const { asked } = await run(argv);
  t.match(asked, [{ path: '/v1/verify/short-id', body: { shortId: '7K3Q-MXW2-PD41' } }]);
  t.match(await run([...argv, 'YM1:A']), { code: 1, asked: [], talk: /not both/ });
  t.match(await run(['verify']), { code: 1, asked: [], talk: /needs CODE/ });
});
