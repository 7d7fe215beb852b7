import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALICE, client, clientWith, graphdouble, lastSent, step, webhooks } from './setup.js';

const PHOTO = 'https://shop.example/photo.png';

test('a text, and its echo', async () => {
  const cursor = await graphdouble.cursor();
  graphdouble.webhook.received.length = 0;
  const answer = await client.messaging.sendText(ALICE, 'Grüß Gott');
  assert.deepEqual(Object.keys(answer), ['recipient_id', 'message_id']);
  assert.equal(answer.recipient_id, ALICE);
  assert.match(answer.message_id, /^aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE/);
  assert.deepEqual(await lastSent(), { text: 'Grüß Gott' });
  assert.deepEqual(await graphdouble.calls(cursor), ['POST /v22.0/me/messages 200']);
  await graphdouble.step({ app: 'dm', on: 'instagram', sends: 'Grüß Gott', to: 'alice' }); // has the call already, and its webhooks
  const [{ messaging: [item] }] = webhooks();
  assert.deepEqual(item.message, { mid: answer.message_id, text: 'Grüß Gott', is_echo: true });
});

test('media', async () => {
  for (const type of ['image', 'video', 'audio']) {
    await client.messaging.sendMedia(ALICE, { type, url: PHOTO });
    assert.equal((await lastSent()).attachments[0].type, type);
  }
});

test('a heart, and a post of the account', async () => {
  for (const answer of [await client.messaging.sendLikeHeart(ALICE), await client.messaging.sendMediaShare(ALICE, '17900000000000001')]) {
    assert.equal(answer.recipient_id, ALICE);
    assert.match(answer.message_id, /^aWdf/);
  }
});

test('a reaction', async () => {
  const { answer: { mid } } = await graphdouble.step({ user: 'alice', on: 'instagram', says: 'Thanks' });
  assert.deepEqual(await client.messaging.reactToMessage(ALICE, mid, 'love'), { recipient_id: ALICE });
  assert.deepEqual(await client.messaging.unreactToMessage(ALICE, mid), { recipient_id: ALICE });
});

test('quick replies, and a tap', async () => {
  await client.messaging.sendQuickReplies(ALICE, { text: 'Which?', replies: [{ content_type: 'text', title: 'Red', payload: 'RED' }] });
  const [{ messaging: [item] }] = await step({ user: 'alice', taps_quick_reply: 'Red' });
  assert.deepEqual(item.message.quick_reply, { payload: 'RED' });
});

test('templates, and a tap', async () => {
  const buttons = [{ type: 'postback', title: 'Order', payload: 'ORDER' }];
  await client.messaging.sendButtonTemplate(ALICE, { text: 'What now?', buttons });
  await step({ user: 'alice', taps_button: 'Order' });
  await client.messaging.sendGenericTemplate(ALICE, { elements: [{ title: 'Tea', subtitle: 'Green', buttons }] });
  const [{ messaging: [item] }] = await step({ user: 'alice', taps_button: 'Order' });
  const { mid, ...postback } = item.postback;
  assert.match(mid, /^aWdf/);
  assert.deepEqual(postback, { title: 'Order', payload: 'ORDER' });
});

test('typing', async () => {
  for (const typing of [true, false]) {
    assert.deepEqual(await client.messaging.sendTypingIndicator(ALICE, typing), { recipient_id: ALICE });
  }
});

test('a closed window, and the tag that opens it', async () => {
  await graphdouble.control('/clock', { advance: '+24h1s' });
  await assert.rejects(client.messaging.sendText(ALICE, 'Still there?'), { code: 10, subcode: 2534022, type: 'IGApiException' });
  await client.messaging.sendText(ALICE, 'Still there?', { humanAgent: true });
});

test('the thread of another app', async () => {
  await step({ app: 'desk', takes: true, to: 'alice' });
  await assert.rejects(client.messaging.sendText(ALICE, 'Me too'), {
    name: 'ValidationError',
    code: 100,
    subcode: 2534037,
    message: "The action is invalid since it's not the thread owner.",
  });
});

test('a token of nobody', async () => {
  await assert.rejects(clientWith('IGAAnobody').messaging.sendText(ALICE, 'Hello!'), { name: 'AuthenticationError', code: 190 });
});
