// Installs what was packed into the project of the current folder, as `npm install --save-dev graphdouble` would: `node install.js DIR`.
// The packages of the platforms come from their files, too, so that nothing of ours is looked up anywhere.
'use strict';

const { execFileSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

function install(folder) {
  const { graphdouble, ...platforms } = JSON.parse(readFileSync(join(folder, 'packed.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const files = Object.entries(platforms).map(([name, file]) => [name, `file:${file}`]);
  manifest.devDependencies = { ...manifest.devDependencies, graphdouble: `file:${graphdouble}` };
  manifest.overrides = Object.fromEntries(files);
  writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit' });
}

install(process.argv[2]);
