'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');
const { test } = require('node:test');

const manifest = require('../package.json');

const PACKAGE = join(__dirname, '..');
// These add matchers to the `expect` of a test runner. That is what they are for.
const SETUP_FILES = ['./jest/matchers', './vitest/matchers', './vitest/test', './package.json'];

const files = Object.entries(manifest.exports)
  .filter(([name]) => !SETUP_FILES.includes(name))
  .flatMap(([, entry]) => [entry.default, entry.import?.default, entry.require?.default].filter(Boolean));

test('nothing happens at import: no process, no file, no socket, no timer', () => {
  const script = `
    const forbid = (module, names) => names.forEach((name) => { module[name] = () => { throw new Error('at import: ' + name); }; });
    forbid(require('node:child_process'), ['spawn', 'spawnSync', 'exec', 'execFile', 'execFileSync', 'fork']);
    forbid(require('node:http'), ['request', 'get', 'createServer']);
    forbid(require('node:timers'), ['setTimeout', 'setInterval', 'setImmediate']);
    const before = JSON.stringify([process.env, Object.keys(globalThis)]);
    Promise.all(${JSON.stringify(files)}.map((file) => import(file))).then(() => {
      if (JSON.stringify([process.env, Object.keys(globalThis)]) !== before) throw new Error('the environment or a global has changed');
      console.log(JSON.stringify(process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|FS|CloseReq/.test(name))));
    });
  `;
  const { GRAPHDOUBLE_BINARY: _, ...env } = process.env;
  assert.equal(execFileSync(process.execPath, ['-e', script], { cwd: PACKAGE, encoding: 'utf8', env }), '[]\n');
});

test('import and require give the same objects', async () => {
  for (const name of ['index', 'matchers', 'node']) {
    const required = require(`../lib/${name}.js`);
    const imported = await import(`../esm/${name}.mjs`);
    assert.deepEqual({ ...imported }, required);
  }
});
