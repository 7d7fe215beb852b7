// Runs the bot as it is run for real, as a process of its own, between a sender of webhooks and a fake Graph API.
// Nothing here sleeps: a test waits for a line the bot prints or for a call it makes. Silence is tested by sending one
// more message after what must stay unanswered: its answer has to be the first call. And when a test ends, the bot
// is asked to stop, finishes what it has begun, and must not have made any call that the test did not take.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const PAGE_TOKEN = 'EAAsupport';
const APP_SECRET = 'support-secret';
const VERIFY_TOKEN = 'open-sesame';
const PAGE = '2001';
const ALICE = '3001';
const BOB = '3002';
const WAIT_MS = 10_000; // how long a test that fails takes to say so; one that passes never waits for it

// --- Harness ---------------------------------------------------------------------------------------------------------

// A queue whose reader waits for the writer.
function createQueue(what) {
  const items = [];
  const readers = [];
  return {
    items,
    push(item) {
      const reader = readers.shift();
      reader ? reader(item) : items.push(item);
    },
    next() {
      if (items.length > 0) return Promise.resolve(items.shift());
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no ${what} within ${WAIT_MS} ms`)), WAIT_MS).unref();
        readers.push((item) => {
          clearTimeout(timer);
          resolve(item);
        });
      });
    },
  };
}

// A Graph API that records each call and answers it as `replies` says, with success when that is empty.
async function startGraph(t) {
  const calls = createQueue('Graph call');
  const replies = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url, 'http://graph');
    const body = JSON.parse(Buffer.concat(chunks));
    const query = Object.fromEntries(url.searchParams);
    calls.push({ method: request.method, path: url.pathname, query, headers: request.headers, body });
    const success = { status: 200, body: { recipient_id: body.recipient?.id, message_id: 'm_1' } };
    const reply = (await replies.shift()) ?? success;
    response.writeHead(reply.status, { 'Content-Type': 'application/json; charset=UTF-8' });
    response.end(JSON.stringify(reply.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { origin: `http://127.0.0.1:${server.address().port}`, calls, replies };
}

function spawnBot(env) {
  // The client library would send even loopback calls through a proxy; it looks at the lower-case name first.
  const loopback = { no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' };
  return spawn(process.execPath, ['bot.js'], { cwd: FOLDER, env: { ...process.env, ...loopback, ...env } });
}

async function startBot(t) {
  const graph = await startGraph(t);
  const child = spawnBot({ PORT: '0', PAGE_TOKEN, APP_SECRET, VERIFY_TOKEN, GRAPH_URL: graph.origin });
  const exited = once(child, 'exit');
  const [output, errors] = [createQueue('line on stdout'), createQueue('line on stderr')];
  createInterface({ input: child.stdout }).on('line', output.push);
  createInterface({ input: child.stderr }).on('line', errors.push);
  t.after(async () => {
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null], 'the bot stops cleanly when asked to');
    assert.deepEqual(graph.calls.items, [], 'no call beyond those the test took');
    assert.deepEqual(errors.items, [], 'no complaint beyond those the test took');
  });
  const early = exited.then(() => assert.fail(`the bot did not start: ${errors.items.join('\n')}`));
  const ready = await Promise.race([output.next(), early]);
  early.catch(() => {}); // from here on, to exit is no failure
  assert.match(ready, /^listening on http:\/\/127\.0\.0\.1:\d+$/);
  return { url: `${ready.replace('listening on ', '')}/webhook`, graph, output, errors };
}

// JSON as Meta spells it: slashes and everything beyond ASCII escaped. The signature is over exactly these bytes.
function metaJson(value) {
  const escape = (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replaceAll('/', '\\/').replace(/[^\x00-\x7f]/g, escape);
}

function sign(body, secret = APP_SECRET) {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

async function post(bot, body, signature = sign(body)) {
  const headers = { 'Content-Type': 'application/json', ...(signature && { 'X-Hub-Signature-256': signature }) };
  const response = await fetch(bot.url, { method: 'POST', headers, body });
  return [response.status, await response.text()];
}

async function deliver(bot, ...entries) {
  const stamped = entries.map((entry) => ({ time: 1720368846816, id: PAGE, ...entry }));
  assert.deepEqual(await post(bot, metaJson({ object: 'page', entry: stamped })), [200, 'EVENT_RECEIVED']);
}

function event(from, content) {
  return { sender: { id: from }, recipient: { id: PAGE }, timestamp: 1720368845189, ...content };
}

function says(from, text) {
  return event(from, { message: { mid: 'm_in', text } });
}

function textOf(call) {
  return [call.body.recipient.id, call.body.message.text];
}

// --- Answers ---------------------------------------------------------------------------------------------------------

describe('answers', () => {
  test('a text is echoed by one exact Send API call', async (t) => {
    const bot = await startBot(t);
    await deliver(bot, { messaging: [says(ALICE, 'Grüße / hello 🌷')] });
    const call = await bot.graph.calls.next();
    assert.equal(call.method, 'POST');
    assert.equal(call.path, '/v25.0/me/messages');
    assert.deepEqual(call.query, {
      access_token: PAGE_TOKEN,
      appsecret_proof: createHmac('sha256', APP_SECRET).update(PAGE_TOKEN).digest('hex'),
    });
    assert.match(call.headers['content-type'], /^application\/json/);
    assert.deepEqual(call.body, {
      messaging_type: 'RESPONSE',
      recipient: { id: ALICE },
      message: { text: 'Grüße / hello 🌷' },
    });
  });

  test('"agent" is answered and passes the thread to the default app in the same call', async (t) => {
    const bot = await startBot(t);
    await deliver(bot, { messaging: [says(ALICE, '  Agent \n')] });
    assert.deepEqual((await bot.graph.calls.next()).body, {
      messaging_type: 'RESPONSE',
      recipient: { id: ALICE },
      message: { text: 'Let me transfer you to our live agent' },
      thread_control: { payload: 'pass_thread_control' },
    });
  });

  test('a text that merely contains "agent" is echoed', async (t) => {
    const bot = await startBot(t);
    await deliver(bot, { messaging: [says(ALICE, 'secret agent')] });
    assert.deepEqual((await bot.graph.calls.next()).body, {
      messaging_type: 'RESPONSE',
      recipient: { id: ALICE },
      message: { text: 'secret agent' },
    });
  });

  test('a postback is answered with its title', async (t) => {
    const bot = await startBot(t);
    const postback = { mid: 'm_in', title: 'Get Started', payload: 'GET_STARTED' };
    await deliver(bot, { messaging: [event(ALICE, { postback })] });
    assert.deepEqual((await bot.graph.calls.next()).body, {
      messaging_type: 'RESPONSE',
      recipient: { id: ALICE },
      message: { text: 'You tapped: Get Started' },
    });
  });

  test('every event of every entry of a delivery is answered', async (t) => {
    const bot = await startBot(t);
    const first = { messaging: [says(ALICE, 'one'), says(ALICE, 'two')] };
    await deliver(bot, first, { standby: [says(ALICE, 'not this')] }, { messaging: [says(ALICE, 'three')] });
    for (const text of ['one', 'two', 'three']) {
      assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, text]);
    }
  });

  test('answers to one person keep their order, answers to another do not wait', async (t) => {
    const bot = await startBot(t);
    let release;
    bot.graph.replies.push(new Promise((resolve) => (release = resolve)));
    await deliver(bot, { messaging: [says(ALICE, 'one')] });
    assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, 'one']);
    await deliver(bot, { messaging: [says(ALICE, 'two')] });
    await deliver(bot, { messaging: [says(BOB, 'me too')] });
    assert.deepEqual(textOf(await bot.graph.calls.next()), [BOB, 'me too']);
    release();
    assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, 'two']);
  });

  test('a refusal by Graph is logged with its code and subcode, and the bot goes on', async (t) => {
    const bot = await startBot(t);
    const message = '(#10) Another app is controlling this thread now.';
    const error = { message, type: 'OAuthException', code: 10, error_subcode: 2018300, fbtrace_id: 'A' };
    bot.graph.replies.push({ status: 400, body: { error } });
    await deliver(bot, { messaging: [says(ALICE, 'one'), says(ALICE, 'two')] });
    assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, 'one']);
    assert.equal(await bot.errors.next(), `cannot answer ${ALICE}: code 10, subcode 2018300: ${message}`);
    assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, 'two']);
  });
});

