'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { describe, test } = require('node:test');

const { PACKAGES } = require('../lib/binary.js');
const { PROGRAMS, main } = require('../scripts/pack.js');

function folder() {
  return mkdtempSync(join(tmpdir(), 'graphdouble-test-'));
}

/** A file that begins like a program of a platform. */
function beginning(platform) {
  const { magic, processor } = PROGRAMS[platform];
  const bytes = Buffer.alloc(64);
  bytes.write(magic, 0, 'hex');
  bytes.write(processor.bytes, processor.at, 'hex');
  const file = join(folder(), 'program');
  writeFileSync(file, bytes);
  return file;
}

function unpacked(file) {
  const into = folder();
  execFileSync('tar', ['xzf', file, '-C', into]);
  const list = execFileSync('tar', ['tvzf', file], { encoding: 'utf8' });
  return { list, manifest: JSON.parse(readFileSync(join(into, 'package/package.json'), 'utf8')) };
}

describe('packing', () => {
  test('the version is that of graphdouble', () => {
    const cargo = readFileSync(join(__dirname, '../../../Cargo.toml'), 'utf8');
    assert.equal(/^version = "(.*)"$/m.exec(cargo)[1], require('../package.json').version);
  });

  test('there is a package for each platform of the launcher', () => {
    assert.deepEqual(
      Object.keys(PROGRAMS)
        .map((name) => `@graphdouble/${name}`)
        .sort(),
      Object.values(PACKAGES).sort(),
    );
  });

  test('the package of a platform has the program, the licences, and the platform for npm', () => {
    const { list, manifest } = unpacked(main(['platform', 'darwin-arm64', '--binary', beginning('darwin-arm64'), '--out', folder()]));
    assert.match(list, /^-rwxr-xr-x .* package\/bin\/graphdouble$/m);
    assert.match(list, /package\/LICENSE-MIT$/m);
    assert.deepEqual(
      [manifest.name, manifest.os, manifest.cpu, manifest.scripts],
      ['@graphdouble/darwin-arm64', ['darwin'], ['arm64'], undefined],
    );
  });

  test('a program of another platform is refused', () => {
    assert.throws(
      () => main(['platform', 'linux-arm64', '--binary', beginning('linux-x64'), '--out', folder()]),
      /is no program for linux-arm64/,
    );
    assert.throws(() => main(['platform', 'win32-x64']), /one of linux-x64/);
    assert.throws(() => main(['platform', 'linux-x64', '--out', 'x']), /--binary is needed/);
  });

  test('a program for Linux must be static', () => {
    const file = beginning('linux-x64');
    const bytes = readFileSync(file);
    bytes.writeBigUInt64LE(60n, 32); // where the headers begin,
    bytes.writeUInt16LE(4, 54); // how large one is,
    bytes.writeUInt16LE(1, 56); // and how many there are
    bytes.writeUInt32LE(3, 60); // the name of a loader
    writeFileSync(file, bytes);
    const pack = (...flags) => main(['platform', 'linux-x64', '--binary', file, '--out', folder(), ...flags]);
    assert.throws(() => pack(), /is not static/);
    assert.match(pack('--allow-dynamic'), /graphdouble-linux-x64-.*\.tgz$/);
  });

  test('the package graphdouble has what it needs, and no scripts', () => {
    const { list, manifest } = unpacked(main(['main', '--out', folder()]));
    for (const name of ['bin/graphdouble', 'lib/index.js', 'esm/vitest-fixtures.mjs', 'types/words.d.ts', 'README.md', 'LICENSE-APACHE']) {
      assert.ok(list.includes(`package/${name}\n`), `${name} is missing:\n${list}`);
    }
    assert.doesNotMatch(list, /package\/(test|scripts)\//);
    assert.equal(manifest.scripts, undefined);
  });
});
