import type { TestAPI } from 'vitest';
import type { Graphdouble, Person, World, WorldOptions } from './index.js';

import './vitest-matchers.mjs';
import './vitest.mjs';

export { expect } from 'vitest';

export interface Fixtures {
  /** What `createWorld` takes; a suite says its world here. */
  worldOptions: WorldOptions;
  /** The server: that of the globalSetup `graphdouble/vitest`, or one of this worker. */
  graphdouble: Graphdouble;
  /** A world of this test. */
  world: World;
  /** Somebody new. */
  person: Person;
}

/** `test` of vitest with these fixtures. */
export const test: TestAPI<Fixtures>;
