// Who owns a thread, told and changed by messaging-api-messenger.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALICE, setup } from './setup.js';

const { bot, desk, graphdouble } = await setup();
const DESK_ID = 1002;

async function owner() {
  return (await graphdouble.thread('alice')).owner;
}

// The app hears of a hand-over by its webhook.
async function toldOf(app, cursor, member) {
  const told = await graphdouble.ledger({ after: cursor, kind: 'webhook', app });
  return told.find(({ field }) => field === 'messaging_handovers')?.body.entry[0].messaging[0][member];
}

test('getThreadOwner names the owner, in text', async () => {
  const { appId } = await bot.getThreadOwner(ALICE);
  assert.equal(appId, '1001');
});

test('passThreadControl', async () => {
  const cursor = await graphdouble.cursor();
  assert.deepEqual(await bot.passThreadControl(ALICE, DESK_ID, 'she asks for a person'), { success: true });
  assert.equal(await owner(), 'desk');
  const { new_owner_app_id, metadata } = await toldOf('desk', cursor, 'pass_thread_control');
  assert.deepEqual([Number(new_owner_app_id), metadata], [DESK_ID, 'she asks for a person']);
});

test('passThreadControlToPageInbox', async () => {
  assert.deepEqual(await bot.passThreadControlToPageInbox(ALICE), { success: true });
  const { appId } = await bot.getThreadOwner(ALICE);
  assert.equal(appId, '263902037430900');
});

test('thread control within a message', async () => {
  await bot.sendText(ALICE, 'Let me call somebody', { threadControl: { appId: DESK_ID, controlType: 'pass' } });
  assert.equal(await owner(), 'desk');
});

test('who does not own a thread is refused', async () => {
  const error = await desk.sendText(ALICE, 'Me too').then(assert.fail, (error) => error);
  assert.match(error.message, /^Messenger API - 10 OAuthException \(#10\) .* another app is controlling this thread now\.$/);
  assert.equal(error.response.data.error.errorSubcode, 2018300);
});
