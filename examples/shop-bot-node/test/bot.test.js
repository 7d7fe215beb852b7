// Runs the bot as it is run for real, as a process of its own, against graphdouble in place of Meta. Nothing here sleeps: a step waits
// until the bot has done what it says. When a test ends, the bot is asked to stop, finishes what it has begun, and must have
// done nothing wrong: no complaint that the test did not take, and no finding of a lint.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startGraphdouble } from './graphdouble.js';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const WORLD = {
  apps: { bot: {}, desk: {} },
  pages: { shop: { routing: 'conversation_routing', default_app: 'desk', social: 'bot', apps: { bot: {}, desk: {} } } },
  people: { alice: {}, bob: { first_name: 'Jürg' } },
};
const CHOICES = ['Bread', 'Cake', 'Talk to a human'].map((title) => ({ title }));

const PICTURE = { attachments: [{ type: 'image', url: 'https://example.test/a.png' }] };

let graphdouble;
before(async () => (graphdouble = await startGraphdouble()));
after(() => graphdouble.stop());

// --- Harness ---------------------------------------------------------------------------------------------------------

function settingsOf(world) {
  const { env } = world.apps.bot;
  return {
    PORT: '0',
    GRAPH_URL: env.GRAPHDOUBLE_URL,
    PAGE_TOKEN: env.GRAPHDOUBLE_PAGE_TOKEN,
    APP_ID: env.GRAPHDOUBLE_APP_ID,
    APP_SECRET: env.GRAPHDOUBLE_APP_SECRET,
    VERIFY_TOKEN: env.GRAPHDOUBLE_VERIFY_TOKEN,
  };
}

function spawnBot(env) {
  // The client library would send even loopback calls through a proxy; it looks at the lower-case name first.
  const loopback = { no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' };
  return spawn(process.execPath, ['bot.js'], { cwd: FOLDER, env: { ...process.env, ...loopback, ...env } });
}

// A line that the bot prints, now or later.
function lines(stream) {
  const [kept, waiting] = [[], []];
  createInterface({ input: stream }).on('line', (line) => (waiting.length > 0 ? waiting.shift()(line) : kept.push(line)));
  return { kept, next: () => (kept.length > 0 ? Promise.resolve(kept.shift()) : new Promise((resolve) => waiting.push(resolve))) };
}

// A world of its own, and the bot attached to it.
async function start(t, { findings = [] } = {}) {
  const world = await graphdouble.createWorld(WORLD);
  const child = spawnBot(settingsOf(world));
  const exited = once(child, 'exit');
  const [output, errors] = [lines(child.stdout), lines(child.stderr)];
  t.after(async () => {
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null], 'the bot stops cleanly when asked to');
    assert.deepEqual(errors.kept, [], 'no complaint beyond those the test took');
    assert.deepEqual((await world.findings()).map(({ lint }) => lint), findings, 'no finding beyond those the test names');
    await world.remove();
  });
  const ready = await Promise.race([output.next(), exited.then(() => `it ended: ${errors.kept.join('\n')}`)]);
  assert.match(ready, /^listening on http:\/\/127\.0\.0\.1:\d+$/);
  const url = `${ready.replace('listening on ', '')}/webhook`;
  await world.attach('bot', url);
  return { world, url, output, errors };
}

const says = (person, text) => ({ user: person, says: text });
const sends = (text, more) => ({ app: 'bot', sends: text, ...more });
const greets = (name, more) => sends({ text: `Hello, ${name}! What would you like?` }, more);

// --- A conversation --------------------------------------------------------------------------------------------------

