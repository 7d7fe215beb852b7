import { test as base } from 'graphdouble/vitest/test';
import { startBot } from '../bot/bot.js';

export { expect } from 'graphdouble/vitest/test';
export const test = base.extend({
  worldOptions: { world: 'tests/shop.yaml' },
  bot: async ({ world }, use) => {
    const bot = world.app('bot');
    const app = await startBot(bot.env({ GRAPH_URL: 'url', PAGE_TOKEN: 'token', APP_SECRET: 'secret', VERIFY_TOKEN: 'verify_token' }));
    await bot.webhook(`${app.url}/webhook`, { verify: true });
    await use(bot);
    await app.close();
  },
});
