// What a team sees when a test fails, and when the server ends in the middle of a run.
'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { before, describe, test } = require('node:test');

const { project, run } = require('./project.js');

const FAILING = `
import { expect, test } from './shop.js';

test('fails', async ({ bot, world, person }) => {
  await person.says('Hi');
  await world.calls({ app: bot, path: 'messages', wait: '60s' });
  await expect(person).toGet({ from: bot, text: 'Bye' }, { within: '100ms' });
});

test('has a wrong word', async ({ person }) => {
  await person.says('Hi', { on_pots: 'x' });
});

test('loses the server', async ({ bot, graphdouble, person }) => {
  const { startGraphdouble } = await import('graphdouble');
  const own = await startGraphdouble({ url: undefined, binary: undefined });
  const world = await own.createWorld({ world: 'tests/shop.yaml' });
  if (own.isOwn) process.kill(own.pid, 'SIGKILL');
  await (await world.person()).says('Hi');
});
`;

const KEEPING = `
import { expect, test } from './shop.js';

test.extend({ worldOptions: { world: 'tests/shop.yaml', name: 'passes' } })('passes', async ({ person }) => {
  await person.says('Hi');
});

test.extend({ worldOptions: { world: 'tests/shop.yaml', name: 'fails' } })('fails', async ({ person }) => {
  await expect(person).toHaveGot('Hi');
});
`;

let folder;
before(() => (folder = project('vitest')));

/** Runs a file of tests that is there only for this. */
function runTests(text, env = {}) {
  const file = join(folder, 'tests/failing.test.js');
  writeFileSync(file, text);
  const { status, output } = run(
    folder,
    'env',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    'vitest',
    'run',
    '--testTimeout=60000',
    'tests/failing.test.js',
  );
  rmSync(file);
  assert.equal(status, 1, output);
  return output;
}

test('worlds of failed tests stay on a server that was attached to, if they are to be kept', async (t) => {
  const binary = join(folder, 'node_modules/.bin/graphdouble');
  const server = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--ready', 'json', '--until-stdin-ends'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => server.stdin.end());
  const { url } = JSON.parse(await once(server.stdout.setEncoding('utf8'), 'data'));
  const output = runTests(KEEPING, { GRAPHDOUBLE_URL: url, GRAPHDOUBLE_KEEP: 'failed' });
  assert.ok(output.includes(`See ${url}/_inspector/#/fails/chat`), output);
  const { worlds } = await (await fetch(`${url}/_control/worlds`)).json();
  assert.deepEqual(
    worlds.map(({ name, expires }) => [name, expires]).filter(([name]) => name !== 'default'),
    [['fails', '1h']],
  );
});

describe('vitest shows', () => {
  let output;
  before(() => (output = runTests(FAILING)));

  test('the diagnosis that the server drew, and the page of the world', () => {
    assert.match(output, /error: no message matches within 100ms\n --> the step:1:12/);
    assert.match(output, /text: expected "Bye", found "Hello! What would you like\?"/);
    assert.match(output, /See http:\/\/127\.0\.0\.1:\d+\/_inspector\/#\/world-\d+\/chat/);
  });

  test('the line of the test', () => {
    assert.match(output, /tests\/failing\.test\.js:7:\d+/);
    assert.match(output, /tests\/failing\.test\.js:11:\d+/);
  });

  test('a word that nobody knows, with what was meant', () => {
    assert.match(output, /unknown key `on_pots` in a `user` step, did you mean `on_post`\?/);
  });

  test('that the server has ended', () => {
    assert.match(output, /the server has ended: it was ended by SIGKILL/);
  });
});
