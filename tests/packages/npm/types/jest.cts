// Tests with the matchers of Jest. They are compiled, not run.
import type { World } from 'graphdouble';
import 'graphdouble/jest/matchers';

declare const world: World;

test('typed', async () => {
  const person = await world.person();
  await expect(person).toGet({ text: expect.stringContaining('Hello') }, { within: '2s' });
  await expect(world.app('sales')).toHaveGotNothing();
  await expect(world.thread('shop', person)).toBeOwnedBy('bot');
  await expect(person).not.toHaveGot('Bye');
  // @ts-expect-error a thread is owned by an app
  await expect(world.thread('shop', person)).toBeOwnedBy();
});
