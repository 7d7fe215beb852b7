// Tests with node:test. They are compiled, not run.
import { test } from 'node:test';

import { assert, useGraphdouble } from 'graphdouble/node';

const graphdouble = useGraphdouble({ world: 'tests/shop.yaml' });

test('typed', async (t) => {
  const world = await graphdouble.world(t);
  const person = await world.person();
  await assert.gets(person, 'Hello', { within: '1s' });
  await assert.isRefused(world.app('bot').sends('Hi', { to: person }), { code: 10 });
  // @ts-expect-error a thread gets nothing
  await assert.gets(world.thread('shop', person), 'Hello');
});
