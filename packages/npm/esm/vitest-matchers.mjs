// For `setupFiles` of vitest: adds the matchers to its `expect`.
import { expect } from 'vitest';

import { matchers } from './matchers.mjs';

expect.extend(matchers);
