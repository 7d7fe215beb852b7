// A conversation as the documents show it. With UPDATE_DOCS=1 this journey takes the pictures in docs/pictures/.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, startBot, startServer, test } from './support.js';

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const isTaken = Boolean(process.env.UPDATE_DOCS);

test.use({ viewport: { width: 1360, height: 800 }, colorScheme: 'light' });

async function take(page, name) {
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeAttached();
  if (!isTaken) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled' });
}

const MENU = { attachment: { type: 'template', payload: { template_type: 'generic', elements: [{ title: 'Tulips', subtitle: 'Ten, fresh this morning. 12 €', buttons: [{ type: 'postback', title: 'Order', payload: 'ORDER_TULIPS' }, { type: 'web_url', title: 'Our shop', url: 'https://bakery.example/shop' }] }] } } };

test('a conversation with an ad, a hand-over, a refusal and a day in between', async ({ page, bots: _ }) => {
  const server = await startServer({ port: isTaken ? 4004 : 0 });
  const support = await startBot();
  const sales = await startBot();
  try {
    const send = (token, message) => server.call(token, '/me/messages', { recipient: { id: '3001' }, messaging_type: 'RESPONSE', message });
    for (const [app, bot] of [['support', support], ['sales', sales]]) await server.control('PUT', `/worlds/default/apps/${app}/webhook`, { url: bot.url });
    await server.step({ user: 'alice', says: 'Do you have gluten-free bread?' });
    await send('EAAsupport', { text: 'We do, from 7 o’clock.' });
    await server.step({ user: 'alice', taps_ad: 'tulips', says: 'And these?' });
    await send('EAAsales', MENU);
    await send('EAAsupport', { text: 'May I help?' });
    await server.step({ user: 'alice', taps_button: 'Order' });
    await server.call('EAAsales', '/me/pass_thread_control', { recipient: { id: '3001' }, target_app_id: '1001' });
    await send('EAAsupport', { text: 'Ten tulips for Alice. When will you come?', quick_replies: [{ content_type: 'text', title: 'Tomorrow', payload: 'TOMORROW' }, { content_type: 'text', title: 'On Friday', payload: 'FRIDAY' }] });
    await server.step({ user: 'alice', taps_quick_reply: 'Tomorrow' });
    await server.control('POST', '/worlds/default/clock', { advance: '+25h' });
    sales.status = 401;
    await server.step({ user: 'alice', says: 'I am at your door!' });

    await page.goto(server.at('chat', 'page=bakery&person=alice'));
    const feed = page.getByRole('feed', { name: 'Messages of alice' });
    await feed.getByText('I am at your door!').click();
    const why = page.getByRole('region', { name: 'Who got it, and why not' });
    await expect(why).toContainText('support got messages');
    await expect(why).toContainText('sales got standby');
    await expect(why).toContainText('attempt 1: 401');
    await expect(page.getByRole('region', { name: 'Owner timeline' })).toContainText('support → sales');
    await take(page, 'chat');

    await page.goto(server.at('deliveries', 'words=-loyalty'));
    await page.getByRole('row', { name: /sales standby 401/ }).click();
    await expect(page.getByRole('region', { name: 'The selected delivery' })).toContainText('does it hash the raw bytes with this secret?');
    await expect(page.getByRole('region', { name: 'The selected delivery' })).toContainText('the same');
    await take(page, 'deliveries');

    await page.goto(server.at('calls'));
    await page.getByRole('row', { name: /May I help/ }).or(page.getByRole('row', { name: /another app is controlling/ })).first().click();
    await expect(page.getByRole('region', { name: 'The selected call' })).toContainText('send.refused.not_owner');

    await page.goto(server.at('connect'));
    await expect(page.getByRole('region', { name: 'Does it work?' })).toContainText('support took it');
    await take(page, 'connect');
  } finally {
    await page.goto('about:blank');
    await server.stop();
    support.stop();
    sales.stop();
  }
});
