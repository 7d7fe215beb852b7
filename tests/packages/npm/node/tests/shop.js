import { useGraphdouble } from 'graphdouble/node';
import { startBot } from '../bot/bot.js';

const graphdouble = useGraphdouble({ world: 'tests/shop.yaml' });

export async function start(t) {
  const world = await graphdouble.world(t);
  const bot = world.app('bot');
  const app = await startBot(bot.env({ GRAPH_URL: 'url', PAGE_TOKEN: 'token', APP_SECRET: 'secret', VERIFY_TOKEN: 'verify_token' }));
  t.after(() => app.close());
  await bot.webhook(`${app.url}/webhook`, { verify: true });
  return { world, bot, person: await world.person() };
}
