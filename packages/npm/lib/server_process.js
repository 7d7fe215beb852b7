// Starts a server as a child process that ends with this process.
'use strict';

const { spawn } = require('node:child_process');
const { setTimeout, clearTimeout } = require('node:timers');

const { GraphdoubleError } = require('./errors.js');

const START_MS = 30_000;
const STOP_MS = 5_000;
const END_MS = 500;
const KEPT_CHARACTERS = 4_000;

/** Keeps the last part of what a stream prints. */
function keepTail(stream, also) {
  let tail = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    tail = (tail + text).slice(-KEPT_CHARACTERS);
    also?.(text);
  });
  return () => tail.trim();
}

/** Waits until a stream is read to its end, for a moment: a process that inherited it may hold it open. */
async function drained(stream) {
  let timer;
  const timeUp = new Promise((resolve) => (timer = setTimeout(resolve, END_MS)));
  if (!stream.readableEnded && !stream.destroyed) await Promise.race([new Promise((resolve) => stream.once('close', resolve)), timeUp]);
  clearTimeout(timer);
}

function indented(text) {
  return text === '' ? ' nothing' : `\n${text.replace(/^/gm, '  ')}`;
}

function howItEnded({ code, signal, error }) {
  if (error) return `it cannot be started (${error.message})`;
  return signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
}

/** The ready line is one line of JSON with `url`. */
function readLine(line) {
  try {
    const ready = JSON.parse(line);
    return typeof ready?.url === 'string' ? ready : undefined;
  } catch {
    return undefined;
  }
}

/** Waits for the first line of a child, and returns what it says. */
async function untilReady(child, binary, ended, errors) {
  let timer;
  const timeUp = new Promise((resolve) => (timer = setTimeout(resolve, START_MS, { late: true })));
  const firstLine = new Promise((resolve) => {
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (part) => {
      text = (text + part).slice(0, KEPT_CHARACTERS);
      const end = text.indexOf('\n');
      if (end >= 0 || text.length === KEPT_CHARACTERS) resolve({ line: end >= 0 ? text.slice(0, end) : text });
    });
  });
  const first = await Promise.race([firstLine, ended.then((how) => ({ how })), timeUp]);
  clearTimeout(timer);
  const ready = first.line === undefined ? undefined : readLine(first.line);
  if (ready) return ready;
  child.kill('SIGKILL');
  await ended;
  await drained(child.stderr);
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy(); // its own children may hold the other ends
  const what = first.how
    ? howItEnded(first.how)
    : first.late
      ? `it printed no ready line within ${START_MS / 1000} s`
      : `its first line is no ready line: ${JSON.stringify(first.line)}`;
  throw new GraphdoubleError(
    `graphdouble did not start: ${what}\nThe program is ${binary}. On standard error it printed${indented(errors())}`,
  );
}

/** Asks the child to end, and ends it if it does not. */
async function stop(child, ended) {
  child.ref();
  child.stdin.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/**
 * Starts `graphdouble serve` with these flags. It ends when its standard input ends: when `stop` is called, or when this process ends,
 * however that goes. A server that nobody stops does not keep this process alive.
 */
async function startServer(binary, flags, { quiet = false } = {}) {
  const args = ['serve', '--ready', 'json', '--until-stdin-ends', ...flags];
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let end;
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve((end = { error })));
    child.once('exit', (code, signal) => resolve((end = { code, signal })));
  });
  child.stdin.on('error', () => {}); // the child may have ended before its standard input did
  let started = false;
  const errors = keepTail(child.stderr, (text) => started && !quiet && process.stderr.write(text));
  const ready = await untilReady(child, binary, ended, errors);
  started = true;
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) handle.unref();
  return {
    ...ready,
    stop: () => stop(child, ended),
    /** Why nobody answers; undefined as long as the server runs. */
    async whyGone() {
      // The connection breaks a moment before the end of the process is known.
      let timer;
      const timeUp = new Promise((resolve) => (timer = setTimeout(resolve, END_MS)));
      await Promise.race([ended, timeUp]);
      clearTimeout(timer);
      if (end) await drained(child.stderr);
      return end && `the server has ended: ${howItEnded(end)}. On standard error it printed${indented(errors())}`;
    },
  };
}

module.exports = { startServer };
