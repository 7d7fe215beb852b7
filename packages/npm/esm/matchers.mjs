// The same objects for `import`.
import { matchers as all } from '../lib/matchers.js';

export const matchers = all;
