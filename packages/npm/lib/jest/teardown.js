// `globalTeardown` of Jest: ends the server that the setup has started.
'use strict';

const SERVER = Symbol.for('graphdouble.jest');

module.exports = async () => {
  if (!globalThis[SERVER]) return;
  await globalThis[SERVER].close();
  delete globalThis[SERVER];
  delete process.env.GRAPHDOUBLE_URL;
};
