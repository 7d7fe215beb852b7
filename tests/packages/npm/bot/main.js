// The bot as a process, with its settings in the environment.
'use strict';

const { startBot } = require('./bot.js');

startBot(process.env).then(({ url }) => console.log(`listening on ${url}`));
