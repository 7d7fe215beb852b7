// The thread of a person with a page.
'use strict';

class Thread {
  constructor(world, page, person) {
    this.world = world;
    this.page = page;
    this.person = person;
  }

  toString() {
    return `${this.person}@${this.page}`;
  }

  /** Its owner, window and transcript. */
  async read() {
    return await this.world.call('GET', this.#path());
  }

  /** The name of the app that has control of it, or null. */
  async owner() {
    return (await this.read()).owner;
  }

  /** The messages, oldest first. */
  async transcript() {
    return (await this.read()).transcript;
  }

  /** Who owns it and why, what happened in it, and what each app may do now. `text` is all of this in words. */
  async explain() {
    return await this.world.call('GET', `${this.#path()}/explain`);
  }

  #path() {
    return `/threads/${encodeURIComponent(this.page)}/${encodeURIComponent(this.person)}`;
  }
}

module.exports = { Thread };
