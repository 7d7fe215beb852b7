import type { Graphdouble, StartOptions, World, WorldOptions } from './index';

/** Assertions in the style of node:assert. */
export const assert: import('./checks').GraphdoubleAssert;

export interface NodeGraphdouble {
  /** The server, once the tests have begun. */
  readonly server: Graphdouble;
  /** A world that is removed when the test ends. */
  world(t: { after(run: () => Promise<void>): void }, options?: WorldOptions): Promise<World>;
}

/** A server for the tests of a file. The clock of its worlds is frozen if `clock` is left out. */
export function useGraphdouble(options?: StartOptions & Pick<WorldOptions, 'clock'>): NodeGraphdouble;
