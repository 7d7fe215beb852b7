// The server goes away and comes back, the world is reset, and many tabs look at it.
import { expect, startServer, test } from './support.js';

test('the page says that the server is away, and goes on when it is back', async ({ page, expected }) => {
  expected.push(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 410/);
  const first = await startServer();
  await first.step({ user: 'alice', says: 'Before' });
  await page.goto(first.at('deliveries'));
  await expect(page.getByRole('row', { name: /support messages/ })).toHaveCount(1);
  await first.stop();
  await expect(page.getByRole('banner').getByRole('alert')).toContainText('The server does not answer');
  const second = await startServer({ port: first.port });
  try {
    await expect(page.getByRole('banner').getByRole('alert')).toHaveCount(0);
    await expect(page.getByText('Nothing was sent yet')).toBeVisible();
    await second.step({ user: 'bob', says: 'After' });
    await expect(page.getByRole('row', { name: /support messages puppet bob/ })).toHaveCount(1);
  } finally {
    await second.stop();
  }
});

test('a reset empties the page, and what follows is shown', async ({ page, server }) => {
  await server.step({ user: 'alice', says: 'Before' });
  await page.goto(server.at('deliveries', 'entry=1'));
  await expect(page.getByRole('row', { name: /support messages/ })).toHaveCount(1);
  await server.control('POST', '/worlds/default/reset', {});
  await server.step({ user: 'bob', says: 'After' });
  await expect(page.getByRole('row', { name: /support messages puppet bob/ })).toHaveCount(1);
  await expect(page.getByRole('row', { name: /alice/ })).toHaveCount(0);
  await page.getByRole('link', { name: 'Worlds' }).click();
  await page.getByRole('button', { name: 'Reset default' }).click();
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await expect(page.getByText('Nothing was sent yet')).toBeVisible();
});

test('a world that is gone is said to be gone', async ({ page, server, expected }) => {
  expected.push(/status of 404/);
  await page.goto(server.at('deliveries', '', 'nowhere'));
  await expect(page.getByRole('main')).toContainText('There is no world “nowhere”');
  await page.getByRole('link', { name: 'See all worlds' }).click();
  await expect(page.getByRole('table', { name: 'Worlds' })).toContainText('default');
});

test('seven tabs all load, and each is current when it is looked at', async ({ context, server }) => {
  // A browser without a window shows all its tabs at once; so each tab learns from the test which of them is in front.
  await context.addInitScript(() => {
    window.isHidden = false;
    Object.defineProperty(document, 'hidden', { get: () => window.isHidden });
  });
  const look = (tab, isHidden) => tab.evaluate((value) => {
    window.isHidden = value;
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
  const tabs = [];
  for (let n = 0; n < 7; n++) {
    if (n) await look(tabs[n - 1], true);
    tabs.push(await context.newPage());
    await tabs[n].goto(server.at('deliveries'));
    await expect(tabs[n].getByText('Nothing was sent yet')).toBeVisible();
  }
  await server.step({ user: 'alice', says: 'Hi' });
  await expect(tabs[6].getByRole('row', { name: /support messages/ })).toHaveCount(1);
  await look(tabs[6], true);
  for (const tab of tabs) {
    await expect(tab.getByText('Nothing was sent yet')).toHaveCount(tab === tabs[6] ? 0 : 1);
    await look(tab, false);
    await expect(tab.getByRole('row', { name: /support messages/ })).toHaveCount(1);
    await look(tab, true);
  }
});