// --- Silence ---------------------------------------------------------------------------------------------------------

describe('silence', () => {
  const echo = { mid: 'm_out', is_echo: true, app_id: 1001, text: 'agent' };
  const picture = { mid: 'm_in', attachments: [{ type: 'image', payload: { url: 'https://example.test/a.png' } }] };
  const foreign = { mid: 'm_in', title: 'Buy' }; // only the app that sent a button is told its payload
  const referral = { ref: 'spring26', source: 'SHORTLINK', type: 'OPEN_THREAD' };
  const handover = { previous_owner_app_id: '1002', new_owner_app_id: '1001', metadata: '' };
  const roles = { 1001: ['primary_receiver'] };
  const unanswered = {
    'an echo': { messaging: [event(PAGE, { message: echo })] },
    'a message without text': { messaging: [event(ALICE, { message: picture })] },
    'a button of another app': { messaging: [event(ALICE, { postback: foreign })] },
    'a delivery': { messaging: [event(ALICE, { delivery: { mids: ['m_out'], watermark: 1720368845189 } })] },
    'a read': { messaging: [event(ALICE, { read: { watermark: 1720368845189 } })] },
    'a referral': { messaging: [event(ALICE, { referral })] },
    'a handover': { messaging: [event(ALICE, { pass_thread_control: handover })] },
    'an event without a sender': { messaging: [{ recipient: { id: PAGE }, app_roles: roles }] },
    'an entry of changes': { changes: [{ field: 'feed', value: {} }] },
  };
  for (const [what, entry] of Object.entries(unanswered)) {
    test(`${what} gets no answer`, async (t) => {
      const bot = await startBot(t);
      await deliver(bot, entry);
      await deliver(bot, { messaging: [says(ALICE, 'ping')] });
      assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, 'ping']);
    });
  }

  test('standby is logged and gets no answer, not even "agent" or a button', async (t) => {
    const bot = await startBot(t);
    await deliver(bot, { standby: [says(ALICE, 'hello')] }, { standby: [says(ALICE, 'agent')] });
    await deliver(bot, { standby: [event(ALICE, { postback: { ...foreign, payload: 'BUY' } })] });
    await deliver(bot, { messaging: [says(ALICE, 'ping')] });
    assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, 'ping']);
    for (let i = 0; i < 3; i += 1) assert.equal(await bot.output.next(), `standby, not ours to answer: ${ALICE}`);
  });
});

