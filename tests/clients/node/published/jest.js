// The little of Jest that the published tests use, on top of node:assert.
import assert from 'node:assert/strict';

export function expect(actual) {
  return {
    toEqual: (expected) => assert.deepEqual(plain(actual), plain(expected)),
    toBeDefined: () => assert.notEqual(actual, undefined),
    toBeInstanceOf: (kind) => assert.ok(actual instanceof kind),
    toThrow: () => assert.throws(actual),
  };
}
expect.assertions = () => {};

// Jest's toEqual takes a member that is undefined for one that is not there.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, plain(item)]),
  );
}
