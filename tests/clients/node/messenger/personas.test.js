// Personas, made and spoken for by messaging-api-messenger.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALICE, MID, setup } from './setup.js';

const { bot } = await setup();
const JOHN = { name: 'John', profilePictureUrl: 'https://shop.example/john.png' };

test('a persona is created, read and deleted', async () => {
  const { id } = await bot.createPersona(JOHN);
  assert.match(id, /^\d+$/);
  assert.deepEqual(await bot.getPersona(id), { ...JOHN, id });
  const { data } = await bot.getPersonas();
  assert.deepEqual(data, [{ ...JOHN, id }]);
  assert.deepEqual(await bot.deletePersona(id), { success: true });
  await assert.rejects(bot.getPersona(id));
});

test('getAllPersonas comes to an end', async () => {
  assert.deepEqual(await bot.getAllPersonas(), []);
  const names = Array.from({ length: 30 }, (_, i) => `P${i}`);
  for (const name of names) await bot.createPersona({ ...JOHN, name });
  const all = await bot.getAllPersonas();
  assert.deepEqual(all.map(({ name }) => name).sort(), names.sort());
});

test('a persona speaks', async () => {
  const { id } = await bot.createPersona(JOHN);
  assert.match((await bot.sendText(ALICE, 'John here', { personaId: id })).messageId, MID);
  assert.deepEqual(await bot.typingOn(ALICE, { personaId: id }), { recipientId: ALICE });
  assert.deepEqual(await bot.typingOff(ALICE, { personaId: id }), { recipientId: ALICE });
});
