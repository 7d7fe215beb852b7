// graphdouble in a project that has nothing else.
'use strict';

const assert = require('node:assert/strict');
const { existsSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { before, describe, test } = require('node:test');

const { emptyProject, run } = require('./project.js');

const USE = `
  const graphdouble = await startGraphdouble();
  const world = await graphdouble.createWorld({ world: { apps: { bot: {} }, pages: { shop: { default_app: 'bot', apps: { bot: {} } } } } });
  const alice = await world.person();
  await alice.says('Hi');
  console.log(await world.thread('shop', alice).owner());
  await graphdouble.close();
`;

describe('an empty project', () => {
  let folder;
  before(() => (folder = emptyProject('empty')));

  test('has the program of this platform only, and nothing of others', () => {
    assert.deepEqual(readdirSync(join(folder, 'node_modules/@graphdouble')), [`${process.platform}-${process.arch}`]);
    assert.deepEqual(
      readdirSync(join(folder, 'node_modules'))
        .filter((name) => !name.startsWith('.'))
        .sort(),
      ['@graphdouble', 'graphdouble'],
    );
    assert.equal(existsSync(join(folder, 'node_modules/graphdouble/test')), false);
  });

  test('npx graphdouble is the program', () => {
    const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/graphdouble/package.json'), 'utf8'));
    const { status, stdout, output } = run(folder, 'npx', '--no-install', 'graphdouble', '--version');
    assert.deepEqual([status, stdout], [0, `graphdouble ${version}\n`], output);
    writeFileSync(join(folder, 'shop.yaml'), 'apps: { bot: {} }\npages: { shop: { default_app: bott, apps: { bot: {} } } }\n');
    const checked = run(folder, 'npx', '--no-install', 'graphdouble', 'check', 'shop.yaml');
    assert.equal(checked.status, 2, checked.output);
    assert.match(checked.output, /unknown app `bott`, did you mean `bot`/);
  });

  test('is used by a module and by a CommonJS file', () => {
    writeFileSync(join(folder, 'use.mjs'), `import { startGraphdouble } from 'graphdouble';\n${USE}`);
    writeFileSync(join(folder, 'use.cjs'), `const { startGraphdouble } = require('graphdouble');\n(async () => {${USE}})();`);
    for (const file of ['use.mjs', 'use.cjs']) {
      const { status, stdout, output } = run(folder, 'node', file);
      assert.deepEqual([status, stdout], [0, 'bot\n'], output);
    }
  });

  test('nothing but the declared paths is there', () => {
    const { status, output } = run(folder, 'node', '-e', "require('graphdouble/lib/http.js')");
    assert.equal(status, 1);
    assert.match(output, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });
});

test('without optional dependencies the launcher and the API name the package and the remedies', () => {
  const folder = emptyProject('without-optional', {}, '--omit=optional');
  const name = `@graphdouble/${process.platform}-${process.arch}`;
  assert.equal(existsSync(join(folder, 'node_modules', name)), false);
  writeFileSync(join(folder, 'use.cjs'), `const { startGraphdouble } = require('graphdouble');\n(async () => {${USE}})();`);
  for (const [expected, ...command] of [
    [3, 'npx', '--no-install', 'graphdouble', '--version'],
    [1, 'node', 'use.cjs'],
  ]) {
    const { status, output } = run(folder, ...command);
    assert.equal(status, expected, output);
    for (const part of [`the package ${name} is not installed`, '--include=optional', 'lock file', 'GRAPHDOUBLE_BINARY']) {
      assert.ok(output.includes(part), output);
    }
  }
});
