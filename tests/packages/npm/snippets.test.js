// Runs every snippet of the documents, in the order in which they stand: what begins with the name of a file is written there, `bash` is run,
// and `console` must be a part of what was printed last.
'use strict';

const assert = require('node:assert/strict');
const { cpSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { test } = require('node:test');

const { emptied, packed, run } = require('./project.js');

const ROOT = join(__dirname, '../../..');
const FILES = ['js', 'yaml', 'ts'];

/** The versions of others, as in the projects here, so that the documents do not fail because somebody else has a new version. */
function versions() {
  const manifests = ['vitest', 'jest'].map((name) => JSON.parse(readFileSync(join(__dirname, name, 'package.json'), 'utf8')));
  return Object.assign({}, ...manifests.flatMap(({ dependencies, devDependencies }) => [dependencies, devDependencies]));
}

function blocks(document) {
  const found = [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  return found.map(([, kind, text]) => ({ kind, text }));
}

/** `npm install` takes what was packed, and known versions of others. */
function installing(folder, line) {
  const { graphdouble, overrides } = packed();
  const file = join(folder, 'package.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), overrides }));
  const known = { ...versions(), graphdouble: `file:${graphdouble}` };
  const words = line.split(' ').map((word) => (!known[word] ? word : word === 'graphdouble' ? known[word] : `${word}@${known[word]}`));
  return `${words.join(' ')} --no-audit --no-fund --loglevel=error`;
}

function bash(folder, text) {
  const lines = text.trim().split('\n');
  return lines.map((line) => {
    // Others may need this machine at the same time, so tests may take longer than they would otherwise.
    const patient = line.replace(/^npx (vitest run|jest)/, 'npx $1 --testTimeout=60000');
    const command = line.startsWith('npm install') ? installing(folder, line) : patient;
    const { status, output } = run(folder, 'bash', '-euo', 'pipefail', '-c', command);
    assert.equal(status, 0, `${line}\n${output}`);
    return output;
  });
}

function write(folder, text) {
  const [, name] = /^(?:\/\/|#) (\S+)\n/.exec(text) ?? [];
  assert.ok(name, `a snippet begins with the name of its file:\n${text}`);
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A line without what differs from run to run: times, ports, and the numbers of worlds and entries. */
const plain = (line) =>
  line
    .replace(/ \d+ms$/, '')
    .replace(/(port |:)\d{4,5}\b/g, '$1N')
    .replace(/world-\d+/, 'world-N')
    .replace(/entry=\d+/, 'entry=N')
    .trim();

function checkPrinted(shown, printed) {
  const lines = printed.split('\n').map(plain);
  for (const line of shown
    .split('\n')
    .map(plain)
    .filter((text) => text !== '')) {
    const at = lines.indexOf(line);
    assert.ok(at >= 0, `this line is not printed there:\n${line}\nbut:\n${lines.join('\n')}`);
    lines.splice(0, at + 1);
  }
}

function runDocument(document, folder) {
  let printed = '';
  let ran = 0;
  for (const { kind, text } of blocks(document)) {
    ran += 1;
    if (kind === 'bash') printed = bash(folder, text).join('');
    else if (kind === 'console') checkPrinted(text, printed);
    else if (FILES.includes(kind)) write(folder, text);
    else assert.fail(`nothing runs a snippet of the kind ${kind}:\n${text}`);
  }
  assert.ok(ran > 5, `${document} has ${ran} snippets`);
}

test('docs/NODE.md, from an empty folder', () => {
  runDocument('docs/NODE.md', emptied('quick-start'));
});

test('packages/npm/README.md, beside a bot', () => {
  const folder = emptied('readme');
  cpSync(join(__dirname, 'bot'), join(folder, 'bot'), { recursive: true });
  writeFileSync(join(folder, 'bot.js'), "import './bot/main.js';\n");
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: { express: versions().express } }),
  );
  runDocument('packages/npm/README.md', folder);
});
