'use strict';

const assert = require('node:assert/strict');
const { spawnSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const { cpSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { describe, test } = require('node:test');

const { PACKAGES, findBinary } = require('../lib/binary.js');
const manifest = require('../package.json');
const { program } = require('./support.js');

const LAUNCHER = join(__dirname, '../bin/graphdouble');

describe('the program is found', () => {
  test('by GRAPHDOUBLE_BINARY', () => {
    const own = program('exit 0');
    assert.equal(findBinary({ env: { GRAPHDOUBLE_BINARY: own } }), own);
    assert.throws(
      () => findBinary({ env: { GRAPHDOUBLE_BINARY: '/nowhere/graphdouble' } }),
      /GRAPHDOUBLE_BINARY is \/nowhere\/graphdouble, and there is no such file/,
    );
  });

  test('in the package of the platform', () => {
    const resolve = (name) => `/somewhere/${name}`;
    assert.equal(
      findBinary({ env: {}, platform: 'darwin', arch: 'arm64', resolve }),
      '/somewhere/@graphdouble/darwin-arm64/bin/graphdouble',
    );
  });

  test('a package that is missing is named, with both remedies and GRAPHDOUBLE_BINARY', () => {
    const resolve = () => {
      throw new Error('not found');
    };
    assert.throws(
      () => findBinary({ env: {}, platform: 'linux', arch: 'arm64', resolve }),
      ({ message, code }) => {
        assert.equal(code, 'GRAPHDOUBLE_NO_BINARY');
        for (const part of ['@graphdouble/linux-arm64', '--include=optional', 'lock file', 'GRAPHDOUBLE_BINARY'])
          assert.ok(message.includes(part), message);
        return true;
      },
    );
  });

  test('a platform without a package is named', () => {
    assert.throws(() => findBinary({ env: {}, platform: 'win32', arch: 'x64' }), /no package for win32 x64.*WSL.*GRAPHDOUBLE_BINARY/s);
  });

  test('each package of a platform is an optional dependency of this version', () => {
    assert.deepEqual(Object.keys(manifest.optionalDependencies).sort(), Object.values(PACKAGES).sort());
    for (const version of Object.values(manifest.optionalDependencies)) assert.equal(version, manifest.version);
    assert.equal(manifest.dependencies, undefined);
    assert.equal(manifest.scripts.postinstall, undefined);
  });
});

describe('the launcher', () => {
  const run = (own, ...args) =>
    spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8', env: { ...process.env, GRAPHDOUBLE_BINARY: own }, input: 'in' });

  test('passes arguments, streams and the exit code on', () => {
    const { status, stdout, stderr } = run(program('cat; echo " $2|$1"; echo err >&2; exit 4'), 'run', 'a b');
    assert.deepEqual([status, stdout, stderr], [4, 'in a b|run\n', 'err\n']);
  });

  test('ends by the signal that ended the program', () => {
    assert.equal(run(program('kill -9 $$')).signal, 'SIGKILL');
  });

  test('passes a signal on, and ends with the exit code that comes of it', async () => {
    const env = { ...process.env, GRAPHDOUBLE_BINARY: program('trap "exit 7" TERM; echo ready; while :; do read line || exit 8; done') };
    const child = spawn(process.execPath, [LAUNCHER], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    child.stdin.write('\n'); // the shell handles the signal when its read is over
    assert.deepEqual(await once(child, 'exit'), [7, null]);
  });

  test('names the missing package, and ends with 3', () => {
    const folder = mkdtempSync(join(tmpdir(), 'graphdouble-test-'));
    for (const name of ['bin', 'lib']) cpSync(join(__dirname, '..', name), join(folder, name), { recursive: true });
    const { GRAPHDOUBLE_BINARY: _, ...env } = process.env;
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin/graphdouble')], { encoding: 'utf8', env });
    assert.equal(status, 3);
    assert.ok(stderr.startsWith(`graphdouble: the package @graphdouble/${process.platform}-${process.arch} is not installed`), stderr);
  });

  test('says that a program cannot be started', () => {
    const { status, stderr } = run(__filename);
    assert.equal(status, 3);
    assert.match(stderr, /cannot start .*binary\.test\.js: spawn .*EACCES/);
  });
});
