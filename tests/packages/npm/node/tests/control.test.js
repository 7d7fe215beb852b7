import { describe, test } from 'node:test';

import { assert } from 'graphdouble/node';

import { start } from './shop.js';

describe('who owns the thread', { concurrency: true }, () => {
  test('"human" passes it to the desk', async (t) => {
    const { world, person } = await start(t);
    await person.says('human');
    await assert.gets(person, 'One moment, please.');
    await assert.isOwnedBy(world.thread('shop', person), 'desk');
    await assert.gets(world.app('desk'), 'messaging_handovers');
  });

  test('silence gives it back', async (t) => {
    const { world, bot, person } = await start(t);
    await person.says('Hi');
    await assert.gets(person, { from: bot });
    await world.clock('+24h');
    await assert.isOwnedBy(world.thread('shop', person), 'desk', { because: 'control.idle.default_app' });
  });

  test('an app that does not own it is refused', async (t) => {
    const { world, bot, person } = await start(t);
    await person.says('Hi');
    await assert.gets(person, { from: bot });
    await assert.isRefused(world.app('sales').sends('Buy!', { to: person }), { code: 10, because: 'send.refused.not_owner' });
  });
});
