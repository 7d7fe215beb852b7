// Everything that messaging-api-messenger sends to a person as JSON.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ALICE, MID, setup } from './setup.js';

const { bot, clientOf, graphdouble } = await setup();
const PHOTO = 'https://shop.example/photo.png';
const BUTTONS = [
  { type: 'postback', title: 'Order', payload: 'ORDER' },
  { type: 'web_url', title: 'Look', url: 'https://shop.example' },
];

// Each call must be answered like a message and arrive as it was meant: `sees` is what alice then has before her.
const MESSAGES = {
  sendText: { args: ['Hello!'], sees: { text: 'Hello!' } },
  sendMessage: { args: [{ text: 'Hello!' }], sees: { text: 'Hello!' } },
  sendAttachment: { args: [{ type: 'image', payload: { url: PHOTO } }], attached: 'image' },
  sendAudio: { args: [PHOTO], attached: 'audio' },
  sendImage: { args: [PHOTO], attached: 'image' },
  sendVideo: { args: [PHOTO], attached: 'video' },
  sendFile: { args: [PHOTO], attached: 'file' },
  sendTemplate: { args: [{ templateType: 'button', text: 'What now?', buttons: BUTTONS }], attached: 'template' },
  sendButtonTemplate: { args: ['What now?', BUTTONS], attached: 'template' },
  sendGenericTemplate: { args: [[{ title: 'Tulips', subtitle: 'Fresh', buttons: BUTTONS }], { imageAspectRatio: 'square' }], attached: 'template' },
};

describe('a message', () => {
  for (const [method, { args, sees, attached }] of Object.entries(MESSAGES)) {
    test(method, async () => {
      const answer = await bot[method](ALICE, ...args);
      assert.deepEqual(Object.keys(answer), ['recipientId', 'messageId']);
      assert.equal(answer.recipientId, ALICE);
      assert.match(answer.messageId, MID);
      const content = await graphdouble.lastSent('alice');
      if (sees) assert.deepEqual(content, sees);
      if (attached) assert.equal(content.attachments[0].type, attached);
    });
  }

  test('sendRawBody', async () => {
    const answer = await bot.sendRawBody({ recipient: { id: ALICE }, messagingType: 'RESPONSE', message: { text: 'Raw' } });
    assert.equal(answer.recipientId, ALICE);
    assert.deepEqual(await graphdouble.lastSent('alice'), { text: 'Raw' });
  });

  test('with quick replies, whose payload comes back when one is tapped', async () => {
    const quickReplies = [{ contentType: 'text', title: 'Red', payload: 'RED' }, { contentType: 'user_email' }];
    await bot.sendText(ALICE, 'Which?', { quickReplies });
    const cursor = await graphdouble.cursor();
    await graphdouble.step({ user: 'alice', taps_quick_reply: 'Red' });
    const [told] = await graphdouble.ledger({ after: cursor, kind: 'webhook', app: 'bot' });
    assert.deepEqual(told.body.entry[0].messaging[0].message.quick_reply, { payload: 'RED' });
  });

  test('whose button comes back as a postback', async () => {
    await bot.sendButtonTemplate(ALICE, 'What now?', BUTTONS);
    const cursor = await graphdouble.cursor();
    await graphdouble.step({ user: 'alice', taps_button: 'Order' });
    const [told] = await graphdouble.ledger({ after: cursor, kind: 'webhook', app: 'bot' });
    const { title, payload } = told.body.entry[0].messaging[0].postback;
    assert.deepEqual({ title, payload }, { title: 'Order', payload: 'ORDER' });
  });

  test('with metadata, which its echo carries', async () => {
    const cursor = await graphdouble.cursor();
    await bot.sendMessage(ALICE, { text: 'Hello!', metadata: 'order 7' });
    const told = await graphdouble.ledger({ after: cursor, kind: 'webhook', app: 'bot' });
    const echo = told.find(({ field }) => field === 'message_echoes');
    assert.equal(echo.body.entry[0].messaging[0].message.metadata, 'order 7');
  });

  test('with a tag, a day later', async () => {
    await graphdouble.control('/clock', { advance: '+25h' });
    await assert.rejects(bot.sendText(ALICE, 'Hello!'), { message: /^Messenger API - 10 OAuthException \(#10\)/ });
    const { messageId } = await bot.sendText(ALICE, 'Hello!', { tag: 'HUMAN_AGENT' });
    assert.match(messageId, MID);
  });
});

describe('a sender action', () => {
  for (const [method, args] of [['typingOn', []], ['typingOff', []], ['markSeen', []], ['sendSenderAction', ['typing_on']]]) {
    test(method, async () => {
      assert.deepEqual(await bot[method](ALICE, ...args), { recipientId: ALICE });
    });
  }
});

describe('the way of a call', () => {
  test('goes to the version that the client was made for', async () => {
    const cursor = await graphdouble.cursor();
    await clientOf('bot', { version: 'v25.0' }).sendText(ALICE, 'Hello!');
    await clientOf('bot', { version: '2.6', skipAppSecretProof: true }).sendText(ALICE, 'Hello!');
    assert.deepEqual(await graphdouble.calls(cursor), ['POST /v25.0/me/messages 200', 'POST /v2.6/me/messages 200']);
  });

  test('is refused with a wrong appsecret_proof', async () => {
    const stranger = clientOf('bot', { appSecret: 'guessed' });
    await assert.rejects(stranger.sendText(ALICE, 'Hello!'), { message: /^Messenger API - 100 .* Invalid appsecret_proof/ });
  });

  test('is refused with a wrong token', async () => {
    const stranger = clientOf('bot', { accessToken: 'EAAnobody', skipAppSecretProof: true });
    const error = await stranger.sendText(ALICE, 'Hello!').then(assert.fail, (error) => error);
    assert.match(error.message, /^Messenger API - 190 OAuthException /);
    assert.equal(error.response.status, 400);
    assert.deepEqual(Object.keys(error.response.data.error).sort(), ['code', 'fbtraceId', 'message', 'type']);
  });

  test('is refused for a person whom the page does not know', async () => {
    const error = await bot.sendText('999', 'Hello!').then(assert.fail, (error) => error);
    assert.equal(error.message, 'Messenger API - 100 OAuthException (#100) No matching user found');
    assert.equal(error.response.data.error.errorSubcode, 2018001);
  });
});
