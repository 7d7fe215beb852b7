'use strict';

const assert = require('node:assert/strict');
const { mkdtempSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { after, before, describe, test } = require('node:test');

const { GraphdoubleError, contains, pageUrl, startGraphdouble } = require('..');
const { WORLD, attachBot, post, rejection } = require('./support.js');

let graphdouble;
before(async () => (graphdouble = await startGraphdouble({ world: WORLD, within: '30s', quiet: true })));
after(() => graphdouble.close());

async function newWorld(t, options) {
  const world = await graphdouble.createWorld({ clock: 'frozen', ...options });
  t.after(() => world.close().catch(() => {}));
  return world;
}

describe('a world', () => {
  test('has ids, tokens and secrets of its own', async (t) => {
    const [one, two] = [await newWorld(t), await newWorld(t)];
    assert.notEqual(one.app('bot').secret, two.app('bot').secret);
    assert.notEqual(one.app('bot').env().GRAPHDOUBLE_PAGE_TOKEN, two.app('bot').env().GRAPHDOUBLE_PAGE_TOKEN);
    assert.equal(one.url, graphdouble.url);
  });

  test('comes from a file, a file URL or an object, and has a name if it is given one', async (t) => {
    const file = join(mkdtempSync(join(tmpdir(), 'graphdouble-test-')), 'shop.yaml');
    writeFileSync(file, 'apps: { bot: {} }\npages: { shop: { apps: { bot: {} } } }\n');
    for (const world of [file, pathToFileURL(file), pathToFileURL(file).href, WORLD]) {
      assert.equal((await newWorld(t, { world })).app('bot').name, 'bot');
    }
    assert.equal((await newWorld(t, { world: file, name: 'mine, yours' })).name, 'mine, yours');
    assert.equal((await (await graphdouble.world('mine, yours')).clock()).mode, 'frozen');
  });

  test('with a mistake in its file is drawn at its place in the file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'graphdouble-test-')), 'shop.yaml');
    writeFileSync(file, 'apps: { bot: {} }\npages:\n  shop: { default_app: bott, apps: { bot: {} } }\n');
    const error = await rejection(graphdouble.createWorld({ world: file }));
    assert.ok(error instanceof GraphdoubleError);
    assert.equal(error.status, 400);
    assert.ok(error.message.includes(`error: unknown app \`bott\`, did you mean \`bot\`?\n --> ${file}:3:24`), error.message);
    assert.ok(error.message.includes('3 |   shop: { default_app: bott, apps: { bot: {} } }'), error.message);
  });

  test('that is not there, or is left out, is an error that says so', async () => {
    assert.match(
      (await rejection(graphdouble.createWorld({ world: 'nowhere.yaml' }))).message,
      /the world nowhere\.yaml cannot be read from .*: ENOENT/,
    );
    const other = await startGraphdouble({ url: graphdouble.url });
    assert.match((await rejection(other.createWorld())).message, /createWorld needs a world/);
    assert.match((await rejection(graphdouble.world('nowhere'))).message, /nowhere/);
  });

  test('is removed when it is closed', async () => {
    const world = await graphdouble.createWorld();
    await world.close();
    assert.equal((await rejection(world.clock())).status, 404);
    const other = await graphdouble.createWorld();
    await other[Symbol.asyncDispose]();
    assert.equal((await rejection(other.clock())).status, 404);
  });

  test('refuses names that it does not have, at once and with those that it has', async (t) => {
    const world = await newWorld(t);
    assert.throws(() => world.app('bott'), /the world has no app `bott`: it has bot, desk, sales, inbox/);
    assert.throws(() => world.page('shp'), /no page `shp`: it has shop/);
    assert.throws(() => world.inbox('shp'), /no page `shp`/);
    assert.match((await rejection(world.person('alise'))).message, /alise/);
    assert.match((await rejection(world.claim('crowds'))).message, /crowds/);
  });
});

