'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const http = require('node:http');
const net = require('node:net');
const { join } = require('node:path');
const { describe, test } = require('node:test');

const { startGraphdouble } = require('..');
const { WORLD, program, rejection } = require('./support.js');

const PACKAGE = join(__dirname, '..');

/** Runs a script with the package in a process of its own, and returns the lines that it prints. */
async function run(script, { after } = {}) {
  const child = spawn(process.execPath, ['-e', script], { cwd: PACKAGE, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = [];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    lines.push(...text.split('\n').filter((line) => line !== ''));
    after?.(child, lines);
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, lines };
}

/** Waits until nobody listens at a URL. */
async function untilNobodyListens(url) {
  for (;;) {
    const { hostname, port } = new URL(url);
    const socket = net.connect(Number(port), hostname);
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    if (!isThere) return;
    // The server holds the connection until it ends. Its end is what is waited for.
    await once(socket.resume(), 'close').catch(() => {});
  }
}

describe('a server', () => {
  test('starts on a free port, and ends when it is closed', async () => {
    const graphdouble = await startGraphdouble();
    assert.match(graphdouble.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(graphdouble.version, /^\d+\.\d+\.\d+/);
    assert.equal(graphdouble.isOwn, true);
    await graphdouble.close();
    await untilNobodyListens(graphdouble.url);
    await graphdouble.close();
  });

  test('does not keep the process alive, and ends with it', async () => {
    const { code, lines } = await run("require('.').startGraphdouble().then(({ url }) => console.log(url))");
    assert.equal(code, 0);
    await untilNobodyListens(lines[0]);
  });

  test('ends with a process that is killed', async () => {
    const script = "require('.').startGraphdouble().then(({ url }) => { console.log(url); setInterval(() => {}, 1000); })";
    const { signal, lines } = await run(script, { after: (child) => child.kill('SIGKILL') });
    assert.equal(signal, 'SIGKILL');
    await untilNobodyListens(lines[0]);
  });

  test('is attached to by url or by GRAPHDOUBLE_URL, and is not ended then', async (t) => {
    const own = await startGraphdouble();
    t.after(() => own.close());
    const other = await startGraphdouble({ url: `${own.url}/`, world: WORLD });
    assert.deepEqual([other.isOwn, other.url, other.version], [false, own.url, own.version]);
    const world = await other.createWorld();
    assert.equal(world.description.expires, '1h');
    await other.close();
    assert.deepEqual((await own.worlds()).map(({ name }) => name).includes(world.name), true);
    assert.equal((await own.world(world.name)).name, world.name);
    process.env.GRAPHDOUBLE_URL = own.url;
    t.after(() => delete process.env.GRAPHDOUBLE_URL);
    assert.equal((await startGraphdouble()).url, own.url);
  });

  test('takes flags of serve', async (t) => {
    const graphdouble = await startGraphdouble({ world: WORLD, within: '30ms', args: ['--memory', '64MiB'] });
    t.after(() => graphdouble.close());
    const world = await graphdouble.createWorld();
    const bot = world.app('bot');
    await bot.webhook('http://127.0.0.1:9/nobody');
    const error = await rejection(bot.sends('Hi', { to: await world.person() }));
    assert.match(error.message, /did not do this within 30ms/);
  });
});

describe('a server that does not start', () => {
  const reasons = [
    [
      'prints garbage',
      program('echo help >&2; echo "<html>not me</html>"; exec sleep 60'),
      /its first line is no ready line: "<html>not me<\/html>"[\s\S]*printed\n {2}help/,
    ],
    ['prints JSON without a URL', program('echo "[1]"; exec sleep 60'), /no ready line: "\[1\]"/],
    ['ends', program('echo broken >&2; exit 5'), /it ended with exit code 5[\s\S]*printed\n {2}broken/],
    ['is killed', program('kill -9 $$'), /it was ended by SIGKILL[\s\S]*printed nothing/],
    ['is no program', __filename, /it cannot be started \(spawn .* EACCES\)/],
    ['is not there', '/nowhere/graphdouble', /it cannot be started \(spawn \/nowhere\/graphdouble ENOENT\)/],
  ];
  for (const [what, binary, expected] of reasons) {
    test(`because the program ${what}`, async () => {
      const { message } = await rejection(startGraphdouble({ binary }));
      assert.match(message, expected);
      assert.ok(message.startsWith('graphdouble did not start: ') && message.includes(binary), message);
    });
  }

  test('because the port is taken', async (t) => {
    const other = http.createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    t.after(() => other.close());
    const listen = `127.0.0.1:${other.address().port}`;
    const { message } = await rejection(startGraphdouble({ listen }));
    assert.match(message, /it ended with exit code 3/);
    assert.ok(message.includes(listen), message);
  });

  test('because nobody listens at the URL, or somebody else does', async (t) => {
    const { message } = await rejection(startGraphdouble({ url: 'http://127.0.0.1:9' }));
    assert.match(message, /nobody answered \(ECONNREFUSED\): is graphdouble running at http:\/\/127\.0\.0\.1:9\?/);
    const other = http.createServer((request, response) => response.end('hello'));
    await once(other.listen(0, '127.0.0.1'), 'listening');
    t.after(() => other.close());
    const error = await rejection(startGraphdouble({ url: `http://127.0.0.1:${other.address().port}` }));
    assert.match(error.message, /is not a graphdouble: GET .* answered "hello"/);
  });
});

test('a server that is killed in the middle is named, with what it printed', async (t) => {
  const graphdouble = await startGraphdouble({ world: WORLD });
  t.after(() => graphdouble.close());
  const world = await graphdouble.createWorld();
  const alice = await world.person('alice');
  process.kill(graphdouble.pid, 'SIGKILL');
  const { message } = await rejection(alice.says('Hi'));
  assert.match(message, /\/steps: the server has ended: it was ended by SIGKILL/);
});
