// `globalSetup` of Jest: a server for the whole run. Workers find it in GRAPHDOUBLE_URL, because Jest gives them the environment.
'use strict';

const { startGraphdouble } = require('../graphdouble.js');

const SERVER = Symbol.for('graphdouble.jest');

module.exports = async () => {
  if (process.env.GRAPHDOUBLE_URL) return; // somebody has started one
  globalThis[SERVER] = await startGraphdouble();
  process.env.GRAPHDOUBLE_URL = globalThis[SERVER].url;
};
