// The package only parses a webhook: what it has is what Instagram sends.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ACCOUNT_ID, ALICE, client, graphdouble, step } from './setup.js';

// The item of the only webhook of a step.
async function item(does) {
  const [entry, ...others] = await step(does);
  assert.deepEqual(others, []);
  assert.equal(entry.id, ACCOUNT_ID);
  assert.equal(entry.messaging.length, 1);
  return entry.messaging[0];
}

test('a text', async () => {
  const { sender, recipient, message } = await item({ user: 'alice', says: 'How much?' });
  assert.deepEqual([sender.id, recipient.id, message.text], [ALICE, ACCOUNT_ID, 'How much?']);
});

test('what people do with messages', async () => {
  const { message_id: mid } = await client.messaging.sendText(ALICE, 'Hello!');
  await graphdouble.step({ app: 'dm', on: 'instagram', sends: 'Hello!', to: 'alice' });
  assert.deepEqual((await item({ user: 'alice', reads: true })).read, { mid });
  const { reaction } = await item({ user: 'alice', reacts: '🚗' });
  assert.deepEqual(reaction, { mid, action: 'react', reaction: 'other', emoji: '🚗' });
  const { message } = await item({ user: 'alice', says: 'Yes', replies_to: 'Hello!' });
  assert.deepEqual(message.reply_to, { mid });
  const edit = await item({ user: 'alice', edits: 'No' });
  assert.deepEqual(edit.message_edit, { mid: message.mid, text: 'No', num_edit: 1 });
  assert.deepEqual((await item({ user: 'alice', unsends: true })).message, { mid: message.mid, is_deleted: true });
});

test('stories and shares', async () => {
  const reply = await item({ user: 'alice', replies_to_story: 'Love it' });
  assert.deepEqual(Object.keys(reply.message.reply_to.story), ['id', 'url']);
  const mention = await item({ user: 'alice', mentions_in_story: true });
  assert.equal(mention.message.attachments[0].type, 'story_mention');
  for (const [kind, type] of [['post', 'ig_post'], ['reel', 'ig_reel'], ['story', 'ig_story']]) {
    const { message } = await item({ user: 'alice', shares: kind });
    assert.equal(message.attachments[0].type, type);
  }
});

test('a comment, and a private reply to it', async () => {
  const [{ id, changes: [{ field, value }] }] = await step({ user: 'bob', comments: 'Is it warm?' });
  assert.deepEqual([id, field, value.text], [ACCOUNT_ID, 'comments', 'Is it warm?']);
  const { recipient_id } = await client.messaging.sendPrivateReply(value.id, 'It is');
  assert.equal(recipient_id, value.from.id);
  await assert.rejects(client.messaging.sendPrivateReply(value.id, 'Still'), { code: 100, subcode: 2534025 });
  await assert.rejects(client.messaging.sendText(recipient_id, 'Are you there?'), { code: 10, subcode: 2534022 });
  assert.equal((await item({ user: 'bob', says: 'Thanks' })).sender.id, recipient_id);
  await client.messaging.sendText(recipient_id, 'You are welcome');
});

test('a thread that another app takes and gives back', async () => {
  const taken = await item({ app: 'desk', takes: true, to: 'alice' });
  assert.equal(taken.take_thread_control.new_owner_app_id, '1002');
  const [onStandby] = await step({ user: 'alice', says: 'Who are you?' });
  assert.equal(onStandby.messaging, undefined);
  assert.equal(onStandby.standby[0].message.text, 'Who are you?');
  const { pass_thread_control } = await item({ app: 'desk', passes: 'dm', to: 'alice', metadata: 'done' });
  assert.deepEqual(pass_thread_control, { previous_owner_app_id: '1002', new_owner_app_id: '1003', metadata: 'done' });
});
