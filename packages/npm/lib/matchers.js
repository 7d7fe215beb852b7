// Matchers for vitest and jest: `expect.extend(matchers)`.
'use strict';

const checks = require('./checks.js');
const { GraphdoubleError } = require('./errors.js');
const { matchesTranscript } = require('./transcript.js');

const WAITING = 'waits for what should not come: use toHaveGotNothing, or say how long with { within: "300ms" }';

/** Performs a check, and says it in the way of test runners. A mistake in the test itself is thrown. */
async function outcome(name, check) {
  try {
    await check();
    return { pass: true, message: () => `${name}: it was so, and was expected not to be` };
  } catch (error) {
    if (error instanceof GraphdoubleError && error.isFailedStep) return { pass: false, message: () => error.message };
    throw error;
  }
}

function refuseNot(context, name, options) {
  if (context.isNot && options?.within === undefined) throw new TypeError(`expect(…).not.${name} ${WAITING}`);
}

/** Whether an object has all that is expected of it. */
function containment(context) {
  return (found, expected) =>
    Object.entries(expected).every(([key, value]) => context.equals(found?.[key], value, context.customTesters ?? []));
}

const matchers = {
  async toGet(subject, ...given) {
    refuseNot(this, 'toGet', given.at(-1));
    return await outcome('toGet', () => checks.gets(subject, ...given));
  },
  async toHaveGot(subject, ...given) {
    return await outcome('toHaveGot', () => checks.hasGot(subject, ...given));
  },
  async toHaveGotNothing(subject, ...given) {
    return await outcome('toHaveGotNothing', () => checks.hasGotNothing(subject, ...given));
  },
  async toBeOwnedBy(thread, owner, options) {
    refuseNot(this, 'toBeOwnedBy', options);
    return await outcome('toBeOwnedBy', () => checks.isOwnedBy(thread, owner, options));
  },
  async toBeRefused(subject, refusal, options) {
    return await outcome('toBeRefused', () => checks.isRefused(subject, refusal, { ...options, contains: containment(this) }));
  },
  async toHaveCalled(app, call, options) {
    refuseNot(this, 'toHaveCalled', options);
    return await outcome('toHaveCalled', () => checks.hasCalled(app, call, options));
  },
  async toMatchTranscript(thread, expected, options) {
    refuseNot(this, 'toMatchTranscript', options);
    return await outcome('toMatchTranscript', () => matchesTranscript(thread, expected, { ...options, equals: containment(this) }));
  },
};

module.exports = { matchers };
