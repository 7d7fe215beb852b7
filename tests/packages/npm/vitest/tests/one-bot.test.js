// A bot that is started once for all tests of a worker: the tests share its world, and each has people and a session of its own.
import { test as base, expect } from 'graphdouble/vitest/test';
import { describe } from 'vitest';

const SETTINGS = { GRAPH_URL: 'url', PAGE_TOKEN: 'token', APP_SECRET: 'secret', VERIFY_TOKEN: 'verify_token' };

const test = base.extend({
  shared: [
    async ({ graphdouble }, use) => {
      const world = await graphdouble.createWorld({ world: 'tests/shop.yaml' });
      await world.app('bot').start('node bot/main.js', { env: SETTINGS });
      await use(world);
      await world.close();
    },
    { scope: 'worker' },
  ],
  world: async ({ shared }, use) => use(await shared.ownSession()),
});

describe.concurrent('one bot for many tests', () => {
  for (const number of Array.from({ length: 10 }, (_, at) => at + 1)) {
    test(`person ${number} is greeted, and orders`, async ({ world, person }) => {
      await person.says('Hi');
      await expect(person).toGet({ from: 'bot', text: expect.stringContaining('Hello') });
      await expect(world.app('sales')).toHaveGotNothing();
      await person.taps_quick_reply('Bread');
      await expect(person).toGet({ from: 'bot' });
      await expect(world.thread('shop', person)).toBeOwnedBy('bot');
      expect(await world.thread('shop', person).transcript()).toHaveLength(4);
    });
  }
});
