'use strict';

const assert = require('node:assert/strict');
const { isDeepStrictEqual } = require('node:util');
const { after, before, describe, test } = require('node:test');

const { contains, startGraphdouble } = require('..');
const { matchers } = require('../lib/matchers.js');
const asserts = require('../lib/node.js').assert;
const { WORLD, attachBot, post, rejection } = require('./support.js');

let graphdouble;
before(async () => (graphdouble = await startGraphdouble({ world: WORLD, within: '30s', quiet: true })));
after(() => graphdouble.close());

/** `expect(subject)` without a test runner. */
function expect(subject, isNot = false) {
  const context = { isNot, equals: (a, b) => (b?.asymmetricMatch ? b.asymmetricMatch(a) : isDeepStrictEqual(a, b)) };
  return Object.fromEntries(
    Object.entries(matchers).map(([name, matcher]) => [name, (...given) => matcher.call(context, subject, ...given)]),
  );
}

async function holds(outcome) {
  const { pass, message } = await outcome;
  assert.equal(pass, true, message());
  assert.match(message(), /was expected not to be/);
}

/** The matcher fails with this text, and with the page of the world. */
async function fails(outcome, expected) {
  const { pass, message } = await outcome;
  assert.equal(pass, false);
  assert.match(message(), expected);
  return message();
}

async function conversation(t) {
  const world = await graphdouble.createWorld({ clock: 'frozen' });
  t.after(() => world.close());
  const bot = await attachBot(t, world);
  const alice = await world.person();
  return { world, bot, alice, thread: world.thread('shop', alice) };
}

describe('toGet and toHaveGot', () => {
  test('a person gets a message', async (t) => {
    const { bot, alice } = await conversation(t);
    await alice.says('Hi');
    await holds(expect(alice).toGet({ from: bot, text: /^You said/ }));
    await alice.says('Hi');
    await holds(expect(alice).toGet('You said Hi', { within: '30s' }));
    const message = await fails(
      expect(alice).toGet(contains('Bye'), { within: '10ms' }),
      /^error: no message matches within 10ms\n --> the step:1:12/,
    );
    assert.match(message, /text: expected something that contains "Bye", found "You said Hi"/);
    assert.ok(message.includes(`\n\nSee ${graphdouble.url}/_inspector/#/${alice.world.name}/chat?`), message);
    assert.match(message, /person=person-\d+/);
    await fails(expect(alice).toHaveGot('Bye'), /^error: no message matches\n/);
  });

  test('quick replies are named by their titles', async (t) => {
    const { world, alice } = await conversation(t);
    await alice.says('Hi', { within: '1s' });
    await world.page('shop').sets_default_app('desk');
    await world.app('bot').webhook(null);
    await world.app('bot').sends({ text: 'Which?', quick_replies: [{ content_type: 'text', title: 'Red', payload: 'R' }] }, { to: alice });
    await fails(expect(alice).toHaveGot({ quick_replies: ['Blue'] }), /Blue/);
    await holds(expect(alice).toHaveGot({ quick_replies: ['Red'] }));
  });

  test('an app gets a webhook', async (t) => {
    const { world, bot, alice } = await conversation(t);
    await alice.says('Hi');
    await holds(expect(bot).toGet('messages', { text: 'Hi', of: alice, because: 'webhook.owner' }));
    await holds(expect(world.app('desk')).toHaveGot('standby', { text: 'Hi' }));
    await fails(expect(world.app('sales')).toHaveGot('messages'), /sales/);
  });

  test('mistakes in the test are thrown, not compared', async (t) => {
    const { bot, alice, thread } = await conversation(t);
    assert.match((await rejection(expect(bot).toGet({ text: 'Hi' }))).message, /toGet of an app begins with the field/);
    assert.match((await rejection(expect(thread).toGet('Hi'))).message, /toGet is for a person, .*, and not for an object of Thread/);
    assert.match((await rejection(expect(undefined).toHaveGot('Hi'))).message, /not for undefined/);
    assert.match((await rejection(expect(alice).toGet({ txt: 'Hi' }))).message, /unknown key `txt`.*did you mean `text`/);
    assert.match((await rejection(expect(alice).toGet('Hi', { within: 'soon' }))).message, /soon/);
  });

  test('not.toGet needs to know how long', async (t) => {
    const { alice } = await conversation(t);
    await alice.says('Hi');
    assert.match((await rejection(expect(alice, true).toGet('Bye'))).message, /use toHaveGotNothing, or say how long/);
    await fails(expect(alice, true).toGet('Bye', { within: '10ms' }), /no message/);
    await fails(expect(alice, true).toHaveGot('Bye'), /no message/);
  });
});

