// An app of Meta: a puppet that the test plays, or a real app, which is the bot under test.
'use strict';

const { startBot } = require('./bot_process.js');
const { NAME } = require('./values.js');
const { addVerbs } = require('./verbs.js');

/** The words for `env`, and the variable of the server that each means. */
const SETTINGS = {
  url: 'GRAPHDOUBLE_URL',
  token: 'GRAPHDOUBLE_PAGE_TOKEN',
  secret: 'GRAPHDOUBLE_APP_SECRET',
  verify_token: 'GRAPHDOUBLE_VERIFY_TOKEN',
  app_id: 'GRAPHDOUBLE_APP_ID',
  page_id: 'GRAPHDOUBLE_PAGE_ID',
  instagram_id: 'GRAPHDOUBLE_INSTAGRAM_ID',
  instagram_token: 'GRAPHDOUBLE_INSTAGRAM_TOKEN',
  instagram_app_id: 'GRAPHDOUBLE_INSTAGRAM_APP_ID',
  instagram_app_secret: 'GRAPHDOUBLE_INSTAGRAM_APP_SECRET',
};

class App {
  #settings;

  constructor(world, { name, id, secret, app_token: appToken, verify_token: verifyToken, env }) {
    this.world = world;
    this.name = name;
    this.id = id;
    this.secret = secret;
    this.appToken = appToken;
    this.verifyToken = verifyToken;
    this.#settings = env;
  }

  get [NAME]() {
    return this.name;
  }

  toString() {
    return this.name;
  }

  /**
   * The environment for the bot of this app: the variables of graphdouble, and those of the mapping, from the names that the bot knows
   * to words for what they mean: `{ PAGE_TOKEN: 'token', APP_SECRET: 'secret' }`. A variable of graphdouble is a word, too.
   */
  env(mapping = {}) {
    const named = Object.entries(mapping).map(([name, word]) => [name, this.#setting(word)]);
    return { ...this.#settings, ...Object.fromEntries(named) };
  }

  #setting(word) {
    const variable = Object.hasOwn(SETTINGS, word) ? SETTINGS[word] : word;
    if (Object.hasOwn(this.#settings, variable)) return this.#settings[variable];
    const known = [...Object.keys(SETTINGS).filter((name) => SETTINGS[name] in this.#settings), ...Object.keys(this.#settings)];
    throw new TypeError(`the app ${this.name} has no \`${word}\`: it has ${known.join(', ')}`);
  }

  /**
   * Says where the webhooks of this app go from now on; it is a real app then. With `verify` the bot must first make the handshake of
   * Meta. `null` makes it a puppet.
   */
  async webhook(url, { verify, verifyToken } = {}) {
    const body = { url: url === null ? null : String(url), verify, verify_token: verifyToken };
    return await this.#call('PUT', '/webhook', { body });
  }

  /**
   * Starts the bot of this app as a process, with the environment of `env`, waits until it says where it listens, and attaches it. It gets
   * `PORT=0`, which is any free port. It ends with the world.
   */
  async start(command, { env, verify = true, ...options } = {}) {
    const { bot, webhook } = await startBot(command, { ...options, env: this.env(env) });
    this.world.addBot(bot);
    await this.webhook(webhook, { verify });
    return bot;
  }

  /** Makes the handshake of Meta once more. */
  async verify() {
    return await this.#call('POST', '/webhook/verify');
  }

  /** Whether the test plays this app. */
  async isPuppet() {
    return (await this.#call('GET', '')).webhook === null;
  }

  /** Performs a step of this app in the words of a scenario. A real app is observed: the step waits until the bot has done so. */
  async does(words) {
    return await this.world.step({ app: this.name, ...words });
  }

  #call(method, path, options) {
    return this.world.call(method, `/apps/${encodeURIComponent(this.name)}${path}`, options);
  }
}

addVerbs(App, 'app');

module.exports = { App, SETTINGS };