describe('a conversation', () => {
  test('whoever writes is greeted by name, and can tap what there is', async (t) => {
    const { world } = await start(t);
    await world.step(says('bob', 'Grüß Gott / 100%'));
    await world.step(greets('Jürg'));
    await world.expect({ message: { from: 'bot', to: 'bob', quick_replies: CHOICES } });
  });

  test('the menu and Get Started are there before anybody writes', async (t) => {
    const { world } = await start(t);
    await world.step({ user: 'alice', gets_started: true });
    await world.step(greets('Alice'));
    await world.step({ user: 'alice', taps_menu: 'Our goods' });
    await world.step(greets('Alice'));
    const got = await world.step({ call: { as: 'bot', get: '/me/messenger_profile?fields=greeting' } });
    assert.equal(got.answer.data[0].greeting[0].text, 'Fresh bread and cake, every day.');
  });

  test('from the greeting to an order', async (t) => {
    const { world } = await start(t);
    await world.step(says('alice', 'Hi'));
    await world.step({ user: 'alice', taps_quick_reply: 'Cake' });
    await world.step(sends({ attachment: { type: 'image', payload: { url: 'https://bakery.example/cake.jpg' } } }));
    await world.step({ user: 'alice', taps_button: 'Order cake' });
    await world.step(sends('Thank you! Your cake is ready in 5 minutes.'));
  });

  test('a picture is thanked for', async (t) => {
    const { world } = await start(t);
    await world.step({ user: 'alice', sends: PICTURE });
    await world.step(sends('Thank you for the picture!'));
  });

  test('answers to one person keep their order', async (t) => {
    const { world } = await start(t);
    // Both messages come in one delivery, and the first answer needs more time than the second.
    await world.step({ fault: { webhook: 'messages', app: 'bot', batch: 2 } });
    await world.step({ fault: { at: 'profile_read', latency: '200ms' } });
    await world.step(says('alice', 'Hi'));
    await world.step({ user: 'alice', sends: PICTURE });
    await world.step(sends('Thank you for the picture!'));
    await world.step(greets('Alice'));
    const texts = ['Hello, Alice! What would you like?', 'Thank you for the picture!'];
    assert.deepEqual(await world.texts('shop', 'alice', 'bot'), texts);
  });

  test('answers to another person do not wait', async (t) => {
    const { world } = await start(t);
    await world.step({ fault: { at: 'profile_read', to: 'alice', latency: '1s' } });
    const slow = world.step(says('alice', 'Hi'));
    await world.step(says('bob', 'Hi'));
    await world.step(greets('Jürg', { to: 'bob' }));
    assert.deepEqual(await world.texts('shop', 'alice', 'bot'), []);
    await slow;
    await world.step(greets('Alice', { to: 'alice' }));
  });
});

// --- Hand-over -------------------------------------------------------------------------------------------------------

describe('hand-over', () => {
  test('"human" passes the thread to the desk, and the bot is silent until it comes back', async (t) => {
    const { world, output } = await start(t);
    await world.step(says('alice', ' Human \n'));
    await world.step(sends('One moment, a colleague will answer you.', { thread_control: { payload: 'pass_thread_control' } }));
    await world.expect({ owner: 'desk' }, { app: 'desk', gets: 'messaging_handovers' });
    await world.step(says('alice', 'Is anybody there?'));
    await world.expect({ app: 'bot', gets: 'standby', text: 'Is anybody there?' });
    await world.step({ app: 'bot', stays_silent: '100ms' });
    assert.match(await output.next(), /^standby, not ours to answer: \d+$/);
    await world.step({ app: 'desk', sends: 'Yes, this is Dora.' });
    await world.step({ app: 'desk', passes: 'bot' });
    await world.step(sends({ text: 'I am back. What would you like?' }));
    await world.expect({ owner: 'bot' });
  });

  test('the menu leads to a human, too', async (t) => {
    const { world } = await start(t);
    await world.step({ user: 'alice', taps_menu: 'Talk to a human' });
    await world.step(sends('One moment, a colleague will answer you.'));
    await world.expect({ owner: 'desk' });
  });
});

// --- Trouble ---------------------------------------------------------------------------------------------------------

