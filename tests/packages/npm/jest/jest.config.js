module.exports = {
  globalSetup: 'graphdouble/jest/setup',
  globalTeardown: 'graphdouble/jest/teardown',
  setupFilesAfterEnv: ['graphdouble/jest/matchers'],
};
