// Labels, kept by messaging-api-messenger. It calls them by `name`, as they were called before version 12.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALICE, MessengerBatch, setup } from './setup.js';

const { bot } = await setup();

test('a label is created, read and deleted', async () => {
  const { id } = await bot.createLabel('regulars');
  assert.match(id, /^\d+$/);
  assert.deepEqual(await bot.getLabelDetails(id), { name: 'regulars', id });
  const { data, paging } = await bot.getLabelList();
  assert.deepEqual(data, [{ name: 'regulars', id }]);
  assert.deepEqual(Object.keys(paging.cursors).sort(), ['after', 'before']);
  assert.deepEqual(await bot.deleteLabel(id), { success: true });
  assert.deepEqual((await bot.getLabelList()).data, []);
});

test('a label is put on a person and taken off', async () => {
  const { id } = await bot.createLabel('regulars');
  assert.deepEqual(await bot.associateLabel(ALICE, id), { success: true });
  assert.deepEqual((await bot.getAssociatedLabels(ALICE)).data, [{ name: 'regulars', id }]);
  assert.deepEqual(await bot.dissociateLabel(ALICE, id), { success: true });
  assert.deepEqual((await bot.getAssociatedLabels(ALICE)).data, []);
});

test('in a batch', async () => {
  const { id } = await bot.createLabel('regulars');
  const answers = await bot.sendBatch([
    MessengerBatch.associateLabel(ALICE, id),
    MessengerBatch.getAssociatedLabels(ALICE),
    MessengerBatch.dissociateLabel(ALICE, id),
  ]);
  assert.deepEqual(answers.map(({ code }) => code), [200, 200, 200]);
  assert.equal(answers[1].body.data[0].id, id); // in a batch the client asks for no field
});
