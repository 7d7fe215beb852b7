// A bot of a shop, with Express. It knows nothing of graphdouble: the URL of the Graph API is a setting like others.
'use strict';

const { createHmac, timingSafeEqual } = require('node:crypto');
const express = require('express');

const MENU = [{ locale: 'default', call_to_actions: [{ type: 'postback', title: 'Our goods', payload: 'START' }] }];
const CHOICES = ['Bread', 'Cake'].map((title) => ({ content_type: 'text', title, payload: title.toUpperCase() }));
const OFFER = {
  type: 'template',
  payload: { template_type: 'button', text: 'A loaf is 4 euros.', buttons: [{ type: 'postback', title: 'Order', payload: 'ORDER' }] },
};

/** Starts the bot on any free port. */
async function startBot({ GRAPH_URL, PAGE_TOKEN, APP_SECRET, VERIFY_TOKEN }) {
  const answering = new Set();

  async function graph(edge, body) {
    const response = await fetch(`${GRAPH_URL}/v25.0/me/${edge}?access_token=${PAGE_TOKEN}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) console.error(`bot: ${edge} answered ${response.status}`);
  }

  async function answer({ sender, message, postback }) {
    const send = (content) => graph('messages', { recipient: { id: sender.id }, messaging_type: 'RESPONSE', message: content });
    const payload = postback?.payload ?? message?.quick_reply?.payload;
    if (message?.is_echo || (!message && !postback)) return;
    if (payload === 'BREAD') return send({ attachment: OFFER });
    if (payload === 'ORDER') return send({ text: 'Thank you! Your bread is ready in 20 minutes.' });
    if (message?.text === 'human') {
      await send({ text: 'One moment, please.' });
      return graph('pass_thread_control', { recipient: { id: sender.id } });
    }
    return send({ text: 'Hello! What would you like?', quick_replies: CHOICES });
  }

  function receive(request, response) {
    const expected = Buffer.from(`sha256=${createHmac('sha256', APP_SECRET).update(request.body).digest('hex')}`);
    const given = Buffer.from(request.get('x-hub-signature-256') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return response.status(403).send('wrong signature');
    response.send('EVENT_RECEIVED');
    for (const { messaging = [] } of JSON.parse(request.body).entry) {
      for (const event of messaging) {
        const work = answer(event).catch((error) => console.error(`bot: ${error.message}`));
        answering.add(work.finally(() => answering.delete(work)));
      }
    }
  }

  const app = express();
  app.get('/webhook', ({ query }, response) => {
    if (query['hub.verify_token'] !== VERIFY_TOKEN) return response.status(403).send('wrong verify token');
    return response.send(query['hub.challenge']);
  });
  app.post('/webhook', express.raw({ type: '*/*' }), receive);
  await graph('messenger_profile', { get_started: { payload: 'START' }, persistent_menu: MENU });
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async close() {
      await Promise.all(answering);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

module.exports = { startBot };
