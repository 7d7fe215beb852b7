// The same objects for `import`.
import graphdouble from '../lib/index.js';

export const { GraphdoubleError, absent, anything, contains, findBinary, matches, oneOf, pageUrl, startGraphdouble } = graphdouble;
