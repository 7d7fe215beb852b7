// A page: its admins, and its inbox.
'use strict';

const { NAME } = require('./values.js');
const { addVerbs } = require('./verbs.js');

/** A page or an Instagram account, as its admins see it. */
class Page {
  constructor(world, { name, id }) {
    this.world = world;
    this.name = name;
    this.id = id;
  }

  get [NAME]() {
    return this.name;
  }

  toString() {
    return this.name;
  }

  /** Performs a step of an admin in the words of a scenario. */
  async does(words) {
    return await this.world.step({ admin: this.name, ...words });
  }
}

/** Somebody at the Business Suite inbox of a page. */
class Inbox {
  constructor(world, { name }) {
    this.world = world;
    this.page = name;
  }

  /** Performs a step of the inbox in the words of a scenario. */
  async does(words) {
    return await this.world.step({ inbox: this.page, ...words });
  }
}

addVerbs(Page, 'admin');
addVerbs(Inbox, 'inbox');

module.exports = { Inbox, Page };
