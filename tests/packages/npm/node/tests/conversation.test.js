import { describe, test } from 'node:test';

import { contains } from 'graphdouble';
import { assert } from 'graphdouble/node';

import { start } from './shop.js';

describe('a conversation', { concurrency: true }, () => {
  test('the bot greets, and offers what there is', async (t) => {
    const { world, bot, person } = await start(t);
    await person.says('Hi');
    await assert.gets(person, { from: bot, text: contains('Hello'), quick_replies: ['Bread', 'Cake'] });
    await assert.hasGotNothing(person, { within: '50ms' });
    await assert.hasGotNothing(world.app('sales'));
    await assert.hasGot(bot, 'messages', { text: 'Hi', because: 'webhook.owner' });
    await assert.hasCalled(bot, { post: '/me/messenger_profile', body: { get_started: { payload: 'START' } } });
  });

  test('from the greeting to an order', async (t) => {
    const { world, bot, person } = await start(t);
    await person.says('Hi');
    await person.taps_quick_reply('Bread');
    await person.taps_button('Order');
    await assert.gets(person, /ready in \d+ minutes/);
    await assert.matchesTranscript(world.thread('shop', person), [
      `${person}: Hi`,
      'bot: Hello! What would you like? [Bread] [Cake]',
      `${person}: Bread`,
      'bot: A loaf is 4 euros. [Order]',
      { from: bot, text: contains('20 minutes') },
    ]);
  });
});
