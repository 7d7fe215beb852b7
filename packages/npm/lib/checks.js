// What tests expect. Each check asks the server, waits as long as the server does, and throws the server's diagnosis if it does not hold.
'use strict';

const { App } = require('./app.js');
const { GraphdoubleError } = require('./errors.js');
const { Person } = require('./person.js');
const { Thread } = require('./thread.js');
const { isMatcher, toWords } = require('./values.js');

/** What holds is asked once, without waiting. */
const AT_ONCE = '0ms';

function wrong(check, found, expected) {
  return new TypeError(`${check} is for ${expected}, and not for ${describe(found)}`);
}

function describe(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `${typeof value} ${String(value)}`;
  return `an object of ${value.constructor?.name ?? 'no class'}`;
}

// --- What somebody gets ----------------------------------------------------------------------------------------------

/** A text, or a matcher for one, is short for `{ text }`. Titles are short for quick replies. */
function messageWords(expected = {}) {
  const isText = typeof expected !== 'object' || isMatcher(expected);
  const { of, page, on, save, ...message } = isText ? { text: expected } : expected;
  const { quick_replies: replies } = message;
  if (Array.isArray(replies)) message.quick_replies = replies.map((reply) => (typeof reply === 'string' ? { title: reply } : reply));
  return { message, place: { page, on, save } };
}

function expectationOf(check, subject, given) {
  if (subject instanceof Person) {
    const [expected, options] = given;
    const { message, place } = messageWords(expected);
    return { expectation: { message: { to: subject.name, ...message }, of: subject.name, ...place }, options };
  }
  if (subject instanceof App) {
    const [field, expected, options] = given;
    if (typeof field !== 'string') throw new TypeError(`${check} of an app begins with the field: ${check}('messages', { text: 'Hi' })`);
    return { expectation: { app: subject.name, gets: field, ...expected }, options };
  }
  throw wrong(check, subject, 'a person, who gets messages, or an app, which gets webhooks');
}

/** A person gets a message, or an app a webhook. Waits for it on the server. */
async function gets(subject, ...given) {
  const { expectation, options } = expectationOf('toGet', subject, given);
  await subject.world.expect(expectation, options);
}

/** A person has got a message, or an app a webhook, by now. */
async function hasGot(subject, ...given) {
  const { expectation } = expectationOf('toHaveGot', subject, given);
  await subject.world.expect(expectation, { within: AT_ONCE });
}

/**
 * An app has got no webhook, or none of a field, since the last step of somebody. This is exact, and needs no waiting. A person has got no
 * message that no step has asked for; with a real app, `within` says how long it must be quiet.
 */
async function hasGotNothing(subject, ...given) {
  if (subject instanceof App) {
    const [field, more] = typeof given[0] === 'string' ? given : [undefined, given[0]];
    const what = field === undefined ? { gets: 'nothing' } : { gets_no: field };
    return await subject.world.expect({ app: subject.name, ...what, ...more });
  }
  if (subject instanceof Person) return await subject.world.expect({ nothing: 'messages', of: subject.name, ...given[0] });
  throw wrong('toHaveGotNothing', subject, 'an app or a person');
}

// --- Threads ---------------------------------------------------------------------------------------------------------

/** An app owns a thread, or `null` for nobody. Waits for it on the server. */
async function isOwnedBy(thread, owner, { because, within } = {}) {
  if (!(thread instanceof Thread)) throw wrong('toBeOwnedBy', thread, "a thread: world.thread('shop', alice)");
  const { world, page, person } = thread;
  await world.expect({ owner: owner === null ? 'nobody' : owner, because, of: person, page }, { within });
}

// --- Calls -----------------------------------------------------------------------------------------------------------

function puppet(app, advice) {
  return new TypeError(`the app ${app.name} is a puppet: ${advice}`);
}

/** A bot has made a call like this. Waits for it on the server, and claims it. */
async function hasCalled(app, call, options = {}) {
  if (!(app instanceof App)) throw wrong('toHaveCalled', app, 'an app');
  if (await app.isPuppet()) throw puppet(app, 'only the test makes its calls. Attach a bot with webhook(url), or start one.');
  await app.does({ calls: call, ...options });
}

/** The refusal of a Graph call that a step has met. */
function refusalOf({ entries }) {
  const failed = entries.findLast(({ kind }) => kind === 'call_failed');
  if (!failed) return undefined;
  const refused = entries.findLast(({ kind, cause }) => kind === 'refused' && cause === failed.cause);
  const { status, code, subcode, message } = failed;
  return { status, code, subcode, message, because: failed.rule ?? refused?.rule };
}

/** The error of a step that has failed. Undefined if it went well. */
async function failureOf(step) {
  try {
    await (typeof step === 'function' ? step() : step);
    return undefined;
  } catch (error) {
    if (error instanceof GraphdoubleError) return error;
    throw error;
  }
}

/**
 * The Graph call of a puppet's step was refused, or a bot has made a call that was refused. `refusal` is like
 * `{ code, subcode, status, message, because }`, and `contains` compares it with what was found.
 */
async function isRefused(subject, refusal = {}, { contains, ...options } = {}) {
  if (subject instanceof App) {
    if (await subject.isPuppet()) throw puppet(subject, "let it make a call: expect(app.sends('Hi')).toBeRefused(…)");
    return await subject.does({ calls: { post: { any: true } }, refused: refusal, ...options });
  }
  if (typeof subject?.then !== 'function' && typeof subject !== 'function') {
    throw wrong('toBeRefused', subject, "a step of an app, as in expect(sales.sends('Hi')), or a bot");
  }
  const error = await failureOf(subject);
  const found = error && refusalOf(error);
  if (error && !found) throw error;
  if (!found) throw new GraphdoubleError('the call was not refused', { status: 422 });
  if (!contains(found, refusal)) {
    const message = `another refusal was expected: ${JSON.stringify(toWords(refusal))}, found ${JSON.stringify(found)}`;
    throw new GraphdoubleError(message, {
      status: 422,
      drawn: `${message}\n\n${error.drawn}`,
      entries: error.entries,
      pageUrl: error.pageUrl,
    });
  }
}

module.exports = { gets, hasCalled, hasGot, hasGotNothing, isOwnedBy, isRefused, refusalOf };
