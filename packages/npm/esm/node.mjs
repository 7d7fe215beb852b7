// The same objects for `import`.
import node from '../lib/node.js';

export const { assert, useGraphdouble } = node;
