// What a team writes before its first test: 15 lines at most, configuration and all.
'use strict';

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
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
