// What messaging-api-messenger reads about the page and its people.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALICE, setup } from './setup.js';

const { bot } = await setup();

test('getPageInfo', async () => {
  assert.deepEqual(await bot.getPageInfo(), { name: 'shop', id: '2001' });
  assert.deepEqual(await bot.getPageInfo({ fields: ['id'] }), { id: '2001' });
});

test('getUserProfile', async () => {
  const { profilePic, ...profile } = await bot.getUserProfile(ALICE);
  assert.deepEqual(profile, { id: ALICE, name: 'Alice Archer', firstName: 'Alice', lastName: 'Archer' });
  assert.match(profilePic, /^https?:/);
  const { timezone } = await bot.getUserProfile(ALICE, { fields: ['timezone'] });
  assert.ok(timezone === undefined || typeof timezone === 'number');
});
