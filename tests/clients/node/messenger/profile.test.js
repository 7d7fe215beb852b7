// The profile of the page, and the menu of one person, kept by messaging-api-messenger.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ALICE, MessengerBatch, setup } from './setup.js';

const { bot } = await setup();
const DONE = { result: 'success' };
const ITEMS = [
  { type: 'postback', title: 'Help', payload: 'HELP' },
  { type: 'web_url', title: 'Shop', url: 'https://shop.example' },
];
const MENU = [{ locale: 'default', composerInputDisabled: false, callToActions: ITEMS }];

// What is set is read again, and gone when it is deleted. The names complete `get…`, `set…` and `delete…`.
const PROPERTIES = {
  GetStarted: { set: 'START', read: { payload: 'START' } },
  PersistentMenu: { set: ITEMS, read: MENU, before: () => bot.setGetStarted('START') },
  Greeting: { set: 'Hello!', read: [{ locale: 'default', text: 'Hello!' }] },
  IceBreakers: { set: [{ question: 'Open today?', payload: 'HOURS' }] },
  WhitelistedDomains: { set: ['https://shop.example'], as: ([domain]) => assert.match(domain, /^https:\/\/shop\.example\/?$/) },
  AccountLinkingURL: { set: 'https://shop.example/link' },
};

describe('the profile of the page', () => {
  for (const [name, { set, read = set, before, as = (value) => assert.deepEqual(value, read) }] of Object.entries(PROPERTIES)) {
    test(name, async () => {
      await before?.();
      assert.equal(await bot[`get${name}`](), null);
      assert.deepEqual(await bot[`set${name}`](set), DONE);
      as(await bot[`get${name}`]());
      assert.deepEqual(await bot[`delete${name}`](), DONE);
      assert.equal(await bot[`get${name}`](), null);
    });
  }

  test('several properties at once', async () => {
    assert.deepEqual(await bot.setMessengerProfile({ getStarted: { payload: 'START' }, persistentMenu: MENU }), DONE);
    const profile = await bot.getMessengerProfile(['get_started', 'persistent_menu']);
    assert.deepEqual(Object.assign({}, ...profile), { getStarted: { payload: 'START' }, persistentMenu: MENU });
    assert.deepEqual(await bot.deleteMessengerProfile(['get_started', 'persistent_menu']), DONE);
    assert.deepEqual(await bot.getMessengerProfile(['get_started', 'persistent_menu']), []);
  });

  test('a menu wants a Get Started button', async () => {
    await assert.rejects(bot.setPersistentMenu(ITEMS), { message: /^Messenger API - 100 .* Get Started button/ });
  });
});

describe('the menu of one person', () => {
  test('is read again', async () => {
    await bot.setGetStarted('START');
    assert.equal((await bot.getUserPersistentMenu(ALICE)) ?? null, null);
    assert.deepEqual(await bot.setUserPersistentMenu(ALICE, ITEMS), DONE);
    assert.deepEqual(await bot.getUserPersistentMenu(ALICE), MENU);
    assert.deepEqual(await bot.deleteUserPersistentMenu(ALICE), DONE);
    assert.equal((await bot.getUserPersistentMenu(ALICE)) ?? null, null);
  });

  test('in a batch', async () => {
    await bot.setGetStarted('START');
    const answers = await bot.sendBatch([
      MessengerBatch.setUserPersistentMenu(ALICE, ITEMS),
      MessengerBatch.getUserPersistentMenu(ALICE),
      MessengerBatch.deleteUserPersistentMenu(ALICE),
    ]);
    assert.deepEqual(answers.map(({ code }) => code), [200, 200, 200]);
    assert.deepEqual(answers[1].body.data[0].userLevelPersistentMenu, MENU);
  });
});
