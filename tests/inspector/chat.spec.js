// The chat: as the person, by keyboard, with a hostile bot, with very many messages, and on a phone.
import { attach, expect, test } from './support.js';

test('by keyboard alone: write, tap a quick reply, read who got it, turn the clock', async ({ page, server, bots }) => {
  const bot = await bots({ reply: ({ sender, message, postback }) => server.call('EAAsupport', '/me/messages', { recipient: sender, message: message?.text === 'Hi'
    ? { text: 'What now?', quick_replies: [{ content_type: 'text', title: 'Order', payload: 'ORDER' }] } : { text: `Done: ${message?.quick_reply?.payload ?? postback?.payload}` } }) });
  await attach(server, 'support', bot);
  await page.goto(server.at('connect'));
  await expect(page.getByRole('heading', { name: 'Connect a bot' })).toBeVisible();
  const press = (...keys) => keys.reduce((last, key) => last.then(() => page.keyboard.press(key)), Promise.resolve());
  /** Goes on by Tab until this has the focus. */
  const tabTo = async (locator, key = 'Tab') => {
    await expect(locator).toBeVisible();
    for (let n = 0; n < 80; n++) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await press(key);
    }
    throw new Error(`Tab never comes to ${locator}`);
  };
  await press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the screen' })).toBeFocused();
  await tabTo(page.getByRole('link', { name: 'Chat' }));
  await press('Enter');
  await tabTo(page.getByRole('textbox', { name: 'Write as alice' }));
  await page.keyboard.type('Hi');
  await press('Enter');
  const feed = page.getByRole('feed', { name: 'Messages of alice' });
  await tabTo(feed.getByRole('button', { name: 'Order' }), 'Shift+Tab');
  await press('Enter');
  await expect(feed).toContainText('Done: ORDER');
  await tabTo(page.getByRole('textbox', { name: 'Write as alice' }));
  await press('ArrowUp', 'ArrowUp');
  await expect(page).toHaveURL(/entry=\d+/);
  await expect(feed.locator('[aria-current=true]')).toBeFocused();
  await press('Escape');
  await expect(page).not.toHaveURL(/entry=/);
  await tabTo(page.getByRole('link', { name: 'Clock' }), 'Shift+Tab');
  await press('Enter');
  await tabTo(page.getByRole('button', { name: '+24 h' }));
  await press('Space');
  await expect(page.getByRole('main')).toContainText('2026-03-03 09:00:00');
});

const EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

test('what a bot sends is never run, opened or fetched', async ({ page, server }) => {
  await server.control('POST', '/worlds/default/people', { name: 'mallory', first_name: EVIL });
  await server.step({ user: 'alice', says: EVIL });
  await server.step({ user: 'mallory', says: EVIL });
  const send = (message) => server.call('EAAsupport', '/me/messages', { recipient: { id: '3001' }, message });
  const button = (type, more) => ({ type, title: `${EVIL}`.slice(0, 20), ...more });
  await send({ text: EVIL, quick_replies: [{ content_type: 'text', title: EVIL.slice(0, 20), payload: EVIL }] });
  await send({ attachment: { type: 'image', payload: { url: 'https://evil.example/pixel.png?"><script>alert(3)</script>' } } });
  await send({ attachment: { type: 'template', payload: { template_type: 'generic', elements: [{ title: EVIL, subtitle: EVIL, image_url: 'https://evil.example/x.png', default_action: { type: 'web_url', url: 'https://evil.example/"onmouseover="alert(4)' },
    buttons: [button('postback', { payload: EVIL }), button('web_url', { url: 'https://evil.example/' })] }] } } });
  await server.call(`EAAsupport`, `/me/messages?${new URLSearchParams({ junk: EVIL })}`, { recipient: { id: '3001' }, message: { text: 'javascript:alert(5)' }, [EVIL]: EVIL });
  await server.call(EVIL, '/me/messages', { recipient: { id: '3001' }, message: { text: EVIL } });
  await server.control('PUT', '/worlds/default/apps/sales/webhook', { url: `http://127.0.0.1:9/${encodeURIComponent(EVIL)}` });
  for (const screen of ['chat', 'deliveries', 'calls', 'faults', 'save', 'worlds', 'connect', 'clock']) {
    await page.goto(server.at(screen, `entry=1&page=bakery&person=alice&words=&client=${encodeURIComponent(EVIL)}&shape=${encodeURIComponent(EVIL)}`));
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeAttached();
    if (['chat', 'save'].includes(screen)) await expect(page.getByRole('main')).toContainText('<img src=x onerror=');
  }
  for (const row of ['deliveries', 'calls']) {
    await page.goto(server.at(row));
    const buttons = page.getByRole('table').last().locator('button.plain');
    await expect(buttons.first()).toBeVisible();
    for (const each of await buttons.all()) await each.click();
  }
  await page.goto(server.at('chat', `words=${encodeURIComponent(EVIL)}`));
  await page.goto(server.at('chat', 'person=mallory&page=bakery'));
  await expect(page.getByRole('feed')).toContainText('<script>alert(2)</script>');
  const loose = await page.evaluate(() => [...document.querySelectorAll('img,script:not([src="./main.js"]):not(#recorded),iframe,object,embed,[onerror],[onclick],a[href^="javascript:"]')].map((each) => each.outerHTML));
  expect(loose).toEqual([]);
  const links = await page.evaluate(() => [...document.querySelectorAll('a[target]')].map((each) => each.rel));
  expect(links.every((rel) => rel === 'noopener noreferrer')).toBe(true);
});

