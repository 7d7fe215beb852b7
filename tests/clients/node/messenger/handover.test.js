// The calls of the Handover Protocol, on a page with a primary receiver.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ALICE, MessengerBatch, setup } from './setup.js';

const { bot, desk, graphdouble } = await setup(fileURLToPath(new URL('../../world-handover.yaml', import.meta.url)));
const DESK_ID = 1002;

async function told(app, cursor) {
  const entries = await graphdouble.ledger({ after: cursor, kind: 'webhook', app });
  return entries.find(({ field }) => field === 'messaging_handovers').body.entry[0].messaging[0];
}

test('getSecondaryReceivers', async () => {
  const [first, inbox] = await bot.getSecondaryReceivers();
  assert.deepEqual(first, { id: '1002', name: 'desk' });
  assert.equal(inbox.id, '263902037430900');
});

test('requestThreadControl', async () => {
  const cursor = await graphdouble.cursor();
  assert.deepEqual(await desk.requestThreadControl(ALICE, 'let me'), { success: true });
  const { requested_owner_app_id, metadata } = (await told('bot', cursor)).request_thread_control;
  assert.deepEqual([Number(requested_owner_app_id), metadata], [DESK_ID, 'let me']);
});

test('takeThreadControl', async () => {
  await bot.passThreadControl(ALICE, DESK_ID);
  const cursor = await graphdouble.cursor();
  assert.deepEqual(await bot.takeThreadControl(ALICE, 'mine again'), { success: true });
  assert.equal((await told('desk', cursor)).take_thread_control.metadata, 'mine again');
  assert.equal((await graphdouble.thread('alice')).owner, 'bot');
});

test('requestThreadControl and takeThreadControl in a batch', async () => {
  const [requested] = await desk.sendBatch([MessengerBatch.requestThreadControl(ALICE, 'let me')]);
  assert.deepEqual([requested.code, requested.body], [200, { success: true }]);
  await bot.passThreadControl(ALICE, DESK_ID);
  const [taken] = await bot.sendBatch([MessengerBatch.takeThreadControl(ALICE, 'mine again')]);
  assert.deepEqual([taken.code, taken.body], [200, { success: true }]);
});