// --- The webhook -----------------------------------------------------------------------------------------------------

describe('the webhook', () => {
  async function handshake(bot, mode, token) {
    const query = new URLSearchParams({ 'hub.mode': mode, 'hub.challenge': '1158201444', 'hub.verify_token': token });
    const response = await fetch(`${bot.url}?${query}`);
    return [response.status, await response.text()];
  }

  test('the challenge comes back for the right verify token only', async (t) => {
    const bot = await startBot(t);
    assert.deepEqual(await handshake(bot, 'subscribe', VERIFY_TOKEN), [200, '1158201444']);
    assert.deepEqual(await handshake(bot, 'subscribe', 'open-barley'), [403, 'wrong verify token']);
    assert.deepEqual(await handshake(bot, 'unsubscribe', VERIFY_TOKEN), [403, 'wrong verify token']);
    assert.equal((await fetch(bot.url)).status, 403);
  });

  test('a delivery that is not signed with the app secret is refused and not answered', async (t) => {
    const bot = await startBot(t);
    const body = metaJson({ object: 'page', entry: [{ id: PAGE, messaging: [says(ALICE, 'forged')] }] });
    assert.deepEqual(await post(bot, body, sign(body, 'another-secret')), [403, 'wrong signature']);
    assert.deepEqual(await post(bot, `${body} `, sign(body)), [403, 'wrong signature']);
    assert.deepEqual(await post(bot, body, 'sha256='), [403, 'wrong signature']);
    assert.deepEqual(await post(bot, body, null), [403, 'wrong signature']);
    await deliver(bot, { messaging: [says(ALICE, 'ping')] });
    assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, 'ping']);
  });

  test('what is too large, not JSON or elsewhere is refused, and the bot goes on', async (t) => {
    const bot = await startBot(t);
    const limit = 1024 * 1024;
    assert.deepEqual(await post(bot, `"${'x'.repeat(limit - 1)}"`), [413, 'body too large']);
    assert.deepEqual(await post(bot, `"${'x'.repeat(limit - 2)}"`), [200, 'EVENT_RECEIVED']);
    assert.deepEqual(await post(bot, '{"entry":'), [400, 'bad request']);
    assert.match(await bot.errors.next(), /^bad request: /);
    assert.equal((await fetch(bot.url.replace('/webhook', '/'))).status, 404);
    assert.equal((await fetch(bot.url, { method: 'DELETE' })).status, 405);
    await deliver(bot, { messaging: [says(ALICE, 'ping')] });
    assert.deepEqual(textOf(await bot.graph.calls.next()), [ALICE, 'ping']);
  });
});

// --- Settings --------------------------------------------------------------------------------------------------------

describe('settings', () => {
  const settings = { PORT: '0', PAGE_TOKEN, APP_SECRET, VERIFY_TOKEN, GRAPH_URL: 'http://127.0.0.1:4004' };

  async function failure(env) {
    const child = spawnBot(env);
    const errors = child.stderr.setEncoding('utf8').toArray();
    const [code] = await once(child, 'exit');
    return [code, (await errors).join('')];
  }

  for (const name of ['PAGE_TOKEN', 'APP_SECRET', 'VERIFY_TOKEN', 'GRAPH_URL']) {
    test(`without ${name} the bot says so and exits with 1`, async () => {
      assert.deepEqual(await failure({ ...settings, [name]: '' }), [1, `missing environment variable: ${name}\n`]);
    });
  }

  test('a port that is none, or is taken, is one line and exit code 1', async (t) => {
    assert.deepEqual(await failure({ ...settings, PORT: 'http' }), [1, 'PORT is not a port number: http\n']);
    const { port } = new URL((await startBot(t)).url);
    const [code, line] = await failure({ ...settings, PORT: port });
    assert.equal(code, 1);
    assert.match(line, new RegExp(`^cannot listen on port ${port}: .*EADDRINUSE.*\n$`));
  });
});
