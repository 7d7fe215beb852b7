// The account, its profile and its subscription.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ACCOUNT_ID, client, clientWith, graphdouble, step } from './setup.js';

test('the account has an id for the app alone, which is not that of its webhooks', async () => {
  const { id, user_id, username } = await client.auth.me('id,user_id,username');
  assert.deepEqual([user_id, username], [ACCOUNT_ID, 'the.shop']);
  assert.notEqual(id, ACCOUNT_ID);
  assert.equal(await client.getUserId(), id);
  assert.equal((await client.users.getProfile()).account_type, 'BUSINESS');
});

test('ice breakers', async () => {
  const iceBreakers = [{ locale: 'default', call_to_actions: [{ question: 'When are you open?', payload: 'HOURS' }] }];
  assert.deepEqual(await client.messengerProfile.setIceBreakers(iceBreakers), { result: 'success' });
  assert.deepEqual((await client.messengerProfile.getIceBreakers()).data, iceBreakers.map(({ locale, call_to_actions }) => ({ call_to_actions, locale })));
  const [{ messaging: [item] }] = await step({ user: 'alice', taps_ice_breaker: 'When are you open?' });
  assert.equal(item.postback.payload, 'HOURS');
  assert.deepEqual(await client.messengerProfile.deleteIceBreakers(), { result: 'success' });
  assert.deepEqual(await client.messengerProfile.getIceBreakers(), { data: [] });
});

test('the menu', async () => {
  const menus = [{ locale: 'default', call_to_actions: [{ type: 'postback', title: 'Hours', payload: 'HOURS' }] }];
  assert.deepEqual(await client.messengerProfile.setPersistentMenu(menus), { result: 'success' });
  assert.deepEqual(await client.messengerProfile.getPersistentMenu(), { data: [{ persistent_menu: menus }] });
  const [{ messaging: [item] }] = await step({ user: 'alice', taps_menu: 'Hours' });
  assert.equal(item.postback.payload, 'HOURS');
  assert.deepEqual(await client.messengerProfile.deletePersistentMenu(), { result: 'success' });
});

test('the subscription: a list replaces the one before, and without it nothing comes', async () => {
  assert.deepEqual(await client.webhooks.subscribe(['messages', 'standby']), { success: true });
  assert.equal((await step({ user: 'alice', says: 'Hello?' })).length, 1);
  await client.webhooks.subscribe(['comments']);
  assert.deepEqual((await client.webhooks.getSubscribedFields()).data, [{ app_id: '1003', subscribed_fields: ['comments'] }]);
  assert.deepEqual(await step({ user: 'alice', says: 'Hello?' }), []);
  assert.deepEqual(await client.webhooks.unsubscribe(), { success: true });
  assert.deepEqual((await client.webhooks.getSubscribedFields()).data, []);
  await assert.rejects(client.webhooks.subscribe(['message_reads']), { code: 100 });
});

test('a token is refreshed when it is a day old', async () => {
  await assert.rejects(client.auth.refreshToken(), { code: 100 });
  await graphdouble.control('/clock', { advance: '+25h' });
  const { access_token, token_type, expires_in } = await client.auth.refreshToken();
  assert.deepEqual([token_type, typeof expires_in], ['bearer', 'number']);
  assert.equal((await clientWith(access_token).auth.me()).username, 'the.shop');
});
