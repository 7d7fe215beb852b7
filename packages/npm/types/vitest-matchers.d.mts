import 'vitest';
import type { GraphdoubleMatchers } from './checks.js';

declare module 'vitest' {
  interface Matchers<T = any> extends GraphdoubleMatchers<T> {}
}
