const { start } = require('./shop');

// The tests of this file run at the same time, so each has a shop of its own.
async function withShop(run) {
  const shop = await start();
  try {
    await run(shop, await shop.world.person());
  } finally {
    await shop.stop();
  }
}

test.concurrent('"human" passes the thread to the desk', () =>
  withShop(async ({ world }, person) => {
    await person.says('human');
    await expect(person).toGet('One moment, please.');
    await expect(world.thread('shop', person)).toBeOwnedBy('desk');
    await expect(world.app('desk')).toGet('messaging_handovers');
  }),
);

test.concurrent('silence gives it back', () =>
  withShop(async ({ world, bot }, person) => {
    await person.says('Hi');
    await expect(person).toGet({ from: bot });
    await world.clock('+24h');
    await expect(world.thread('shop', person)).toBeOwnedBy('desk', { because: 'control.idle.default_app' });
  }),
);

test.concurrent('an app that does not own it is refused', () =>
  withShop(async ({ world, bot }, person) => {
    await person.says('Hi');
    await expect(person).toGet({ from: bot });
    await expect(world.app('sales').sends('Buy!', { to: person })).toBeRefused({ code: 10, because: 'send.refused.not_owner' });
  }),
);
