// Values of tests in the words of the server: handles become names, and matchers of test runners become matchers of scenarios.
'use strict';

/** Marks an object that stands for something with a name: a person, an app, a page. */
const NAME = Symbol.for('graphdouble.name');

const ASYMMETRIC = Symbol.for('jest.asymmetricMatcher');

const MATCHER_WORDS = ['contains', 'matches', 'any', 'absent', 'one_of'];

function isAsymmetric(value) {
  return typeof value === 'object' && value !== null && (value.$$typeof === ASYMMETRIC || typeof value.asymmetricMatch === 'function');
}

function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A regular expression of JavaScript in the syntax of the server. */
function pattern(expression) {
  const flags = [...expression.flags].filter((flag) => 'ims'.includes(flag)).join('');
  return flags === '' ? expression.source : `(?${flags})${expression.source}`;
}

function unsupported(name) {
  return new TypeError(
    `the server cannot compare with ${name}: use a value, a regular expression, contains(…), matches(…), oneOf(…), anything(), absent(), ` +
      'or expect.stringContaining, expect.stringMatching, expect.objectContaining, expect.arrayContaining with one item, expect.any, expect.anything',
  );
}

function fromAsymmetric(matcher) {
  const name = matcher.toString();
  if (matcher.inverse) throw unsupported(`expect.not of ${name}`);
  const { sample } = matcher;
  switch (name) {
    case 'StringContaining':
      return { contains: sample };
    case 'StringMatching':
      return { matches: pattern(sample) };
    case 'ObjectContaining':
      return toWords(sample);
    case 'ArrayContaining':
      if (sample.length !== 1) throw unsupported('expect.arrayContaining of several items');
      return { contains: toWords(sample[0]) };
    case 'Anything':
    case 'Any':
      return { any: true };
    default:
      throw unsupported(name);
  }
}

function isRegExp(value) {
  return Object.prototype.toString.call(value) === '[object RegExp]'; // also one of another realm, as in Jest
}

/** Whether a value is a matcher in the words of scenarios, a regular expression, or a matcher of a test runner. */
function isMatcher(value) {
  if (typeof value !== 'object' || value === null) return false;
  const [key, ...others] = Object.keys(value);
  return isRegExp(value) || isAsymmetric(value) || (others.length === 0 && MATCHER_WORDS.includes(key));
}

/** A value as the server takes it. */
function toWords(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (value[NAME] !== undefined) return value[NAME];
  if (isRegExp(value)) return { matches: pattern(value) };
  if (isAsymmetric(value)) return fromAsymmetric(value);
  if (Array.isArray(value)) return value.map(toWords);
  if (!isPlain(value)) return value; // a Date, for example, knows how it is written as JSON
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toWords(item)]));
}

/** Matchers for tests without a test runner's own. They also nest in each other. */
const contains = (value) => ({ contains: value });
const matches = (expression) => ({ matches: isRegExp(expression) ? pattern(expression) : expression });
const oneOf = (...values) => ({ one_of: values });
const anything = () => ({ any: true });
const absent = () => ({ absent: true });

module.exports = { NAME, absent, anything, contains, isMatcher, isRegExp, matches, oneOf, toWords };
