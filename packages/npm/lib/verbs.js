// Makes methods of the verbs in the schema of a step.
'use strict';

const { VERBS } = require('./words.js');

/** The words of a step: a verb with its value, and further words. A flag has no value. */
function wordsOf({ name, value }, given) {
  if (value === 'flag') return { [name]: true, ...given[0] };
  const [first, more] = given;
  return { [name]: first === undefined && value === 'optional' ? null : first, ...more };
}

/** Gives a class a method for each verb of a kind of step: `alice.says('Hi')` performs `{ user: alice, says: Hi }`. */
function addVerbs(type, kind) {
  for (const verb of VERBS[kind]) {
    Object.defineProperty(type.prototype, verb.name, {
      configurable: true,
      writable: true,
      async value(...given) {
        return await this.does(wordsOf(verb, given));
      },
    });
  }
}

module.exports = { addVerbs };
