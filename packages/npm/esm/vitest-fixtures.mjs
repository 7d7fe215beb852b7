// Fixtures of vitest: a server for each worker, a world and a person for each test.
import { expect, inject, test as base } from 'vitest';

import { startGraphdouble } from './index.mjs';
import { matchers } from './matchers.mjs';

/** What graphdouble/vitest provides, if it is a globalSetup of the project. */
function provided() {
  return inject('graphdouble') ?? {};
}

export const test = base.extend({
  // What `createWorld` takes. A suite says its world here: `test.extend({ worldOptions: { world: 'tests/shop.yaml' } })`.
  worldOptions: {},
  graphdouble: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      expect.extend(matchers);
      const graphdouble = await startGraphdouble(provided());
      await use(graphdouble);
      await graphdouble.close();
    },
    { scope: 'worker' },
  ],
  world: async ({ graphdouble, worldOptions, task }, use) => {
    const world = await graphdouble.createWorld({ clock: 'frozen', ...worldOptions });
    await use(world);
    if (!isKept(task)) await world.close();
  },
  person: async ({ world }, use) => {
    await use(await world.person());
  },
});

/** GRAPHDOUBLE_KEEP=failed leaves the worlds of failed tests on a server that goes on, so that the inspector shows them. */
function isKept(task) {
  return process.env.GRAPHDOUBLE_KEEP === 'failed' && task.result?.state === 'fail';
}

export { expect };
