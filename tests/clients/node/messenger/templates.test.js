// The templates of messaging-api-messenger beside generic and button.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALICE, MID, MessengerBatch, setup } from './setup.js';

const { bot } = await setup();
const TEMPLATES = {
  sendMediaTemplate: [{ mediaType: 'image', url: 'https://www.facebook.com/photo.php?fbid=1' }],
  sendReceiptTemplate: {
    recipientName: 'Alice Archer',
    orderNumber: '7',
    currency: 'EUR',
    paymentMethod: 'Cash',
    summary: { totalCost: 12.5 },
    elements: [{ title: 'Tulips', price: 12.5 }],
  },
  sendOneTimeNotifReqTemplate: { title: 'When they are back', payload: 'BACK' },
};

for (const [method, attributes] of Object.entries(TEMPLATES)) {
  test(method, async () => {
    const { recipientId, messageId } = await bot[method](ALICE, attributes);
    assert.deepEqual([recipientId, MID.test(messageId)], [ALICE, true]);
    const [{ code }] = await bot.sendBatch([MessengerBatch[method](ALICE, attributes.orderNumber ? { ...attributes, orderNumber: '8' } : attributes)]);
    assert.equal(code, 200);
  });
}

test('the templates for airlines are gone', async () => {
  const pass = { introMessage: 'Your pass', locale: 'en_US', boardingPass: [] };
  await assert.rejects(bot.sendAirlineBoardingPassTemplate(ALICE, pass), { message: /Invalid template type/ });
});
