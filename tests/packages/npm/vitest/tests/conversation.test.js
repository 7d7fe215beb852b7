import { describe, vi } from 'vitest';

import { expect, test } from './shop.js';

describe.concurrent('a conversation', () => {
  test('the bot greets, and offers what there is', async ({ bot, world, person }) => {
    await person.says('Hi');
    await expect(person).toGet({ from: bot, text: expect.stringContaining('Hello'), quick_replies: ['Bread', 'Cake'] });
    await expect(person).toHaveGotNothing({ within: '50ms' });
    await expect(world.app('sales')).toHaveGotNothing();
    await expect(bot).toHaveGot('messages', { text: 'Hi', because: 'webhook.owner' });
    await expect(bot).toHaveCalled({ post: '/me/messenger_profile', body: { get_started: { payload: 'START' } } });
  });

  test('from the greeting to an order', async ({ bot, world, person }) => {
    await person.says('Hi');
    await person.taps_quick_reply('Bread');
    await person.taps_button('Order');
    await expect(person).toGet(/ready in \d+ minutes/);
    await expect(world.thread('shop', person)).toMatchTranscript([
      `${person}: Hi`,
      'bot: Hello! What would you like? [Bread] [Cake]',
      `${person}: Bread`,
      'bot: A loaf is 4 euros. [Order]',
      { from: bot, text: expect.stringMatching(/20 minutes/) },
    ]);
    expect(await world.lint()).toEqual([]);
  });

  test('the menu is there', async ({ bot, person }) => {
    await person.taps_menu('Our goods');
    await expect(person).toGet({ from: bot, text: 'Hello! What would you like?' });
  });

  for (const number of Array.from({ length: 10 }, (_, at) => at + 1)) {
    test(`person ${number} of many is answered`, async ({ bot, person }) => {
      await person.says(`Hello, I am number ${number}`);
      await expect(person).toGet({ from: bot, text: expect.stringContaining('Hello') });
      await expect(person).not.toHaveGot('Bye');
    });
  }
});

test('timers of the test may be fake, and the expect may be that of the test', async ({ expect: own, world, person }) => {
  vi.useFakeTimers();
  await person.says('Hi');
  await own(world.app('bot')).toGet('messages', { text: 'Hi' });
  await world.app('desk').sends('Not mine', { to: person, refused: { code: 10 } });
  await own(world.thread('shop', person)).toMatchTranscript([`${person}: Hi`]);
  vi.useRealTimers();
});
