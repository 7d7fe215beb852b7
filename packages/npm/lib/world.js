// A world: its people, apps, pages and threads, its clock, and all that can be read of it.
'use strict';

const { randomUUID } = require('node:crypto');

const { App } = require('./app.js');
const { query } = require('./http.js');
const { pageUrl } = require('./page_url.js');
const { Person } = require('./person.js');
const { Inbox, Page } = require('./page.js');
const { Thread } = require('./thread.js');
const { toWords } = require('./values.js');

// Node 20 has the symbol; the sandbox of a test runner may not.
const ASYNC_DISPOSE = Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose');

class World {
  #bots = [];
  #call;
  #description;

  /** `call` calls the control API. `session` is what the server remembers between the steps of one test. */
  constructor(description, call, session = randomUUID()) {
    this.#description = description;
    this.#call = call;
    this.name = description.name;
    this.session = session;
  }

  /** Where the Graph API is. */
  get url() {
    return this.#description.graph_url;
  }

  /** Where the inspector shows the world. */
  get pageUrl() {
    return pageUrl(this.#description);
  }

  /** The ids, tokens and secrets of the world, as they were when this object was made. */
  get description() {
    return this.#description;
  }

  /** The same world for another test at the same time: its steps and expectations know nothing of those of this one. */
  async ownSession() {
    const other = new World(this.#description, this.#call);
    other.#bots = this.#bots;
    return await other.begin();
  }

  /** Begins the session. What apps do from then on can be expected in it. This expectation holds in a session without steps. */
  async begin() {
    await this.expect({ nothing: 'webhooks' });
    return this;
  }

  // --- Who acts ------------------------------------------------------------------------------------------------------

  /** A new person; with a name, the person of the world who has it; with a profile, a new person who has that. */
  async person(who = {}) {
    const found =
      typeof who === 'string'
        ? await this.call('GET', `/people/${encodeURIComponent(who)}`)
        : await this.call('POST', '/people', { body: toWords(who) });
    return new Person(this, found);
  }

  /** A member of a crowd whom nobody else gets. */
  async claim(crowd) {
    return new Person(this, await this.call('POST', '/people/claim', { body: { of: crowd } }));
  }

  app(name) {
    return new App(this, member(this.#description.apps, name, 'app'));
  }

  /** The admins of a page: `world.page('shop').sets_default_app('desk')`. */
  page(name) {
    return new Page(this, member(this.#description.pages, name, 'page'));
  }

  /** The Business Suite inbox of a page: `world.inbox('shop').replies('Hello', { to: alice })`. */
  inbox(page) {
    return new Inbox(this, member(this.#description.pages, page, 'page'));
  }

  /** The thread of a person with a page. */
  thread(page, person) {
    return new Thread(this, toWords(page), toWords(person));
  }

  /** A bot that ends with the world, and whose output is shown with failures. */
  addBot(bot) {
    this.#bots.push(bot);
  }

  // --- Steps ---------------------------------------------------------------------------------------------------------

  /** Performs a step in the words of a scenario. */
  async step(words) {
    return await this.call('POST', '/steps', { body: toWords(words), session: this.session });
  }

  /** Holds expectations against what happened, in the words of a scenario. They wait as long as `within`. */
  async expect(expectations, { within } = {}) {
    return await this.step({ expect: [expectations].flat(), within });
  }

  /** Turns the clock forward, by `+24h` or to `{ to: moment }`. Without a change it says what the clock shows. */
  async clock(change) {
    if (change !== undefined) await this.step({ clock: change });
    return await this.call('GET', '/clock');
  }

  /** Arms a fault, in the words of a `fault` step. */
  async fault(words) {
    return await this.call('POST', '/faults', { body: toWords(words) });
  }

  async faults() {
    return (await this.call('GET', '/faults')).faults;
  }

  /** Disarms one fault, or all. */
  async disarm(fault) {
    await this.call('DELETE', fault === undefined ? '/faults' : `/faults/${fault.fault ?? fault}`);
  }

  // --- What happened -------------------------------------------------------------------------------------------------

  /** Entries of the ledger. The filter is that of the control API: `{ kind, app, page, person, after, wait, limit }`. */
  async ledger(filter = {}) {
    return (await this.call('GET', `/ledger${query(toWords(filter))}`)).entries;
  }

  /** Graph calls with their answers, also those that were refused: `{ app, page, person, method, path, status, after, wait }`. */
  async calls(filter = {}) {
    return (await this.call('GET', `/calls${query(toWords(filter))}`)).calls;
  }

  /** How long the apps took to answer. */
  async answers() {
    return (await this.call('GET', '/answers')).apps;
  }

  /** What apps did wrong although nothing failed. */
  async lint() {
    return (await this.call('GET', '/lint')).findings;
  }

  async threads({ page } = {}) {
    return (await this.call('GET', `/threads${query({ page: toWords(page) })}`)).threads;
  }

  /** What happened, as a scenario file that passes without a bot. */
  async scenario() {
    return await this.call('GET', '/scenario');
  }

  // --- As a whole ----------------------------------------------------------------------------------------------------

  async snapshot({ wait } = {}) {
    return await this.call('GET', `/snapshot${query({ wait })}`);
  }

  async restore(snapshot, { ids } = {}) {
    this.#description = await this.call('PUT', `/snapshot${query({ ids })}`, { body: snapshot });
    await this.begin(); // sessions end with the world that they were of
  }

  /** Starts the world over. `keep: ['profile', 'subscriptions']` is what stays of what apps have set. */
  async reset(options = {}) {
    await this.call('POST', '/reset', { body: options });
    await this.refresh();
    await this.begin();
  }

  /** Reads the description again. */
  async refresh() {
    this.#description = await this.call('GET', '');
    return this.#description;
  }

  /** Ends the bots that were started for the world, and removes it. */
  async close() {
    await Promise.all(this.#bots.splice(0).map((bot) => bot.stop()));
    await this.call('DELETE', '');
  }

  async [ASYNC_DISPOSE]() {
    await this.close();
  }

  /** What the bots that were started for the world have printed, for a failure. */
  printed() {
    return this.#bots.map((bot) => bot.shown()).join('\n');
  }

  /** A call of the control API below this world. */
  async call(method, path, options) {
    const printed = () => this.printed();
    return await this.#call(method, `/worlds/${encodeURIComponent(this.name)}${path}`, { pageUrl: this.pageUrl, printed, ...options });
  }
}

/** A name of the world; a name that it does not have is refused at once, with those that it has. */
function member(known, given, kind) {
  const name = toWords(given);
  if (Object.hasOwn(known, name)) return { ...known[name], name };
  throw new TypeError(`the world has no ${kind} \`${name}\`: it has ${Object.keys(known).join(', ')}`);
}

module.exports = { ASYNC_DISPOSE, World };