test('toHaveGotNothing', async (t) => {
  const { world, bot, alice } = await conversation(t);
  await alice.says('Hi');
  await holds(expect(world.app('sales')).toHaveGotNothing());
  await holds(expect(bot).toHaveGotNothing('standby'));
  await holds(expect(world.app('sales')).toHaveGotNothing('standby', { of: alice, because: 'webhook.withheld.standby_toggle_off' }));
  await fails(expect(world.app('desk')).toHaveGotNothing(), /app `desk` got a webhook/);
  await world.calls({ app: bot, path: 'messages', wait: '60s' }); // the bot has answered
  await fails(expect(alice).toHaveGotNothing({ within: '10ms' }), /You said Hi/);
  await holds(expect(alice).toGet('You said Hi'));
  await holds(expect(alice).toHaveGotNothing({ within: '20ms' }));
  assert.match((await rejection(expect(world).toHaveGotNothing())).message, /for an app or a person/);
});

test('toBeOwnedBy', async (t) => {
  const { world, bot, alice, thread } = await conversation(t);
  await fails(expect(thread).toBeOwnedBy(null, { within: '10ms' }), /is owned by `desk`, not by `nobody`/);
  await alice.says('Hi');
  await holds(expect(thread).toBeOwnedBy(bot));
  await world.clock('+24h');
  await holds(expect(thread).toBeOwnedBy('desk', { because: 'control.idle.default_app' }));
  await fails(expect(thread).toBeOwnedBy('sales', { within: '10ms' }), /is owned by `desk`, not by `sales`/);
  await fails(expect(thread).toBeOwnedBy('desk', { because: 'control.pass.app', within: '10ms' }), /control\.pass\.app/);
  assert.match((await rejection(expect(alice).toBeOwnedBy('desk'))).message, /toBeOwnedBy is for a thread/);
});

test('toBeRefused', async (t) => {
  const { world, bot, alice } = await conversation(t);
  await alice.says('Hi');
  await holds(expect(alice).toGet('You said Hi'));
  const send = () => world.app('sales').sends('Buy!', { to: alice });
  await holds(expect(send()).toBeRefused());
  await holds(expect(send).toBeRefused({ code: 10, subcode: 2018300, status: 400, because: 'send.refused.not_owner' }));
  await fails(
    expect(send()).toBeRefused({ code: 11 }),
    /another refusal was expected: \{"code":11\}, found .*"code":10.*error: app `sales` was refused/s,
  );
  await fails(expect(world.app('desk').requests({ to: alice })).toBeRefused({ code: 999 }), /refus/);
  await fails(expect(alice.says('Hi')).toBeRefused(), /was not refused/);
  assert.match((await rejection(expect(world.app('sales')).toBeRefused())).message, /is a puppet/);
  assert.match((await rejection(expect('x').toBeRefused())).message, /not for string x/);
  assert.match((await rejection(expect(alice.does({ say: 'Hi' })).toBeRefused())).message, /unknown key `say`/);
  await world.fault({ at: 'send', app: bot, reply: 'rate_limited' });
  await alice.says('Again');
  await holds(expect(bot).toBeRefused({ code: 613 }, { to: alice }));
});

test('toHaveCalled', async (t) => {
  const { world, bot, alice } = await conversation(t);
  await alice.says('Hi');
  await holds(expect(bot).toHaveCalled({ post: '/me/messages', body: { message: { text: /Hi$/ } } }, { to: alice }));
  await fails(expect(bot).toHaveCalled({ get: '/me' }, { within: '10ms' }), /app `bot` did not do this within 10ms/);
  assert.match((await rejection(expect(world.app('desk')).toHaveCalled({ get: '/me' }))).message, /the app desk is a puppet/);
  assert.deepEqual(await world.calls({ app: 'desk' }), []);
});

