// Each screen, held against the rules of accessibility: wide and narrow, dark and light, with less motion.
import { AxeBuilder } from '@axe-core/playwright';
import { attach, expect, SCREENS, test } from './support.js';

async function fill(server, bots) {
  const bot = await bots({ status: 401 });
  await attach(server, 'sales', bot);
  await server.control('POST', '/worlds/default/faults', { at: 'send', app: 'loyalty', latency: '1ms' });
  await server.step({ user: 'alice', says: 'Hi' });
  await server.call('EAAsupport', '/me/messages', { recipient: { id: '3001' }, message: { text: 'Hello' } });
  await server.call('EAAloyalty', '/me/messages', { recipient: { id: '3001' }, message: { text: 'Me too' } });
}

const looks = {
  'wide and light': { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  'wide and dark': { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  '390 px, light': { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  '390 px, dark, with reduced motion': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', contextOptions: { reducedMotion: 'reduce' } },
};

for (const [name, options] of Object.entries(looks)) {
  test.describe(name, () => {
    test.use(options);
    test(`no screen breaks a rule of accessibility: ${name}`, async ({ page, server, bots }) => {
      await fill(server, bots);
      for (const screen of SCREENS) {
        await page.goto(server.at(screen, 'page=bakery&person=alice&entry=1'));
        await expect(page.getByRole('navigation', { name: 'Screens' }).locator('[aria-current=page]')).toHaveCount(1);
        await expect(page.getByRole('heading', { level: 2 }).first()).toBeAttached();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${screen}: ${id}: ${nodes[0].html}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${screen} is wider than the screen`).toBeLessThanOrEqual(0);
      }
    });
  });
}

test('nothing moves where less motion is wanted', async ({ browser, server }) => {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(server.at('chat'));
  await expect(page.getByRole('banner')).toBeVisible();
  const moving = await page.evaluate(() => document.getAnimations().length);
  expect(moving).toBe(0);
  await context.close();
});
