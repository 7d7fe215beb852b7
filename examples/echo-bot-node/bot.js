// An echo bot for Messenger: it repeats what people write, and hands them to a human when they ask for one.
// Plain Node on the receiving side, an unmodified client library from npm on the sending side.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

import messaging from 'messaging-api-messenger'; // CommonJS, and Node finds no named exports in it

const GRAPH_VERSION = '25.0';
const GRAPH_TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 1024 * 1024;
const TRANSFER_TEXT = 'Let me transfer you to our live agent';

const settings = readSettings(process.env);

const graph = new messaging.MessengerClient({
  accessToken: settings.pageToken,
  appSecret: settings.appSecret, // makes the client add appsecret_proof to every call
  origin: settings.graphUrl, // instead of https://graph.facebook.com
  version: GRAPH_VERSION,
});
// The client waits for ever by default, and a call that never returns would hold up all later answers to that person.
graph.axios.defaults.timeout = GRAPH_TIMEOUT_MS;

// --- What the bot says -----------------------------------------------------------------------------------------------

// The answer to one item of `entry.messaging`, or null where the bot has nothing to say: echoes of its own messages,
// deliveries, reads, referrals, handovers.
function answerTo({ message, postback }) {
  if (message?.text && !message.is_echo) {
    return wantsAgent(message.text) ? { text: TRANSFER_TEXT, thenPass: true } : { text: message.text };
  }
  if (postback?.payload) return { text: `You tapped: ${postback.title}` };
  return null;
}

function wantsAgent(text) {
  return text.trim().toLowerCase() === 'agent';
}

function send(psid, { text, thenPass }) {
  const options = { messagingType: 'RESPONSE' };
  // Options become members of the request body, their names in snake case. Without an app id, control goes to the
  // page's default app, after the message has been sent: one call, so nobody can slip in between.
  if (thenPass) options.threadControl = { payload: 'pass_thread_control' };
  return graph.sendText(psid, text, options);
}

// --- What the bot hears ----------------------------------------------------------------------------------------------

function dispatch(delivery) {
  for (const entry of delivery.entry ?? []) {
    // An entry has either `messaging` or `standby`, never both. Standby means that another app owns the thread:
    // we may read along, but answering would talk over the owner, and Graph would refuse it.
    for (const event of entry.standby ?? []) console.log(`standby, not ours to answer: ${event.sender?.id}`);
    for (const event of entry.messaging ?? []) {
      const answer = answerTo(event);
      if (answer) inOrder(event.sender.id, () => send(event.sender.id, answer));
    }
  }
}

// One chain of promises per person: answers to one keep their order, answers to different people do not wait.
const chains = new Map();

function inOrder(psid, task) {
  const chain = (chains.get(psid) ?? Promise.resolve())
    .then(task)
    .catch((error) => console.error(`cannot answer ${psid}: ${explain(error)}`))
    .finally(() => {
      if (chains.get(psid) === chain) chains.delete(psid); // the last link: nobody waits for it, so let go of it
    });
  chains.set(psid, chain);
}

function explain(error) {
  const refusal = error.response?.data?.error; // the client turns Graph's snake_case into camelCase
  if (!refusal) return error.message;
  return `code ${refusal.code}, subcode ${refusal.errorSubcode ?? 'none'}: ${refusal.message}`;
}

// --- The webhook -----------------------------------------------------------------------------------------------------

const server = createServer((request, response) => {
  route(request, response).catch((error) => {
    console.error(`bad request: ${error.message}`);
    if (!response.headersSent) respond(response, 400, 'bad request');
  });
});

async function route(request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname !== '/webhook') return respond(response, 404, 'not found');
  if (request.method === 'GET') return verify(url.searchParams, response);
  if (request.method === 'POST') return receive(request, response);
  return respond(response, 405, 'method not allowed');
}

// Meta asks once, when the webhook is configured, whether it is really ours.
function verify(query, response) {
  const subscribes = query.get('hub.mode') === 'subscribe';
  if (!subscribes || !sameText(query.get('hub.verify_token'), settings.verifyToken)) {
    return respond(response, 403, 'wrong verify token');
  }
  return respond(response, 200, query.get('hub.challenge') ?? '');
}

async function receive(request, response) {
  const body = await readBody(request);
  if (!body) return respond(response, 413, 'body too large');
  if (!isSigned(body, request.headers['x-hub-signature-256'])) return respond(response, 403, 'wrong signature');
  const delivery = JSON.parse(body);
  // Answer before doing the work: Meta gives a webhook five seconds, and delivers again what was not answered in time.
  respond(response, 200, 'EVENT_RECEIVED');
  dispatch(delivery);
}

// The raw bytes, for the signature covers them and not the JSON they spell. Null when there are too many: the rest is
// read and dropped, so that the sender gets an answer and not a reset connection.
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : null;
}

function isSigned(body, signature) {
  return sameText(signature, `sha256=${createHmac('sha256', settings.appSecret).update(body).digest('hex')}`);
}

// Compares in constant time, so that the time taken says nothing about how much of a guess was right.
function sameText(given, expected) {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function respond(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

// --- Start and stop --------------------------------------------------------------------------------------------------

function readSettings(env) {
  const missing = ['PAGE_TOKEN', 'APP_SECRET', 'VERIFY_TOKEN', 'GRAPH_URL'].filter((name) => !env[name]);
  if (missing.length > 0) fail(`missing environment variable: ${missing.join(', ')}`);
  const port = Number(env.PORT || 5001);
  if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`PORT is not a port number: ${env.PORT}`);
  const graphUrl = env.GRAPH_URL.replace(/\/+$/, ''); // the client puts a slash of its own behind it
  return { port, graphUrl, pageToken: env.PAGE_TOKEN, appSecret: env.APP_SECRET, verifyToken: env.VERIFY_TOKEN };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

server.on('error', (error) => fail(`cannot listen on port ${settings.port}: ${error.message}`));
server.listen(settings.port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));

// With the listener closed, Node exits by itself once the last answer is out. The same signal again kills at once.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
