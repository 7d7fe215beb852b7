const { startGraphdouble } = require('graphdouble');
const { startBot } = require('../bot/bot.js');

exports.start = async () => {
  const graphdouble = await startGraphdouble({ world: 'tests/shop.yaml' });
  const world = await graphdouble.createWorld({ clock: 'frozen' });
  const bot = world.app('bot');
  const app = await startBot(bot.env({ GRAPH_URL: 'url', PAGE_TOKEN: 'token', APP_SECRET: 'secret', VERIFY_TOKEN: 'verify_token' }));
  await bot.webhook(`${app.url}/webhook`, { verify: true });
  return { world, bot, stop: () => app.close().then(() => world.close()) };
};
