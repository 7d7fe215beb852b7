// For `setupFilesAfterEnv` of Jest: adds the matchers to its `expect`.
'use strict';

const { matchers } = require('../matchers.js');

expect.extend(matchers);
