import { describe } from 'vitest';

import { expect, test } from './shop.js';

describe.concurrent('who owns the thread', () => {
  test('"human" passes it to the desk', async ({ bot, world, person }) => {
    await person.says('human');
    await expect(person).toGet('One moment, please.');
    await expect(world.thread('shop', person)).toBeOwnedBy('desk');
    await expect(bot.does({ calls: { post: '/me/messages', body: { message: { text: 'late' } } }, within: '20ms' })).rejects.toThrow(
      'did not do this',
    );
    await expect(world.app('desk')).toGet('messaging_handovers');
  });

  test('silence gives it back', async ({ bot, world, person }) => {
    await person.says('Hi');
    await expect(person).toGet({ from: bot });
    await expect(world.thread('shop', person)).toBeOwnedBy(bot);
    await world.clock('+24h');
    await expect(world.thread('shop', person)).toBeOwnedBy('desk', { because: 'control.idle.default_app' });
  });

  test('an app that does not own it is refused', async ({ bot, world, person }) => {
    await person.says('Hi');
    await expect(person).toGet({ from: bot });
    await expect(world.app('sales').sends('Buy!', { to: person })).toBeRefused({ code: 10, because: 'send.refused.not_owner' });
  });

  test('a call of the bot that is refused is seen', async ({ bot, world, person }) => {
    await world.fault({ at: 'send', app: bot, reply: 'rate_limited' });
    await person.says('Hi');
    await expect(bot).toBeRefused({ code: 613 });
    const [call] = await world.calls({ app: bot, path: 'messages', status: '4xx' });
    expect(call).toMatchObject({ method: 'POST', code: 613, person: person.name });
  });

  test('two people at the same time', async ({ bot, world }) => {
    const people = await Promise.all([world.person(), world.person({ first_name: 'Jürg' })]);
    await Promise.all(people.map((person) => person.says('Hi')));
    for (const person of people) await expect(person).toGet({ from: bot, text: /Hello/ });
  });
});
