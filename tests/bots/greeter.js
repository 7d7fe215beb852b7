// A bot without a framework: it takes webhooks at a port of its own, verifies them, and greets whoever writes.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const crypto = require('node:crypto');

const { GRAPHDOUBLE_URL, GRAPHDOUBLE_APP_SECRET, GRAPHDOUBLE_PAGE_TOKEN, GRAPHDOUBLE_VERIFY_TOKEN } = process.env;

async function greet(event) {
  const answer = await fetch(`${GRAPHDOUBLE_URL}/v25.0/me/messages?access_token=${GRAPHDOUBLE_PAGE_TOKEN}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ recipient: { id: event.sender.id }, message: { text: `Hello from node: ${event.message.text}` } }),
  });
  if (!answer.ok) console.log(await answer.text());
}

function isSigned(request, body) {
  const signature = crypto.createHmac('sha256', GRAPHDOUBLE_APP_SECRET).update(body).digest('hex');
  return request.headers['x-hub-signature-256'] === `sha256=${signature}`;
}

function answer(request, response) {
  const query = new URL(request.url, 'http://bot').searchParams;
  if (request.method === 'GET') {
    const isKnown = query.get('hub.mode') === 'subscribe' && query.get('hub.verify_token') === GRAPHDOUBLE_VERIFY_TOKEN;
    response.writeHead(isKnown ? 200 : 403).end(isKnown ? query.get('hub.challenge') : 'wrong verify token');
    return;
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    if (!isSigned(request, body)) return response.writeHead(403).end();
    response.writeHead(200).end('EVENT_RECEIVED');
    for (const entry of JSON.parse(body).entry) {
      for (const event of entry.messaging ?? []) {
        if (event.message?.text && event.message.app_id === undefined) greet(event);
      }
    }
  });
}

// With TLS_CERT and TLS_KEY, two PEM files, it speaks HTTPS.
const { TLS_CERT, TLS_KEY } = process.env;
const server = TLS_CERT
  ? https.createServer({ cert: fs.readFileSync(TLS_CERT), key: fs.readFileSync(TLS_KEY) }, answer)
  : http.createServer(answer);
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`the bot takes webhooks at ${TLS_CERT ? 'https' : 'http'}://127.0.0.1:${server.address().port}/webhook`);
});
