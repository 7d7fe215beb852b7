import type { GraphdoubleMatchers } from './checks';

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends GraphdoubleMatchers<T> {}
  }
}

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends GraphdoubleMatchers<T> {}
}
