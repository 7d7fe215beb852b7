// Starts a bot as a process, and finds out where it listens from what it prints.
'use strict';

const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { setTimeout, clearTimeout } = require('node:timers');

const { GraphdoubleError } = require('./errors.js');

const START_MS = 30_000;
const KEPT_CHARACTERS = 8_000;

/** The lines that most frameworks print: a URL with a port, or the word port and a number. */
const READY = /(?<url>https?:\/\/[^\s/]+:\d+)|\bport\b\D{0,12}(?<port>\d{2,5})\b/i;

/** Splits a command at its spaces. What has spaces in it is given as a list. */
function words(command) {
  return typeof command === 'string' ? command.split(' ').filter((word) => word !== '') : command;
}

function originOf({ groups = {}, 1: first }) {
  const found = groups.url ?? groups.port ?? first;
  if (found === undefined) return undefined;
  return /^\d+$/.test(found) ? `http://127.0.0.1:${found}` : found.replace(/\/\/(0\.0\.0\.0|\[::1?\])/, '//127.0.0.1');
}

/** The URL of the webhook: a whole one, or a path at the origin that the bot has printed. */
function webhookOf(webhook, match) {
  if (/^https?:/.test(webhook)) return webhook;
  const origin = originOf(match);
  if (origin === undefined) throw new TypeError('`ready` needs a group with the URL or the port, or `webhook` a whole URL');
  return `${origin}${webhook}`;
}

class BotProcess {
  #child;
  #ended;
  #output = '';
  #readers = new Set();

  constructor(command, { env, cwd }) {
    const guard = [join(__dirname, 'bot_guard.js'), ...words(command)];
    // Both kinds of names: clients look at one of them, and would send even calls to the loopback through a proxy.
    const loopback = { no_proxy: '127.0.0.1,localhost', NO_PROXY: '127.0.0.1,localhost' };
    this.#child = spawn(process.execPath, guard, {
      cwd,
      env: { ...process.env, ...loopback, PORT: '0', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.on('error', () => {}); // the bot may have ended
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => this.#read(text));
    }
  }

  /** What the bot has printed, or the end of it. */
  get output() {
    return this.#output;
  }

  #read(text) {
    this.#output = (this.#output + text).slice(-KEPT_CHARACTERS);
    for (const reader of this.#readers) reader();
  }

  /** Waits until what the bot prints matches, and returns the match. */
  async until(expression) {
    let reader;
    let timer;
    const matched = new Promise((resolve) => {
      reader = () => {
        const match = expression.exec(this.#output);
        if (match) resolve({ match });
      };
      this.#readers.add(reader);
      reader();
    });
    const timeUp = new Promise(
      (resolve) => (timer = setTimeout(resolve, START_MS, { why: `printed nothing like ${expression} within ${START_MS / 1000} s` })),
    );
    const ended = this.#ended.then((code) => ({ why: `ended with exit code ${code}` }));
    const { match, why } = await Promise.race([matched, ended, timeUp]);
    clearTimeout(timer);
    this.#readers.delete(reader);
    if (match) return match;
    throw new GraphdoubleError(
      `the bot ${why}. Let it print a line such as \`listening on http://127.0.0.1:PORT\`, or say with \`ready\` what it prints.\n${this.shown()}`,
    );
  }

  /** What the bot has printed, for a failure. */
  shown() {
    const text = this.#output.trim();
    return text === '' ? 'The bot printed nothing.' : `The bot printed:\n${text.replace(/^/gm, '  ')}`;
  }

  /** Ends the bot, with all that it has started. */
  async stop() {
    this.#child.stdin.end();
    await this.#ended;
  }
}

/** Starts a bot, and waits until it listens. */
async function startBot(command, { ready = READY, webhook = '/webhook', ...options } = {}) {
  const bot = new BotProcess(command, options);
  try {
    return { bot, webhook: webhookOf(webhook, await bot.until(ready)) };
  } catch (error) {
    await bot.stop();
    throw error;
  }
}

module.exports = { startBot };
