// What several tests share: a small bot, a world, programs that are no graphdouble, and waiting for a process to end.
'use strict';

const { chmodSync, mkdtempSync, writeFileSync } = require('node:fs');
const http = require('node:http');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const WORLD = {
  apps: { bot: {}, desk: {}, sales: {} },
  pages: { shop: { default_app: 'desk', social: 'bot', apps: { bot: {}, desk: {}, sales: { standby: false } } } },
  ads: { tulips: { page: 'shop', app: 'sales' } },
  people: { alice: {}, crowd: { count: 3 } },
};

function bodyOf(request) {
  return new Promise((resolve) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** A bot that answers each text with `You said …`, or takes no webhook at all. */
async function startBot(t, { url, token, verifyToken, status = 200 }) {
  const server = http.createServer(async (request, response) => {
    const { searchParams } = new URL(request.url, 'http://bot');
    if (request.method === 'GET') {
      const isRight = searchParams.get('hub.verify_token') === verifyToken;
      response.writeHead(isRight ? 200 : 403).end(isRight ? searchParams.get('hub.challenge') : 'no');
      return;
    }
    const { entry } = JSON.parse(await bodyOf(request));
    response.writeHead(status).end(status === 200 ? 'ok' : 'out of order');
    if (status !== 200) return;
    for (const { sender, message } of entry.flatMap(({ messaging = [] }) => messaging)) {
      if (!message?.text || message.is_echo) continue;
      const body = { recipient: { id: sender.id }, messaging_type: 'RESPONSE', message: { text: `You said ${message.text}` } };
      await post(`${url}/v25.0/me/messages?access_token=${token}`, body);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/webhook`;
}

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(body),
  });
  await response.text();
  return response.status;
}

/** Attaches a bot to the app `bot` of a world. */
async function attachBot(t, world, more = {}) {
  const bot = world.app('bot');
  const { GRAPHDOUBLE_URL: url, GRAPHDOUBLE_PAGE_TOKEN: token, GRAPHDOUBLE_VERIFY_TOKEN: verifyToken } = bot.env();
  const webhook = await startBot(t, { url, token, verifyToken, ...more });
  await bot.webhook(webhook, { verify: true });
  return bot;
}

/** A program that is no graphdouble. */
function program(text) {
  const file = join(mkdtempSync(join(tmpdir(), 'graphdouble-test-')), 'program');
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

function rejection(promise) {
  return promise.then(
    () => {
      throw new Error('it was expected to fail');
    },
    (error) => error,
  );
}

module.exports = { WORLD, attachBot, post, program, rejection };
