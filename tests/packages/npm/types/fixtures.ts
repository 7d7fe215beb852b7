// Tests with the fixtures and matchers of vitest. They are compiled, not run.
import type { App } from 'graphdouble';
import setup from 'graphdouble/vitest';
import { expect, test as base } from 'graphdouble/vitest/test';

const test = base.extend<{ bot: App }>({
  bot: async ({ world }, use) => {
    await use(world.app('bot'));
  },
});

test('typed', async ({ bot, graphdouble, person, world }) => {
  await person.says('Hi');
  await expect(person).toGet({ text: expect.stringContaining('Hello'), quick_replies: ['Bread'] }, { within: '2s' });
  await expect(person).toGet(/Hello/);
  await expect(person).toGet('Hello');
  await expect(bot).toGet('messages', { text: 'Hi', of: person });
  await expect(world.app('sales')).toHaveGotNothing();
  await expect(world.app('sales')).toHaveGotNothing('standby', { because: 'webhook.withheld.standby_toggle_off' });
  await expect(world.thread('shop', person)).toBeOwnedBy('bot', { because: 'control.idle.default_app' });
  await expect(bot.sends('Hi', { to: person })).toBeRefused({ code: 10 });
  await expect(bot).toHaveCalled({ post: '/me/messages' });
  await expect(world.thread('shop', person)).toMatchTranscript([`${person}: Hi`, { from: bot, text: expect.any(String) }]);
  await expect(person).not.toHaveGot('Bye');
  graphdouble.url satisfies string;
  // @ts-expect-error an app gets webhooks, which begin with the field
  await expect(bot).toGet({ text: 'Hi' });
  // @ts-expect-error a rule that does not exist
  await expect(world.thread('shop', person)).toBeOwnedBy('bot', { because: 'control.idle' });
});

setup satisfies (project: { provide(key: 'graphdouble', value: { url: string }): void }) => unknown;
