// Runs a bot in a process group of its own, and ends the group when standard input ends: so no bot outlives its test, however that ends.
'use strict';

const { spawn } = require('node:child_process');

const STOP_MS = 2_000;

const [command, ...args] = process.argv.slice(2);
const bot = spawn(command, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

function signal(name) {
  try {
    process.kill(-bot.pid, name);
  } catch {
    // The group has ended.
  }
}

function stop() {
  signal('SIGTERM');
  setTimeout(() => signal('SIGKILL'), STOP_MS);
}

bot.on('error', (error) => {
  console.error(`cannot start ${command}: ${error.message}`);
  process.exit(127);
});
bot.on('exit', (code, name) => {
  signal('SIGKILL'); // what the bot has left behind
  if (name) console.error(`ended by ${name}`);
  process.exit(code ?? 1);
});
process.stdin.on('end', stop).resume();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop);
