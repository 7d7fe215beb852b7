// A bot for the Messenger page of a bakery: it greets, shows what there is, takes orders, and hands people over to a human when they ask for
// one. This file receives the webhooks, with plain Node; conversation.js has what the bot says, graph.js how it says it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

import { PROFILE, answersTo } from './conversation.js';
import { createGraph, explain } from './graph.js';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_REMEMBERED_MIDS = 10_000;

const settings = readSettings(process.env);
const graph = createGraph(settings);

// --- What the bot hears ----------------------------------------------------------------------------------------------

function dispatch(delivery) {
  for (const entry of delivery.entry ?? []) {
    // An entry has either `messaging` or `standby`, never both. Standby means that another app owns the thread:
    // we may read along, but answering would talk over the owner, and Graph would refuse it.
    for (const event of entry.standby ?? []) console.log(`standby, not ours to answer: ${event.sender?.id}`);
    for (const event of entry.messaging ?? []) {
      if (event.sender?.id && isNew(event)) inOrder(event.sender.id, () => answer(event));
    }
  }
}

async function answer(event) {
  const psid = event.sender.id;
  const answers = await answersTo(event, { appId: settings.appId, firstName: () => graph.firstName(psid) });
  for (const message of answers) await graph.send(psid, message);
}

// Meta delivers a webhook again if it is not sure that we got it. The oldest ids are forgotten.
const answered = new Set();

function isNew({ message, postback }) {
  const mid = message?.mid ?? postback?.mid;
  if (!mid) return true;
  if (answered.has(mid)) return false;
  answered.add(mid);
  if (answered.size > MAX_REMEMBERED_MIDS) answered.delete(answered.values().next().value);
  return true;
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
  const missing = ['PAGE_TOKEN', 'APP_ID', 'APP_SECRET', 'VERIFY_TOKEN', 'GRAPH_URL'].filter((name) => !env[name]);
  if (missing.length > 0) fail(`missing environment variable: ${missing.join(', ')}`);
  const port = Number(env.PORT || 5001);
  if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`PORT is not a port number: ${env.PORT}`);
  const graphUrl = env.GRAPH_URL.replace(/\/+$/, ''); // the client puts a slash of its own behind it
  const { PAGE_TOKEN: pageToken, APP_ID: appId, APP_SECRET: appSecret, VERIFY_TOKEN: verifyToken } = env;
  return { port, graphUrl, pageToken, appId, appSecret, verifyToken };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

server.on('error', (error) => fail(`cannot listen on port ${settings.port}: ${error.message}`));
try {
  await graph.setProfile(PROFILE);
} catch (error) {
  fail(`cannot set the profile of the page: ${explain(error)}`);
}
server.listen(settings.port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));

// With the listener closed, Node exits by itself once the last answer is out. The same signal again kills at once.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
