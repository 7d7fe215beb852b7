// Runs the recipes of docs/clients.md, as they stand there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startGraphdouble } from './graphdouble.js';

const ROOT = new URL('../../../', import.meta.url);
const PYTHON = process.env.PYTHON ?? fileURLToPath(new URL('../python/.venv/bin/python', import.meta.url));
const COMMANDS = {
  js: ['node', '--input-type=module', '--eval'],
  python: [PYTHON, '-c'],
  sh: ['bash', '-euo', 'pipefail', '-c'],
};

const messenger = await startGraphdouble(after);
const instagram = await startGraphdouble(after, fileURLToPath(new URL('../world-instagram.yaml', import.meta.url)));
beforeEach(async () => {
  for (const [graphdouble, on] of [[messenger, 'messenger'], [instagram, 'instagram']]) {
    await graphdouble.reset();
    await graphdouble.step({ user: 'alice', on, says: 'Hi' });
  }
});

async function run(language, recipe, graphdouble) {
  const [command, ...args] = COMMANDS[language];
  const code = recipe.replaceAll('http://127.0.0.1:4004', graphdouble.url);
  const child = spawn(command, [...args, code], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, printed: out + err };
}

const document = readFileSync(new URL('docs/clients.md', ROOT), 'utf8');
let title = 'the beginning';
for (const [, heading, language, kind, recipe] of document.matchAll(/^## (.*)$|^```(\w+) (run|run world=instagram|file=\S+)\n([^]*?)^```$/gm)) {
  if (heading) {
    title = heading;
  } else if (kind.startsWith('run')) {
    const name = `${title}: ${language}`;
    const graphdouble = kind === 'run' ? messenger : instagram;
    test(name, async () => {
      const cursor = await graphdouble.cursor();
      const { status, printed } = await run(language, recipe, graphdouble);
      assert.equal(status, 0, printed);
      assert.doesNotMatch(printed, /"error"/);
      const calls = await graphdouble.calls(cursor);
      assert.ok(name.startsWith('the beginning') || calls.length > 0, 'it never called');
      for (const call of calls) assert.match(call, / 200$/);
    });
  } else {
    test(`${title}: the file says the same`, () => {
      const file = readFileSync(new URL(kind.slice('file='.length), ROOT), 'utf8');
      assert.ok(file.includes(recipe.trimEnd()));
    });
  }
}
