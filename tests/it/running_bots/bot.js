// A bot in Node, on its standard library. It sets a menu and a persona once it listens. It leaves the message HOLD alone until another one
// comes, and answers it first then. Between two calls of its start it does nothing else for STALL ms.
'use strict';
const http = require('node:http');

const { GRAPHDOUBLE_URL, GRAPHDOUBLE_PAGE_TOKEN, PORT, HOLD, STALL = '0' } = process.env;
let persona;
let held;

async function call(edge, body) {
  const url = `${GRAPHDOUBLE_URL}/v25.0/me/${edge}?access_token=${GRAPHDOUBLE_PAGE_TOKEN}`;
  const answer = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) console.log(edge, text);
  return JSON.parse(text);
}

async function answer(event) {
  const recipient = { id: event.sender.id };
  if (event.postback) return call('messages', { recipient, message: { text: `You chose ${event.postback.payload}` } });
  if (!event.message || event.message.is_echo) return undefined;
  if (event.message.text === 'die') {
    process.stdout.write('out of luck\n', () => process.exit(7));
    return undefined;
  }
  if (event.message.text === HOLD) {
    held = event;
    return undefined;
  }
  const others = held ? [held] : [];
  held = undefined;
  for (const { sender, message } of [...others, event]) {
    await call('messages', { recipient: { id: sender.id }, message: { text: `You said ${message.text}` }, persona_id: persona });
  }
  return undefined;
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    response.end();
    if (request.method !== 'POST') return;
    for (const entry of JSON.parse(Buffer.concat(parts)).entry) (entry.messaging ?? []).forEach(answer);
  });
});

server.listen(Number(PORT), '127.0.0.1', async () => {
  const item = { type: 'postback', title: 'Shop', payload: 'SHOP' };
  const persistent_menu = [{ locale: 'default', call_to_actions: [item] }];
  await call('messenger_profile', { get_started: { payload: 'GO' }, persistent_menu });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(STALL));
  persona = (await call('personas', { name: 'Rosa', profile_picture_url: 'https://example.com/rosa.png' })).id;
});
