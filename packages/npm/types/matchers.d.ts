export type { GraphdoubleMatchers } from './checks';

/** For `expect.extend(matchers)`. */
export const matchers: {
  [name in keyof import('./checks').GraphdoubleMatchers]: (this: any, ...given: any[]) => Promise<{ pass: boolean; message: () => string }>;
};
