'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { after, before, describe, test } = require('node:test');

const { startGraphdouble } = require('..');
const { matchesTranscript } = require('../lib/transcript.js');
const { WORLD, program, rejection } = require('./support.js');

const BOT = `
const http = require('node:http');
const { GRAPH, TOKEN, VERIFY, PORT, SAYS = 'listening on http://localhost:', PATH_OF_HOOK = '/webhook' } = process.env;
const server = http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://bot');
  if (pathname !== PATH_OF_HOOK) return response.writeHead(404).end();
  if (request.method === 'GET') return response.end(searchParams.get('hub.verify_token') === VERIFY ? searchParams.get('hub.challenge') : 'no');
  let text = '';
  request.on('data', (part) => (text += part)).on('end', async () => {
    response.end('ok');
    for (const { sender, message } of JSON.parse(text).entry.flatMap(({ messaging = [] }) => messaging)) {
      if (!message?.text || message.is_echo) continue;
      console.log('got ' + message.text);
      const body = JSON.stringify({ recipient: { id: sender.id }, messaging_type: 'RESPONSE', message: { text: 'You said ' + message.text } });
      await fetch(GRAPH + '/v25.0/me/messages?access_token=' + TOKEN, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }
  });
});
server.listen(PORT, '127.0.0.1', () => console.log(SAYS + server.address().port));
`;

const FOLDER = mkdtempSync(join(tmpdir(), 'graphdouble-test-'));
writeFileSync(join(FOLDER, 'bot.js'), BOT);

const SETTINGS = { GRAPH: 'url', TOKEN: 'token', VERIFY: 'verify_token' };

let graphdouble;
before(async () => (graphdouble = await startGraphdouble({ world: WORLD, within: '30s', quiet: true })));
after(() => graphdouble.close());

async function newWorld(t) {
  const world = await graphdouble.createWorld({ clock: 'frozen' });
  t.after(() => world.close());
  return world;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a bot that is started', () => {
  test('gets its settings and a port, is attached, and ends with the world', async (t) => {
    const world = await graphdouble.createWorld({ clock: 'frozen' });
    const bot = await world.app('bot').start('node  bot.js', { cwd: FOLDER, env: SETTINGS });
    const alice = await world.person();
    await alice.says('Hi');
    await world.expect({ message: { to: alice, text: 'You said Hi' } });
    assert.match(bot.output, /^listening on http:\/\/localhost:\d+\ngot Hi\n/);
    const [, port] = await bot.until(/:(\d+)\n/);
    await world.close();
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
    t.diagnostic(`it listened on port ${port}`);
  });

  test('shows what it printed with a failure', async (t) => {
    const world = await newWorld(t);
    await world.app('bot').start(['node', 'bot.js'], { cwd: FOLDER, env: SETTINGS });
    const alice = await world.person();
    await alice.says('Hi');
    await world.expect({ message: { to: alice, text: 'You said Hi' } });
    const { message, printed } = await rejection(world.expect({ message: { to: alice, text: 'Bye' } }, { within: '10ms' }));
    assert.match(printed, /^The bot printed:\n {2}listening on .*\n {2}got Hi$/);
    const other = await rejection(matchesTranscript(world.thread('shop', alice), [], { within: '0ms' }));
    assert.match(other.message, /is another one:[\s\S]*\n\nThe bot printed:\n[\s\S]*\n\nSee http/);
    assert.match(message, /^error: no message matches[\s\S]*\n\nThe bot printed:\n[\s\S]*\n\nSee http/);
  });

  test('says in other words where it listens', async (t) => {
    const world = await newWorld(t);
    const env = { ...process.env };
    t.after(() => (process.env = env));
    process.env.SAYS = 'Server is up on port: ';
    await world.app('bot').start('node bot.js', { cwd: FOLDER, env: SETTINGS });
    process.env.SAYS = 'ready@';
    process.env.PATH_OF_HOOK = '/hook';
    await world.app('desk').start('node bot.js', { cwd: FOLDER, env: SETTINGS, ready: /ready@(\d+)/, webhook: '/hook' });
    assert.match((await world.app('desk').verify()).url, /\/hook$/);
    const error = await rejection(world.app('sales').start('node bot.js', { cwd: FOLDER, env: SETTINGS, ready: /ready@/ }));
    assert.match(error.message, /`ready` needs a group with the URL or the port/);
  });

  test('that ends, or is not there, is an error with what it printed', async (t) => {
    const world = await newWorld(t);
    const broken = program('echo "PAGE_TOKEN is missing" >&2; exit 4');
    assert.match(
      (await rejection(world.app('bot').start(broken))).message,
      /the bot ended with exit code 4\.[\s\S]*The bot printed:\n {2}PAGE_TOKEN is missing/,
    );
    assert.match(
      (await rejection(world.app('bot').start('nowhere-bot'))).message,
      /ended with exit code 127[\s\S]*cannot start nowhere-bot: spawn nowhere-bot ENOENT/,
    );
    assert.match((await rejection(world.app('bot').start('node bot.js', { cwd: FOLDER, env: { A: 'tokn' } }))).message, /has no `tokn`/);
  });

  test('that fails the handshake is not attached, and ends with the world', async () => {
    const world = await graphdouble.createWorld();
    const { VERIFY: _, ...settings } = SETTINGS;
    assert.match((await rejection(world.app('bot').start('node bot.js', { cwd: FOLDER, env: settings }))).message, /the handshake failed/);
    assert.equal(await world.app('bot').isPuppet(), true);
    await world.close();
  });

  test('that does not end when it is asked to is ended, with its children', async () => {
    const world = await graphdouble.createWorld();
    const stubborn = program('trap "" TERM; echo "http://127.0.0.1:9 pid $$ "; while :; do sleep 60; done');
    const bot = await world.app('bot').start(stubborn, { verify: false });
    const [, pid] = await bot.until(/pid (\d+) /);
    await world.close();
    assert.equal(isRunning(Number(pid)), false);
  });

  test('ends with a process that is killed', async () => {
    const script = `
      require('.').startGraphdouble().then(async (graphdouble) => {
        const world = await graphdouble.createWorld({ world: ${JSON.stringify(WORLD)} });
        const bot = await world.app('bot').start(process.argv[1], { verify: false });
        console.log(bot.output);
        setInterval(() => {}, 1000);
      });
    `;
    // The bot holds the standard output of this test, which is read until it has ended, too.
    const held = program('echo "http://127.0.0.1:9 pid $$ "; exec sleep 600');
    const child = spawn(process.execPath, ['-e', script, held], { cwd: join(__dirname, '..'), stdio: ['ignore', 'pipe', 'inherit'] });
    const [text] = await once(child.stdout.setEncoding('utf8'), 'data');
    const pid = Number(/pid (\d+)/.exec(text)[1]);
    assert.equal(isRunning(pid), true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    execFileSync('tail', [`--pid=${pid}`, '-f', '/dev/null']); // waits until it has ended
  });
});
