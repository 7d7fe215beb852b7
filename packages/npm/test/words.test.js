'use strict';

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');

const { VERBS } = require('../lib/words.js');
const { files } = require('../scripts/words.js');

test('the words are those of the schema', () => {
  for (const [name, text] of Object.entries(files())) {
    assert.equal(readFileSync(join(__dirname, '..', name), 'utf8'), text, `${name} is not current: run \`npm run words\` in packages/npm`);
  }
});

test('verbs stand alone or have a value, and words that go with others are no verbs', () => {
  const user = Object.fromEntries(VERBS.user.map(({ name, value }) => [name, value]));
  assert.equal(user.says, 'needed');
  assert.equal(user.gets_started, 'flag');
  assert.equal(user.opts_in, 'optional');
  for (const setting of ['user', 'within', 'page', 'save', 'on_post', 'message', 'replies_to', 'about_product', 'on_media']) {
    assert.equal(user[setting], undefined, setting);
  }
  assert.deepEqual(
    VERBS.app.map(({ name }) => name).filter((name) => ['tag', 'refused', 'returns', 'to'].includes(name)),
    [],
  );
});
