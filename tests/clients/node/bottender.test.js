// Bottender as a bot in a process of its own, started and driven by `graphdouble run`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { BINARY } from './graphdouble.js';

const FOLDER = fileURLToPath(new URL('bottender-bot', import.meta.url));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function run(settings) {
  const port = await freePort();
  const exec = `../node_modules/.bin/bottender start --port ${port}`;
  const app = `bot=http://127.0.0.1:${port}/webhooks/messenger`;
  const args = ['run', '--listen', '127.0.0.1:0', '--within', '10s', '--exec', exec, '--app', app, '../../bottender.yaml'];
  // Bottender looks for newer versions of itself unless it is told not to.
  const env = { ...process.env, DESK_ID: '1002', NODE_ENV: 'production', NO_UPDATE_NOTIFIER: '1', ...settings };
  const child = spawn(BINARY, args, { cwd: FOLDER, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, report: out + err };
}

const WAYS = { 'one by one': {}, 'in batches': { BATCH: 'yes' } };

for (const [way, settings] of Object.entries(WAYS)) {
  test(`a bot on Bottender, calling ${way}, passes the scenario that a puppet passes`, async () => {
    const { code, report } = await run(settings);
    assert.equal(code, 0, report);
    assert.match(report, /\b2 passed, 0 failed/);
    assert.doesNotMatch(report, /warning/); // of a call that was refused
  });
}
