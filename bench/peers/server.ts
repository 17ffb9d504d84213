// A peer inside the same Fastify as ours, as a process of its own: `server.js PEER`.

import { createFixedApp } from '../support/fixed-app.js';
import { postText } from '../support/raw-http.js';
import { listen, serveBench } from '../support/serve-bench.js';
import { soundTokens } from './check.js';
import { loadContender } from './install.js';
import { createPeerWorld } from './world.js';

const TOKENS = 2_000;

const name = process.argv[2] ?? '';
const peer = await loadContender(name, createPeerWorld());
const tokens = await soundTokens(name, peer, TOKENS);
const app = createFixedApp(peer.judge);
serveBench({
  port: await listen(app),
  requests: tokens.map((code) => postText('/fixed', JSON.stringify({ code }))),
  expect: '"admit"',
  answers: 1,
  close: () => app.close(),
});
