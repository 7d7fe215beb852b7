// Projects for tests, in which graphdouble is installed from what was packed: `node project.js NAME` makes that of the folder NAME here.
// GRAPHDOUBLE_NPM_DIR is where the projects are made, and `packed` in it what was packed.
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const WORK = process.env.GRAPHDOUBLE_NPM_DIR;

/** Empties the folder of a project, apart from what is installed in it of others. */
function emptied(name) {
  const folder = join(WORK, name);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name !== 'node_modules') rmSync(join(folder, name), { recursive: true });
  for (const name of ['graphdouble', '@graphdouble']) rmSync(join(folder, 'node_modules', name), { recursive: true, force: true });
  return folder;
}

/** The file of the package graphdouble, and those of the platforms in the form of `overrides` of npm. */
function packed() {
  const { graphdouble, ...platforms } = JSON.parse(readFileSync(join(WORK, 'packed/packed.json'), 'utf8'));
  return { graphdouble, overrides: Object.fromEntries(Object.entries(platforms).map(([name, file]) => [name, `file:${file}`])) };
}

/**
 * Installs graphdouble into a project from what was packed, as `npm install --save-dev graphdouble` would from a registry. The packages of
 * the platforms come from their files, too, so that nothing of ours is looked up anywhere.
 */
function install(folder, ...flags) {
  const { graphdouble, overrides } = packed();
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.devDependencies = { ...manifest.devDependencies, graphdouble: `file:${graphdouble}` };
  manifest.overrides = overrides;
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...flags];
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

/** A project without anything but graphdouble. */
function emptyProject(name, manifest = {}, ...flags) {
  const folder = emptied(name);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, ...manifest }));
  return install(folder, ...flags);
}

/** A project of a folder here, with the bot if it has tests. */
function project(name) {
  const folder = emptied(name);
  cpSync(join(__dirname, name), folder, { recursive: true });
  if (existsSync(join(folder, 'tests'))) {
    cpSync(join(__dirname, 'bot'), join(folder, 'bot'), { recursive: true });
    renameSync(join(folder, 'bot/shop.yaml'), join(folder, 'tests/shop.yaml'));
  }
  return install(folder);
}

/** Runs a command in a project, with its programs first on the PATH. */
function run(folder, command, ...args) {
  const path = `${join(folder, 'node_modules/.bin')}:${process.env.PATH}`;
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', PATH: path },
  });
  if (error) throw error;
  return { status, stdout, stderr, output: `${stdout}${stderr}` };
}

if (require.main === module) project(process.argv[2]);

module.exports = { emptied, emptyProject, packed, project, run };
