// What messaging-api-messenger reads and sets around the page: language understanding, reviews, figures, events.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALICE, setup } from './setup.js';

const { bot } = await setup();

test('setNLPConfigs', async () => {
  assert.deepEqual(await bot.disableNLP(), { success: true });
  assert.deepEqual(await bot.setNLPConfigs({ nlpEnabled: false }), { success: true });
  // No text is understood here, and whoever asks for that is told so.
  await assert.rejects(bot.enableNLP(), /nlp_enabled true is not built yet/);
});

test('getMessagingFeatureReview', async () => {
  for (const { feature, status } of await bot.getMessagingFeatureReview()) assert.deepEqual([typeof feature, typeof status], ['string', 'string']);
});

test('getInsights', async () => {
  const [metric] = await bot.getInsights(['page_messages_total_messaging_connections']);
  assert.equal(metric.name, 'page_messages_total_messaging_connections');
  assert.equal(metric.period, 'day');
});

test('logCustomEvents, which bears no token', async () => {
  const events = [{ _eventName: 'fb_mobile_purchase', _valueToSum: 55.22, _fb_currency: 'USD' }];
  assert.deepEqual(await bot.logCustomEvents({ appId: 1001, pageId: 2001, pageScopedUserId: ALICE, events }), { success: true });
});