describe('trouble', () => {
  for (const reply of ['temporary_send_failure', 'rate_limited', 'unavailable']) {
    test(`a send that meets ${reply} is tried again`, async (t) => {
      const { world } = await start(t);
      await world.step({ fault: { at: 'send', reply, times: 2 } });
      await world.step(says('alice', 'Hi'));
      await world.step(greets('Alice'));
      assert.equal((await world.calls('/me/messages')).length, 3);
    });
  }

  test('an error page of the edge is tried again', async (t) => {
    const { world } = await start(t);
    await world.step({ fault: { at: 'send', html: 502 } });
    await world.step(says('alice', 'Hi'));
    await world.step(greets('Alice'));
  });

  test('the fourth failure is the last one', async (t) => {
    const { world, errors } = await start(t);
    await world.step({ fault: { at: 'send', reply: 'temporary_send_failure', times: 4 } });
    await world.step(says('alice', 'Hi'));
    assert.match(await errors.next(), /^cannot answer \d+: code 1200, /);
    assert.equal((await world.calls('/me/messages')).length, 4);
  });

  test('a refusal is logged with its code and subcode and not tried again, and the bot goes on', async (t) => {
    const { world, errors } = await start(t);
    await world.step({ fault: { at: 'send', reply: 'recipient_not_available' } });
    await world.step(says('alice', 'Hi'));
    assert.match(await errors.next(), /^cannot answer \d+: code 551, subcode 1893047: \(#551\) /);
    await world.step(says('alice', 'Hello?'));
    await world.step(greets('Alice'));
    assert.equal((await world.calls('/me/messages')).length, 2);
  });

  test('a message whose answer is lost is not sent twice', async (t) => {
    const { world, errors } = await start(t);
    await world.step({ fault: { at: 'send', breaks: 'reset', after: true } });
    await world.step(says('alice', 'Hi'));
    assert.match(await errors.next(), /^cannot answer \d+: .*(ECONNRESET|hang up)/);
    assert.equal((await world.calls('/me/messages')).length, 1);
  });

  test('without the profile of the person the greeting has no name', async (t) => {
    const { world, errors } = await start(t);
    await world.step({ fault: { at: 'profile_read', reply: 'unknown_error' } });
    await world.step(says('alice', 'Hi'));
    await world.step(sends({ text: 'Hello! What would you like?' }));
    assert.match(await errors.next(), /^no profile of \d+: code 1, /);
  });

  test('a webhook that comes twice is answered once', async (t) => {
    const { world } = await start(t);
    await world.step({ fault: { webhook: 'messages', app: 'bot', goes: 'twice' } });
    await world.step(says('alice', 'Hi'));
    await world.step(greets('Alice'));
    await world.step({ app: 'bot', stays_silent: '100ms' });
  });

  for (const signed of ['wrong_secret', 'sha1', 'not']) {
    test(`a webhook whose signature is ${signed} is refused and not answered`, async (t) => {
      const { world } = await start(t);
      await world.step({ fault: { webhook: 'messages', app: 'bot', signed } });
      await world.step(says('alice', 'Hi'));
      await world.expect({ app: 'bot', delivery: { field: 'messages', attempt: 1, status: 403, said: 'wrong signature' } });
      await world.step({ app: 'bot', stays_silent: '100ms' });
    });
  }
});

// --- The webhook -----------------------------------------------------------------------------------------------------

describe('the webhook', () => {
  test('the challenge comes back for the right verify token only', async (t) => {
    const { world, url } = await start(t); // attached with the right one
    const right = world.apps.bot.verify_token;
    for (const [mode, token] of [['subscribe', 'open-barley'], ['unsubscribe', right]]) {
      const query = new URLSearchParams({ 'hub.mode': mode, 'hub.challenge': '1158201444', 'hub.verify_token': token });
      const response = await fetch(`${url}?${query}`);
      assert.deepEqual([response.status, await response.text()], [403, 'wrong verify token']);
    }
    assert.equal((await fetch(url)).status, 403);
  });

  test('what is too large, not JSON or elsewhere is refused, and the bot goes on', async (t) => {
    const { world, url, errors } = await start(t);
    async function post(body) {
      const signature = createHmac('sha256', world.apps.bot.secret).update(body).digest('hex');
      const response = await fetch(url, { method: 'POST', headers: { 'X-Hub-Signature-256': `sha256=${signature}` }, body });
      return [response.status, await response.text()];
    }
    const limit = 1024 * 1024;
    assert.deepEqual(await post(`"${'x'.repeat(limit - 1)}"`), [413, 'body too large']);
    assert.deepEqual(await post(`"${'x'.repeat(limit - 2)}"`), [200, 'EVENT_RECEIVED']);
    assert.deepEqual(await post('{"entry":'), [400, 'bad request']);
    assert.match(await errors.next(), /^bad request: /);
    assert.equal((await fetch(url.replace('/webhook', '/'))).status, 404);
    assert.equal((await fetch(url, { method: 'DELETE' })).status, 405);
    await world.step(says('alice', 'Hi'));
    await world.step(greets('Alice'));
  });
});

// --- Settings --------------------------------------------------------------------------------------------------------

describe('settings', () => {
  async function failure(env) {
    const child = spawnBot(env);
    const errors = child.stderr.setEncoding('utf8').toArray();
    const [code] = await once(child, 'exit');
    return [code, (await errors).join('')];
  }

  for (const name of ['PAGE_TOKEN', 'APP_ID', 'APP_SECRET', 'VERIFY_TOKEN', 'GRAPH_URL']) {
    test(`without ${name} the bot says so and exits with 1`, async (t) => {
      const world = await graphdouble.createWorld(WORLD);
      t.after(() => world.remove());
      const settings = settingsOf(world);
      assert.deepEqual(await failure({ ...settings, [name]: '' }), [1, `missing environment variable: ${name}\n`]);
    });
  }

  test('a token that is none, a port that is none or is taken, is one line and exit code 1', async (t) => {
    const { world, url } = await start(t);
    const settings = settingsOf(world);
    assert.deepEqual(await failure({ ...settings, PORT: 'http' }), [1, 'PORT is not a port number: http\n']);
    const { port } = new URL(url);
    const [taken, said] = await failure({ ...settings, PORT: port });
    assert.deepEqual([taken, said.includes('EADDRINUSE')], [1, true], said);
    const [refused, why] = await failure({ ...settings, PAGE_TOKEN: 'EAAnone' });
    assert.equal(refused, 1);
    assert.match(why, /^cannot set the profile of the page: code 190, .*\n$/);
  });
});
