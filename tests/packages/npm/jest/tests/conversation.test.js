const { start } = require('./shop');

let shop;
beforeEach(async () => (shop = await start()));
afterEach(() => shop.stop());

test('the bot greets, and offers what there is', async () => {
  const person = await shop.world.person();
  await person.says('Hi');
  await expect(person).toGet({ from: shop.bot, text: expect.stringContaining('Hello'), quick_replies: ['Bread', 'Cake'] });
  await expect(person).toHaveGotNothing({ within: '50ms' });
  await expect(shop.world.app('sales')).toHaveGotNothing();
  await expect(shop.bot).toHaveGot('messages', { text: 'Hi', because: 'webhook.owner' });
  await expect(shop.bot).toHaveCalled({ post: '/me/messenger_profile', body: { get_started: { payload: 'START' } } });
});

test('from the greeting to an order', async () => {
  const person = await shop.world.person();
  await person.says('Hi');
  await person.taps_quick_reply('Bread');
  await person.taps_button('Order');
  await expect(person).toGet(/ready in \d+ minutes/);
  await expect(shop.world.thread('shop', person)).toMatchTranscript([
    `${person}: Hi`,
    'bot: Hello! What would you like? [Bread] [Cake]',
    `${person}: Bread`,
    'bot: A loaf is 4 euros. [Order]',
    { from: shop.bot, text: expect.stringMatching(/20 minutes/) },
  ]);
});

test('a failure shows what the server has drawn, and the page', async () => {
  const person = await shop.world.person();
  await person.says('Hi');
  await expect(person).toGet({ from: shop.bot });
  const failure = expect(person).toGet('Bye', { within: '20ms' });
  await expect(failure).rejects.toThrow(/text: expected "Bye", found "Hello! What would you like\?"[\s\S]*See http.*\/_inspector\/#\/world-/);
  await expect(expect(person).not.toGet('Bye')).rejects.toThrow('use toHaveGotNothing');
});