test('a thousand messages are there, the newest in view, the oldest in reach', async ({ page, server }) => {
  test.slow();
  for (let n = 0; n < 500; n++) {
    await server.step({ user: 'alice', says: `Number ${n}.` });
    await server.call('EAAsupport', '/me/messages', { recipient: { id: '3001' }, message: { text: `Answer ${n}.` } });
  }
  await page.goto(server.at('chat', 'page=bakery&person=alice'));
  const feed = page.getByRole('feed', { name: 'Messages of alice' });
  await expect(feed.getByText('Answer 499.')).toBeInViewport({ timeout: 120_000 }); // 10,000 entries of a debug build
  await expect(feed.getByText('Number 0.', { exact: true })).toHaveCount(0);
  await server.step({ user: 'alice', says: 'One more.' });
  await expect(feed.getByText('One more.')).toBeInViewport();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('"number');
  await page.getByRole('searchbox', { name: 'Filter' }).fill('0. number');
  await expect(feed.getByText('Number 0.', { exact: true })).toBeVisible();
  await feed.getByText('Number 0.', { exact: true }).click();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('');
  await expect(feed.getByText('Number 0.', { exact: true })).toBeInViewport();
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await expect(page.getByRole('table', { name: 'Deliveries' }).getByRole('button', { pressed: true })).toBeInViewport({ timeout: 120_000 }); // thousands of rows
});

test('why did sales not get this message?', async ({ page, server }) => {
  await server.step({ user: 'alice', says: 'Are you open?' });
  await page.goto(server.at());
  await expect(page).toHaveURL(/#\/default\/chat/); // something has happened
  await page.getByRole('feed', { name: 'Messages of alice' }).getByText('Are you open?').click();
  const why = page.getByRole('region', { name: 'Who got it, and why not' });
  await expect(why).toContainText('sales got standby');
  await expect(why).toContainText('Every other connected app gets the events of a thread on the standby channel');
  await expect(why).toContainText('documented');
  await expect(page.getByRole('feed', { name: 'Messages of alice' })).toMatchAriaSnapshot(`
    - feed "Messages of alice":
      - article:
        - paragraph: Are you open?
        - paragraph:
          - time: /\\d+:\\d+:\\d+/
        - paragraph: S support got it A sales reads along (standby) L loyalty reads along (standby)
  `);
  await expect(page.getByRole('region', { name: 'Owner timeline' })).toContainText('Are you open?');
  await expect(page.getByRole('region', { name: 'Owner timeline' }).getByRole('option', { selected: true })).toHaveCount(1);
});

test('a day passes: one thick line, the window closes, control lapses', async ({ page, server }) => {
  await server.step({ user: 'alice', says: 'Hi' });
  await server.control('POST', '/worlds/default/clock', { advance: '+25h' });
  await server.step({ user: 'alice', says: 'Still there?' });
  await page.goto(server.at('chat'));
  const feed = page.getByRole('feed', { name: 'Messages of alice' });
  await expect(feed.getByText(/^\+(25 h|1 d 1 h)$/)).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Owner timeline' })).toContainText(/\+(24|25) h|\+1 d/);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
  test('a message is written, and who got it is read', async ({ page, server }) => {
    await page.goto(server.at('chat'));
    await page.getByRole('textbox', { name: 'Write as alice' }).fill('Hello');
    await page.getByRole('button', { name: 'Send' }).tap();
    await page.getByRole('feed', { name: 'Messages of alice' }).getByText('Hello').tap();
    const why = page.getByRole('region', { name: 'Who got it, and why not' });
    await why.scrollIntoViewIfNeeded();
    await expect(why).toContainText('support got messages');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
