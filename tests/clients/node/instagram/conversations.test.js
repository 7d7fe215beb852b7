import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ACCOUNT_ID, ALICE, client } from './setup.js';

test('a conversation is found by its person, and has its messages, newest first', async () => {
  const { message_id } = await client.messaging.sendText(ALICE, 'Hello!');
  const { data: [conversation] } = await client.conversations.findByUser(ALICE);
  assert.match(conversation.id, /^aWdfZAG06MTpJR01lc3NhZA2VUaHJlYWQ6/);
  assert.deepEqual((await client.conversations.list()).data, [conversation]);
  const { messages } = await client.conversations.getMessages(conversation.id);
  assert.deepEqual(messages.data.map(({ message }) => message), ['Hello!', 'Hi']);
  assert.deepEqual(messages.data[0], await client.conversations.getMessage(message_id));
  assert.deepEqual(messages.data[0].from, { username: 'the.shop', id: ACCOUNT_ID });
  assert.deepEqual(messages.data[1].from, { username: 'alice', id: ALICE });
});
