import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ACCOUNT_ID, ALICE, step } from './setup.js';

test('a text', async () => {
  const [entry] = await step({ user: 'alice', says: 'How much?' });
  assert.equal(entry.id, ACCOUNT_ID);
  const [{ sender, recipient, message }] = entry.messaging;
  assert.deepEqual([sender.id, recipient.id, message.text], [ALICE, ACCOUNT_ID, 'How much?']);
});

test('a thread that another app takes and gives back', async () => {
  const [taken] = await step({ app: 'desk', takes: true, to: 'alice' });
  assert.equal(taken.messaging[0].take_thread_control.new_owner_app_id, '1002');
  const [onStandby] = await step({ user: 'alice', says: 'Who are you?' });
  assert.equal(onStandby.messaging, undefined);
  assert.equal(onStandby.standby[0].message.text, 'Who are you?');
  const [passed] = await step({ app: 'desk', passes: 'dm', to: 'alice', metadata: 'done' });
  assert.deepEqual(passed.messaging[0].pass_thread_control, {
    previous_owner_app_id: '1002',
    new_owner_app_id: '1003',
    metadata: 'done',
  });
});
