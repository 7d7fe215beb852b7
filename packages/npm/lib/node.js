// For node:test: a server for the file, worlds for tests, and assertions in the style of node:assert.
'use strict';

const { AssertionError } = require('node:assert');
const { isDeepStrictEqual } = require('node:util');

const checks = require('./checks.js');
const { GraphdoubleError } = require('./errors.js');
const { startGraphdouble } = require('./graphdouble.js');
const { matchesTranscript } = require('./transcript.js');
const { isRegExp } = require('./values.js');

/**
 * A server for the tests of a file. It starts before the first test and ends after the last. `world(t)` makes a world that is removed
 * when the test `t` ends.
 */
function useGraphdouble({ clock = 'frozen', ...options } = {}) {
  const { after, before } = require('node:test');
  let graphdouble;
  before(async () => (graphdouble = await startGraphdouble(options)));
  after(async () => await graphdouble?.close());
  return {
    get server() {
      return graphdouble;
    },
    async world(t, more = {}) {
      const world = await graphdouble.createWorld({ clock, ...more });
      t.after(() => world.close());
      return world;
    },
  };
}

/** Throws an AssertionError with the diagnosis if a check does not hold. */
function assertion(name, check) {
  const asserted = async (...given) => {
    try {
      await check(...given);
    } catch (error) {
      if (!(error instanceof GraphdoubleError && error.isFailedStep)) throw error;
      const failure = new AssertionError({ message: error.message, operator: name, stackStartFn: asserted });
      throw Object.assign(failure, { cause: error, drawn: error.drawn, pageUrl: error.pageUrl });
    }
  };
  return asserted;
}

/** Whether a value is as expected: equal, contained, or matched by a regular expression or one of graphdouble's matchers. */
function fits(found, expected) {
  if (isRegExp(expected)) return expected.test(String(found));
  if (typeof expected !== 'object' || expected === null) return found === expected;
  if ('any' in expected) return found !== undefined;
  if ('absent' in expected) return found === undefined;
  if ('contains' in expected)
    return Array.isArray(found) ? found.some((item) => fits(item, expected.contains)) : String(found).includes(expected.contains);
  if ('matches' in expected) return new RegExp(expected.matches).test(String(found));
  if ('one_of' in expected) return expected.one_of.some((one) => fits(found, one));
  if (Array.isArray(expected))
    return Array.isArray(found) && found.length === expected.length && expected.every((one, at) => fits(found[at], one));
  return isDeepStrictEqual(found, expected) || Object.entries(expected).every(([key, value]) => fits(found?.[key], value));
}

const assert = {
  gets: assertion('gets', checks.gets),
  hasGot: assertion('hasGot', checks.hasGot),
  hasGotNothing: assertion('hasGotNothing', checks.hasGotNothing),
  isOwnedBy: assertion('isOwnedBy', checks.isOwnedBy),
  isRefused: assertion('isRefused', (subject, refusal, options) => checks.isRefused(subject, refusal, { ...options, contains: fits })),
  hasCalled: assertion('hasCalled', checks.hasCalled),
  matchesTranscript: assertion('matchesTranscript', (thread, expected, options) =>
    matchesTranscript(thread, expected, { ...options, equals: fits }),
  ),
};

module.exports = { assert, useGraphdouble };