describe('steps', () => {
  test('verbs are methods, with further words of the same step behind the value', async (t) => {
    const world = await newWorld(t);
    const alice = await world.person('alice');
    const { how, answer, entries } = await alice.taps_ad('tulips', { says: 'Hi' });
    assert.equal(how, 'acted');
    assert.match(answer.mid, /^m_/);
    assert.ok(entries.some(({ text }) => text.includes('alice')));
    assert.equal(await world.thread('shop', alice).owner(), 'sales');
    await world
      .app('sales')
      .sends({ text: 'Red?', quick_replies: [{ content_type: 'text', title: 'Red', payload: 'RED' }] }, { to: alice });
    await alice.taps_quick_reply('Red');
    await alice.reacts('love', { message: 'Red?' });
    await alice.reads();
    await alice.gets_started({ page: 'shop' });
    assert.match((await rejection(alice.gets_started({ page: 'shp' }))).message, /`shp`/);
    await world.inbox('shop').replies('Dora here', { to: alice });
    await world.page('shop').sets_default_app(world.app('desk'));
    await alice.does({ says: 'Bye' });
    await world.step({ user: alice, says: 'Bye!' });
    const texts = (await world.thread('shop', alice).transcript()).map(({ content }) => content.text);
    assert.deepEqual(
      texts.filter((text) => text !== undefined),
      ['Hi', 'Red?', 'Red', 'Dora here', 'Bye', 'Bye!'],
    );
  });

  test('a word that nobody knows is drawn, with what was meant, and the page of the world', async (t) => {
    const world = await newWorld(t);
    const alice = await world.person('alice');
    const error = await rejection(alice.says('Hi', { on_pots: 'x' }));
    assert.equal(error.status, 400);
    assert.equal(error.isFailedStep, false);
    assert.ok(
      error.drawn.startsWith('error: unknown key `on_pots` in a `user` step, did you mean `on_post`?\n --> the step:1:'),
      error.drawn,
    );
    assert.equal(error.pageUrl, `${graphdouble.url}/_inspector/#/${world.name}/chat`);
    assert.equal(error.message, `${error.drawn}\n\nSee ${error.pageUrl}`);
  });

  test('the error of a step comes with the line of the test', async (t) => {
    const world = await newWorld(t);
    const { stack } = await rejection((await world.person()).does({ say: 'Hi' }));
    assert.match(stack, /world\.test\.js:\d+/);
  });

  test('people come with a profile, a name or out of a crowd', async (t) => {
    const world = await newWorld(t);
    const jurg = await world.person({ first_name: 'Jürg', locale: 'de_CH' });
    assert.deepEqual([jurg.profile.first_name, jurg.profile.locale], ['Jürg', 'de_CH']);
    assert.equal(jurg.psid, jurg.psids.shop);
    assert.equal(`${jurg}`, jurg.name);
    const members = [await world.claim('crowd'), await world.claim('crowd')];
    assert.deepEqual(
      members.map(({ name }) => name),
      ['crowd.1', 'crowd.2'],
    );
    await members[0].says('Hi');
  });

  test('the clock turns', async (t) => {
    const world = await newWorld(t, { world: { ...WORLD, clock: '2026-03-02T09:00:00Z' } });
    assert.equal((await world.clock('+24h')).now, '2026-03-03T09:00:00Z');
    assert.equal((await world.clock({ to: '2026-03-04T00:00:00Z' })).now, '2026-03-04T00:00:00Z');
    const { now, mode } = await world.clock();
    assert.deepEqual([now, mode], ['2026-03-04T00:00:00Z', 'frozen']);
    assert.match((await rejection(world.clock('24h'))).message, /24h/);
  });

  test('sessions know nothing of each other', async (t) => {
    const world = await newWorld(t);
    const other = await world.ownSession();
    assert.notEqual(world.session, other.session);
    const [one, two] = [await world.person(), await other.person()];
    await one.says('One');
    await two.says('Two');
    await world.expect({ app: 'bot', gets: 'messages', text: 'One' });
    await other.expect([{ app: 'bot', gets: 'messages', text: 'Two' }]);
    assert.match((await rejection(other.expect({ app: 'bot', gets: 'messages', text: 'One' }, { within: '0ms' }))).message, /error: /);
  });
});

