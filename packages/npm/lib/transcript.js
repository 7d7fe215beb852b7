// Compares the messages of a thread with what a test writes down.
'use strict';

const { GraphdoubleError } = require('./errors.js');
const { Thread } = require('./thread.js');
const { toWords } = require('./values.js');

const WITHIN_MS = 2_000;
/** The longest wait of one call of the ledger. */
const MAX_WAIT_MS = 60_000;
/** Real time, also where a test has fake timers. */
const now = performance.now.bind(performance);
const UNITS = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/** The labels that a message offers. */
function labels({ quick_replies: replies = [], attachment, attachments = [] }) {
  const templates = [attachment, ...attachments].filter(Boolean).map(({ payload }) => payload);
  const buttons = templates.flatMap((payload) => [
    ...(payload?.buttons ?? []),
    ...(payload?.elements ?? []).flatMap(({ buttons: own = [] }) => own),
  ]);
  return [...replies, ...buttons].map(({ title, content_type: type }) => title ?? type);
}

function textOf({ text, attachment, attachments = [] }) {
  if (text !== undefined) return text;
  const first = attachment ?? attachments[0];
  return first?.payload?.text ?? (first ? `(${first.type})` : '');
}

/** A message as a line: `bot: Hello [Bread] [Cake]`. */
function line({ from, content }) {
  return [`${from}:`, textOf(content), ...labels(content).map((label) => `[${label}]`)].filter((part) => part !== '').join(' ');
}

/** What is written down: lines in one text, or a list of lines and of objects with matchers. */
function expectedLines(expected) {
  if (typeof expected !== 'string') return expected;
  const lines = expected.split('\n').map((text) => text.trim());
  return lines.filter((text) => text !== '');
}

function milliseconds(within) {
  if (within === undefined) return WITHIN_MS;
  const [, number, unit] = /^(\d+)(ms|s|m|min|h)$/.exec(within) ?? [];
  if (!number) throw new TypeError(`within is a length of time like 300ms or 2s, and not ${within}`);
  return Number(number) * UNITS[unit];
}

function shown(item) {
  return typeof item === 'string' ? item : JSON.stringify(toWords(item));
}

function drawn(thread, found, expected, fits) {
  const lines = [`the transcript of ${thread} is another one:`];
  for (let at = 0; at < Math.max(found.length, expected.length); at += 1) {
    const seen = found[at] && line(found[at]);
    if (found[at] && expected[at] !== undefined && fits(found[at], expected[at])) {
      lines.push(`    ${seen}`);
      continue;
    }
    if (expected[at] !== undefined) lines.push(`  - ${shown(expected[at])}`);
    if (seen) lines.push(`  + ${seen}`);
  }
  return [...lines, '(- expected, + found)'].join('\n');
}

/** The newest cursor of the ledger. */
async function newest(world) {
  return (await world.call('GET', '/ledger?after=now')).after;
}

/**
 * The messages of a thread are these, and no others. Waits on the server until something has happened in the thread, and compares again.
 * `equals` compares the members of a message with what is expected of them.
 */
async function matchesTranscript(thread, expected, { within, equals }) {
  if (!(thread instanceof Thread)) throw new TypeError("toMatchTranscript is for a thread: world.thread('shop', alice)");
  const wanted = expectedLines(expected);
  const fits = (message, item) =>
    typeof item === 'string' ? line(message) === item : equals({ from: message.from, ...message.content }, toNames(item));
  const end = now() + milliseconds(within);
  for (;;) {
    const after = await newest(thread.world);
    const found = await thread.transcript();
    if (found.length === wanted.length && found.every((message, at) => fits(message, wanted[at]))) return;
    const left = Math.floor(end - now());
    if (left <= 0 || found.length > wanted.length) throw failure(thread, drawn(thread, found, wanted, fits));
    await change(thread, after, Math.min(left, MAX_WAIT_MS));
  }
}

/** Waits on the server until an entry about the thread is written, or the time is up. */
async function change({ world, page, person }, after, milliseconds) {
  await world.ledger({ after, page, person, wait: `${milliseconds}ms`, limit: 1 });
}

/** The sender may be a handle. The other members stay as they are, because they are compared here. */
function toNames(item) {
  return item.from === undefined ? item : { ...item, from: toWords(item.from) };
}

function failure({ world }, text) {
  return new GraphdoubleError('the transcript is another one', {
    status: 422,
    drawn: text,
    printed: world.printed(),
    pageUrl: world.pageUrl,
  });
}

module.exports = { line, matchesTranscript };
