// Several calls in one, made by messaging-api-messenger.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALICE, MID, MessengerBatch, TOKENS, setup } from './setup.js';

const { bot, clientOf, graphdouble } = await setup();
const accessToken = TOKENS.bot;

test('sendBatch answers each call in its place', async () => {
  const answers = await bot.sendBatch([
    MessengerBatch.sendText(ALICE, 'one'),
    MessengerBatch.sendText('999', 'nobody'),
    MessengerBatch.getUserProfile(ALICE, { fields: ['first_name'] }),
  ]);
  assert.deepEqual(answers.map(({ code }) => code), [200, 400, 200]);
  assert.match(answers[0].body.messageId, MID);
  assert.equal(answers[1].body.error.errorSubcode, 2018001);
  assert.deepEqual(answers[2].body, { firstName: 'Alice', id: ALICE });
  assert.ok(answers[0].headers.some(({ name, value }) => name === 'Content-Type' && value.startsWith('text/javascript')));
  assert.deepEqual(await graphdouble.lastSent('alice'), { text: 'one' });
});

test('sendBatch without headers', async () => {
  const [answer] = await bot.sendBatch([MessengerBatch.sendText(ALICE, 'one')], { includeHeaders: false });
  assert.deepEqual(Object.keys(answer).sort(), ['body', 'code']);
});

test('sendBatch with a token and a proof for each call', async () => {
  const [sent, read] = await bot.sendBatch([
    MessengerBatch.sendText(ALICE, 'one', { accessToken }),
    MessengerBatch.getUserProfile(ALICE, { accessToken, fields: ['id'] }),
  ]);
  assert.deepEqual([sent.code, read.code], [200, 200]);
  const stranger = clientOf('bot', { appSecret: 'guessed' });
  await assert.rejects(stranger.sendBatch([MessengerBatch.sendText(ALICE, 'one', { accessToken })]));
});

test('sendBatch in an order of its own', async () => {
  const answers = await bot.sendBatch([
    MessengerBatch.sendText(ALICE, 'first', { name: 'first' }),
    MessengerBatch.sendText(ALICE, 'second', { dependsOn: 'first' }),
  ]);
  assert.equal(answers.at(-1).code, 200);
  assert.deepEqual(await graphdouble.lastSent('alice'), { text: 'second' });
});

test('sendBatch picks what is asked for', async () => {
  const [answer] = await bot.sendBatch([{ ...MessengerBatch.sendText(ALICE, 'one'), responseAccessPath: 'recipientId' }]);
  assert.equal(answer.body, ALICE);
});

// Every request that MessengerBatch makes of the calls of a bot.
const REQUESTS = {
  typingOn: [ALICE],
  typingOff: [ALICE],
  markSeen: [ALICE],
  sendSenderAction: [ALICE, 'typing_on'],
  sendRequest: [{ recipient: { id: ALICE }, message: { text: 'raw' } }],
  sendMessage: [ALICE, { text: 'one' }],
  sendAttachment: [ALICE, { type: 'image', payload: { url: 'https://shop.example/photo.png' } }],
  sendAudio: [ALICE, 'https://shop.example/song.mp3'],
  sendImage: [ALICE, 'https://shop.example/photo.png'],
  sendVideo: [ALICE, 'https://shop.example/film.mp4'],
  sendFile: [ALICE, 'https://shop.example/list.pdf'],
  sendTemplate: [ALICE, { templateType: 'button', text: 'What now?', buttons: [{ type: 'postback', title: 'Go', payload: 'GO' }] }],
  sendButtonTemplate: [ALICE, 'What now?', [{ type: 'postback', title: 'Go', payload: 'GO' }]],
  sendGenericTemplate: [ALICE, [{ title: 'Tulips', subtitle: 'Fresh' }]],
  getThreadOwner: [ALICE],
  passThreadControl: [ALICE, 1002, 'take over'],
  passThreadControlToPageInbox: [ALICE, 'take over'],
};

for (const [method, args] of Object.entries(REQUESTS)) {
  test(`${method} in a batch`, async () => {
    const [{ code, body }] = await bot.sendBatch([MessengerBatch[method](...args)]);
    assert.equal(code, 200, JSON.stringify(body));
  });
}