describe('a bot', () => {
  test('gets its settings under its own names, beside those of graphdouble', async (t) => {
    const world = await newWorld(t);
    const bot = world.app('bot');
    const env = bot.env({ PAGE_TOKEN: 'token', APP_SECRET: 'secret', GRAPH: 'url', ID: 'app_id', DESK: 'GRAPHDOUBLE_APP_ID_DESK' });
    assert.equal(env.PAGE_TOKEN, env.GRAPHDOUBLE_PAGE_TOKEN);
    assert.deepEqual([env.APP_SECRET, env.GRAPH, env.ID, env.DESK], [bot.secret, world.url, bot.id, world.app('desk').id]);
    assert.throws(
      () => bot.env({ A: 'tokn' }),
      /the app bot has no `tokn`: it has url, token, secret, verify_token, app_id, page_id, GRAPHDOUBLE_URL/,
    );
    assert.throws(() => bot.env({ A: 'toString' }), /has no `toString`/);
  });

  test('is attached with the handshake, and observed', async (t) => {
    const world = await newWorld(t);
    assert.equal(await world.app('bot').isPuppet(), true);
    const bot = await attachBot(t, world);
    assert.equal(await bot.isPuppet(), false);
    assert.equal((await bot.verify()).verified, true);
    const alice = await world.person();
    await alice.says('Hi');
    assert.equal((await bot.sends(contains('said'), { to: alice })).how, 'observed');
    const { outcome, answers } = await alice.exchange({ says: 'Hello', until: { text: /^You said Hello$/ }, within: '30s' });
    assert.deepEqual([outcome, answers.map(({ text }) => text)], ['answered', ['You said Hello']]);
    assert.equal((await world.answers()).bot.answered, 2);
    await bot.webhook(null);
    assert.equal(await bot.isPuppet(), true);
  });

  test('that fails the handshake is not attached', async (t) => {
    const world = await newWorld(t);
    const error = await rejection(world.app('bot').webhook('http://127.0.0.1:9/webhook', { verify: true, verifyToken: 'open' }));
    assert.equal(error.status, 422);
    assert.match(error.message, /the handshake failed, and nothing has changed.*hub\.verify_token=open.*nobody listens on port 9/s);
  });

  test('that answers 500 fails the step that sends the webhook', async (t) => {
    const world = await newWorld(t);
    await attachBot(t, world, { status: 500 });
    const error = await rejection((await world.person()).says('Hi'));
    assert.equal(error.isFailedStep, true);
    assert.match(error.drawn, /500/);
    assert.match(error.drawn, /out of order/);
  });

  test('meets faults', async (t) => {
    const world = await newWorld(t);
    const bot = await attachBot(t, world);
    const alice = await world.person();
    const fault = await world.fault({ at: 'send', app: bot, to: alice, reply: 'rate_limited' });
    assert.equal(fault.fault, 1);
    await alice.says('Hi');
    await bot.does({ sends: 'You said Hi', to: alice, refused: { code: 613 } });
    await alice.says('Hi again'); // the fault fires once
    await bot.sends('You said Hi again', { to: alice });
    assert.deepEqual(
      (await world.faults()).map(({ fired }) => fired),
      [1],
    );
    await world.disarm(fault);
    assert.deepEqual(await world.faults(), []);
    await world.fault({ webhook: 'messages', app: 'bot', goes: 'lost' });
    await world.disarm();
    assert.deepEqual(await world.faults(), []);
    assert.match((await rejection(world.fault({ at: 'sent', reply: 'rate_limited' }))).message, /unknown|did you mean/);
  });
});

describe('what happened', () => {
  test('is in ledger, calls, threads, lint, explanation and scenario', async (t) => {
    const world = await newWorld(t);
    const bot = await attachBot(t, world);
    const alice = await world.person('alice');
    await alice.says('Hi');
    await bot.sends('You said Hi', { to: alice });
    const told = await world.ledger({ kind: 'webhook', app: bot, person: alice, limit: 1 });
    assert.deepEqual(
      told.map(({ field, decision }) => [field, decision]),
      [['messages', 'deliver']],
    );
    const calls = await world.calls({ app: bot, path: '/me/messages', method: 'POST' });
    assert.deepEqual(
      calls.map(({ status, body }) => [status, body.message.text]),
      [[200, 'You said Hi']],
    );
    assert.deepEqual(
      (await world.threads({ page: 'shop' })).map(({ person, owner }) => [person, owner]),
      [['alice', 'bot']],
    );
    assert.deepEqual(await world.lint(), []);
    assert.match((await world.thread('shop', alice).explain()).text, /^alice@shop\n/);
    assert.match(await world.scenario(), /\{ user: alice, says: Hi \}/);
    assert.match((await rejection(world.ledger({ kind: 'banana' }))).message, /banana/);
  });

  test('a wrong token is an error of the Graph API', async (t) => {
    const world = await newWorld(t);
    assert.equal(await post(`${world.url}/v25.0/me/messages?access_token=EAAwrong`, {}), 400);
  });

  test('snapshots come back, and a reset begins again', async (t) => {
    const world = await newWorld(t);
    const alice = await world.person('alice');
    await alice.says('Hi');
    const snapshot = await world.snapshot({ wait: '5s' });
    await alice.says('Again');
    await world.restore(snapshot, { ids: 'same' });
    assert.equal((await world.thread('shop', alice).transcript()).length, 1);
    await world.reset({ keep: ['profile'] });
    assert.equal((await world.thread('shop', alice).transcript()).length, 0);
  });

  test('the page of a world is at one place', () => {
    assert.equal(pageUrl({ graph_url: 'http://127.0.0.1:4004', name: 'a b' }), 'http://127.0.0.1:4004/_inspector/#/a%20b/chat');
  });
});
