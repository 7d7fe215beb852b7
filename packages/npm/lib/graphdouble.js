// A server, started here or attached to, and the worlds on it.
'use strict';

const { readFile } = require('node:fs/promises');
const { fileURLToPath } = require('node:url');

const { findBinary } = require('./binary.js');
const { GraphdoubleError } = require('./errors.js');
const { call, query } = require('./http.js');
const { startServer } = require('./server_process.js');
const { toWords } = require('./values.js');
const { ASYNC_DISPOSE, World } = require('./world.js');

/** A world that nobody calls for so long is removed from a server that others use, too. */
const EXPIRES = '1h';

/**
 * Starts a server on a free port, or attaches to the one of `url` or GRAPHDOUBLE_URL. `world` is the file, or the object, that
 * `createWorld` takes if it names no other.
 */
async function startGraphdouble(options = {}) {
  const url = options.url ?? process.env.GRAPHDOUBLE_URL;
  if (url) return attach(url.replace(/\/+$/, ''), options);
  const { listen = '127.0.0.1:0', within, args = [], quiet, binary = findBinary() } = options;
  const flags = ['--listen', listen, ...(within ? ['--within', within] : []), ...args];
  return new Graphdouble(await startServer(binary, flags, { quiet }), options);
}

async function attach(url, options) {
  const health = await call('GET', `${url}/_control/health`);
  if (health?.status !== 'ok')
    throw new GraphdoubleError(`${url} is not a graphdouble: GET ${url}/_control/health answered ${JSON.stringify(health)}`);
  return new Graphdouble({ url, version: health.version }, options);
}

class Graphdouble {
  #server;
  #world;

  constructor(server, { world }) {
    this.#server = server;
    this.#world = world;
    this.url = server.url;
    this.version = server.version;
    this.pid = server.pid;
  }

  /** Whether this process started the server. Otherwise it is attached to one that others may use, too. */
  get isOwn() {
    return this.#server.stop !== undefined;
  }

  /** Makes a world with ids, tokens and secrets of its own. */
  async createWorld({ world = this.#world, name, clock, expires = this.isOwn ? undefined : EXPIRES } = {}) {
    if (world === undefined) {
      throw new GraphdoubleError('createWorld needs a world: { world: "tests/shop.yaml" }, an object, or the same at startGraphdouble');
    }
    const { body, file } = await read(world);
    try {
      return await this.#open(await this.#call('POST', `/worlds${query({ name, clock, expires })}`, { body }));
    } catch (error) {
      throw named(error, file);
    }
  }

  /** A world that is there already, for example `default` of a server with --world. */
  async world(name) {
    return await this.#open(await this.#call('GET', `/worlds/${encodeURIComponent(name)}`));
  }

  /** The worlds of the server, with clocks and counts. */
  async worlds() {
    return (await this.#call('GET', '/worlds')).worlds;
  }

  /** Ends a server that was started here. One that was attached to goes on. */
  async close() {
    await this.#server.stop?.();
  }

  async [ASYNC_DISPOSE]() {
    await this.close();
  }

  async #open(description) {
    return await new World(description, (method, path, options) => this.#call(method, path, options)).begin();
  }

  #call(method, path, options) {
    return call(method, `${this.url}/_control${path}`, { whyGone: this.#server.whyGone, ...options });
  }
}

/** The text of a world, and the file that it comes from. */
async function read(world) {
  if (typeof world === 'object' && !(world instanceof URL)) return { body: JSON.stringify(toWords(world)) };
  const file = String(world).startsWith('file:') ? fileURLToPath(world) : world;
  try {
    return { body: await readFile(file, 'utf8'), file };
  } catch (cause) {
    throw new GraphdoubleError(`the world ${file} cannot be read from ${process.cwd()}: ${cause.message}`, { cause });
  }
}

/** The server knows only the text of a world. A mistake in it is shown in its file. */
function named(error, file) {
  if (file === undefined || !(error instanceof GraphdoubleError)) return error;
  const inFile = (text) => text?.replaceAll('the request:', `${file}:`);
  return new GraphdoubleError(inFile(error.reason), { status: error.status, drawn: inFile(error.drawn), cause: error.cause });
}

module.exports = { Graphdouble, startGraphdouble };
