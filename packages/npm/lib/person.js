// A person who writes, taps and reads.
'use strict';

const { NAME, toWords } = require('./values.js');
const { addVerbs } = require('./verbs.js');

class Person {
  constructor(world, { name, psids, ...profile }) {
    this.world = world;
    this.name = name;
    this.psids = psids;
    this.profile = profile;
  }

  get [NAME]() {
    return this.name;
  }

  /** The page-scoped id, in a world of one page or account. */
  get psid() {
    const [[, psid], ...others] = Object.entries(this.psids);
    if (others.length === 0) return psid;
    throw new TypeError(`${this.name} has an id on each of ${Object.keys(this.psids).join(', ')}: use psids`);
  }

  toString() {
    return this.name;
  }

  /** Performs a step of this person in the words of a scenario: `{ taps_ad: 'tulips', says: 'Hi' }`. */
  async does(words) {
    return await this.world.step({ user: this.name, ...words });
  }

  /** Acts and waits until apps have answered: `{ says: 'Hi', until: { answers: 1 }, within: '10s' }`. */
  async exchange(words) {
    return await this.world.call('POST', '/exchanges', { body: toWords({ user: this.name, ...words }), session: this.world.session });
  }
}

addVerbs(Person, 'user');

module.exports = { Person };
