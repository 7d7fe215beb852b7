// What `require('graphdouble')` and `import … from 'graphdouble'` give. Nothing happens at import.
'use strict';

const { findBinary } = require('./binary.js');
const { GraphdoubleError } = require('./errors.js');
const { startGraphdouble } = require('./graphdouble.js');
const { pageUrl } = require('./page_url.js');
const { absent, anything, contains, matches, oneOf } = require('./values.js');

module.exports = { GraphdoubleError, absent, anything, contains, findBinary, matches, oneOf, pageUrl, startGraphdouble };
