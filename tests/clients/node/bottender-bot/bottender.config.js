// `origin` is what points a Bottender bot at graphdouble: its Messenger client and its batches call that instead of Meta.
module.exports = {
  session: { driver: 'memory', stores: { memory: { maxSize: 100 } } },
  channels: {
    messenger: {
      enabled: true,
      path: '/webhooks/messenger',
      pageId: process.env.GRAPHDOUBLE_PAGE_ID,
      appId: process.env.GRAPHDOUBLE_APP_ID,
      appSecret: process.env.GRAPHDOUBLE_APP_SECRET,
      accessToken: process.env.GRAPHDOUBLE_PAGE_TOKEN,
      verifyToken: process.env.GRAPHDOUBLE_VERIFY_TOKEN,
      origin: process.env.GRAPHDOUBLE_URL,
      batchConfig: process.env.BATCH ? { delay: 20 } : undefined,
      skipLegacyProfile: false, // reads the profile of whoever writes, as bots did by default for years
    },
  },
};
