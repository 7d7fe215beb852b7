'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const vm = require('node:vm');

const { NAME, absent, anything, contains, matches, oneOf, toWords } = require('../lib/values.js');

/** A matcher as vitest and jest make them. */
const asymmetric = (name, sample, inverse = false) => ({
  $$typeof: Symbol.for('jest.asymmetricMatcher'),
  sample,
  inverse,
  asymmetricMatch() {},
  toString: () => name,
});

test('handles are their names, wherever they stand', () => {
  const alice = { [NAME]: 'alice', world: {} };
  assert.deepEqual(toWords({ to: alice, list: [alice, { deep: alice }] }), { to: 'alice', list: ['alice', { deep: 'alice' }] });
});

test('plain values stay as they are', () => {
  const date = new Date(0);
  for (const value of ['text', 1, true, null, undefined, date]) assert.equal(toWords(value), value);
});

test('regular expressions become patterns of the server, also those of another realm', () => {
  assert.deepEqual(toWords({ text: /^a.b$/ }), { text: { matches: '^a.b$' } });
  assert.deepEqual(toWords(/a/gimsu), { matches: '(?ims)a' });
  assert.deepEqual(toWords(vm.runInNewContext('/x/i')), { matches: '(?i)x' });
});

test('asymmetric matchers become matchers of the server', () => {
  assert.deepEqual(toWords(asymmetric('StringContaining', 'x')), { contains: 'x' });
  assert.deepEqual(toWords(asymmetric('StringMatching', /x/)), { matches: 'x' });
  assert.deepEqual(toWords(asymmetric('ObjectContaining', { a: asymmetric('Anything') })), { a: { any: true } });
  assert.deepEqual(toWords(asymmetric('ArrayContaining', [{ a: 1 }])), { contains: { a: 1 } });
  assert.deepEqual(toWords(asymmetric('Any', String)), { any: true });
});

test('what the server cannot compare with is refused, with what it can', () => {
  assert.throws(() => toWords({ text: asymmetric('CloseTo', 1) }), /cannot compare with CloseTo: use .*expect\.stringContaining/);
  assert.throws(() => toWords(asymmetric('ArrayContaining', [1, 2])), /several items/);
  assert.throws(() => toWords(asymmetric('StringContaining', 'x', true)), /expect\.not of StringContaining/);
});

test('tests without a runner have matchers, too', () => {
  assert.deepEqual(
    [contains('x'), matches(/x/i), matches('^y'), oneOf(1, 2), anything(), absent()],
    [{ contains: 'x' }, { matches: '(?i)x' }, { matches: '^y' }, { one_of: [1, 2] }, { any: true }, { absent: true }],
  );
});