test('toHaveCalled sees what a bot calls from the beginning of the world, or of a session', async (t) => {
  const world = await graphdouble.createWorld({ clock: 'frozen' });
  t.after(() => world.close());
  const other = await world.ownSession();
  const profile = (text) => ({ greeting: [{ locale: 'default', text }] });
  const url = `${world.url}/v25.0/me/messenger_profile?access_token=${world.app('bot').env().GRAPHDOUBLE_PAGE_TOKEN}`;
  for (const text of ['One', 'Two']) await post(url, profile(text));
  await attachBot(t, world);
  await holds(expect(world.app('bot')).toHaveCalled({ post: '/me/messenger_profile', body: profile('One') }, { within: '0ms' }));
  await holds(expect(other.app('bot')).toHaveCalled({ post: '/me/messenger_profile', body: profile('Two') }, { within: '0ms' }));
  await world.reset();
  await post(url, profile('Three'));
  await holds(expect(world.app('bot')).toHaveCalled({ post: '/me/messenger_profile', body: profile('Three') }, { within: '0ms' }));
  await world.restore(await world.snapshot({ wait: '30s' }));
  await post(url, profile('Four'));
  await holds(expect(world.app('bot')).toHaveCalled({ post: '/me/messenger_profile', body: profile('Four') }, { within: '0ms' }));
});

test('toMatchTranscript', async (t) => {
  const { bot, alice, thread } = await conversation(t);
  await holds(expect(thread).toMatchTranscript([]));
  await alice.says('Hi');
  await holds(expect(thread).toMatchTranscript(`\n  ${alice}: Hi\n  bot: You said Hi\n`));
  await holds(
    expect(thread).toMatchTranscript([
      { from: alice, text: 'Hi' },
      { from: bot, text: { asymmetricMatch: (text) => text.endsWith('Hi') } },
    ]),
  );
  const text = await fails(
    expect(thread).toMatchTranscript([`${alice}: Hi`, 'bot: Hello', 'bot: Bye'], { within: '10ms' }),
    /is another one/,
  );
  assert.ok(text.includes(`    ${alice}: Hi\n  - bot: Hello\n  + bot: You said Hi\n  - bot: Bye\n`), text);
  await fails(expect(thread).toMatchTranscript([`${alice}: Hi`]), /\+ bot: You said Hi/);
  // What is expected happens once the matcher has looked for the first time.
  const read = thread.transcript.bind(thread);
  thread.transcript = async () => {
    const found = await read();
    thread.transcript = read;
    await alice.says('Wait');
    return found;
  };
  const all = [`${alice}: Hi`, 'bot: You said Hi', `${alice}: Wait`, 'bot: You said Wait'];
  await holds(expect(thread).toMatchTranscript(all, { within: '90s' }));
  assert.match((await rejection(expect(thread).toMatchTranscript([], { within: 'soon' }))).message, /length of time/);
  assert.match((await rejection(expect(alice).toMatchTranscript([]))).message, /for a thread/);
});

test('the assertions for node:test throw AssertionErrors with the diagnosis', async (t) => {
  const { world, bot, alice, thread } = await conversation(t);
  await alice.says('Hi');
  await asserts.gets(alice, contains('Hi'));
  await asserts.hasGot(bot, 'messages');
  await asserts.hasGotNothing(world.app('sales'));
  await asserts.isOwnedBy(thread, bot);
  await asserts.hasCalled(bot, { post: { any: true } }, { within: '0ms' }).catch(({ message }) => assert.match(message, /claimed it/));
  await asserts.isRefused(world.app('sales').sends('Buy!', { to: alice }), { code: 10, message: /another app/ });
  await asserts.matchesTranscript(thread, [{ from: alice, text: 'Hi' }, { text: contains('said') }]);
  const error = await rejection(asserts.gets(alice, 'Bye', { within: '10ms' }));
  assert.deepEqual([error.name, error.code, error.operator], ['AssertionError', 'ERR_ASSERTION', 'gets']);
  assert.ok(error.message.includes(error.drawn) && error.message.includes(error.pageUrl), error.message);
  assert.match((await rejection(asserts.gets(alice, { txt: 'x' }))).message, /unknown key `txt`/);
});
