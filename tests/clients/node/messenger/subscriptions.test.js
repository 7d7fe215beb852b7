// The webhook of an app, set up by messaging-api-messenger with the app's own token.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { setup } from './setup.js';

const { bot, graphdouble } = await setup();
const callbackUrl = graphdouble.webhook.url;
const verifyToken = 'open-sesame';

test('createSubscription asks the bot whether it is the one', async () => {
  assert.deepEqual(await bot.createSubscription({ callbackUrl, verifyToken }), { success: true });
  const { fields, ...subscription } = await bot.getPageSubscription();
  assert.deepEqual(subscription, { object: 'page', callbackUrl, active: true });
  assert.ok(fields.some(({ name, version }) => name === 'messaging_handovers' && /^v\d+\.\d+$/.test(version)));
});

test('getSubscriptions', async () => {
  await bot.createSubscription({ callbackUrl, verifyToken, accessToken: '1001|bot-secret', fields: ['messages'] });
  const [subscription] = await bot.getSubscriptions({ accessToken: '1001|bot-secret' });
  assert.equal(subscription.object, 'page');
});

test('a callback that does not answer for itself is refused', async () => {
  const elsewhere = 'http://127.0.0.1:9/webhook';
  await assert.rejects(bot.createSubscription({ callbackUrl: elsewhere, verifyToken }), { message: /^Messenger API - 2200 / });
});
