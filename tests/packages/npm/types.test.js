// TypeScript consumers: `tsc --noEmit` with `strict`, and with the types of the package checked, too.
'use strict';

const assert = require('node:assert/strict');
const { before, describe, test } = require('node:test');

const { project, run } = require('./project.js');

describe('TypeScript', () => {
  let folder;
  before(() => (folder = project('types')));

  for (const config of ['tsconfig.json', 'tsconfig.jest.json']) {
    test(`compiles the files of ${config}`, () => {
      const { status, output } = run(folder, 'tsc', '--project', config);
      assert.deepEqual([status, output], [0, '']);
    });
  }
});
