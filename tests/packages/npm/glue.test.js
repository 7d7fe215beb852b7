// What a team writes before its first test: 15 lines at most, configuration and all.
'use strict';

const assert = require('node:assert/strict');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');

const MOST_LINES = 15;

const GLUE = {
  vitest: ['vitest.config.js', 'tests/shop.js'],
  jest: ['jest.config.js', 'tests/shop.js'],
  node: ['tests/shop.js'],
};

/** Lines that are neither empty nor comments. */
function lines(file) {
  const text = readFileSync(join(__dirname, file), 'utf8');
  return text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
}

for (const [runner, files] of Object.entries(GLUE)) {
  test(`the glue for ${runner} has at most ${MOST_LINES} lines`, (t) => {
    const all = files.flatMap((file) => lines(join(runner, file)));
    t.diagnostic(`${all.length} lines`);
    assert.ok(all.length <= MOST_LINES, `${all.length} lines:\n${all.join('\n')}`);
    assert.ok(
      all.every((line) => line.length <= 140),
      'no line is longer than 140 characters',
    );
  });
}

test('lock files name neither registries nor folders of a machine', () => {
  const projects = readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'bot');
  assert.ok(projects.length >= 4);
  for (const { name } of projects) {
    const { packages } = JSON.parse(readFileSync(join(__dirname, name, 'package-lock.json'), 'utf8'));
    const others = Object.entries(packages).filter(([path]) => path !== '');
    assert.ok(others.length > 10 && others.every(([, { integrity }]) => integrity), name);
    assert.deepEqual(
      others.filter(([, { resolved = '' }]) => resolved !== '').map(([path]) => path),
      [],
      name,
    );
  }
});
