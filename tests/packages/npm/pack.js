// Packs the packages, with the program that GRAPHDOUBLE_BINARY names: `node pack.js DIR`. The packages of the other platforms get a file
// that only begins like a program. Nobody can run it here, and npm must not install it.
'use strict';

const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const { PROGRAMS, main } = require('../../../packages/npm/scripts/pack.js');

function standIn(folder, platform) {
  const { magic, processor } = PROGRAMS[platform];
  const bytes = Buffer.alloc(64);
  bytes.write(magic, 0, 'hex');
  bytes.write(processor.bytes, processor.at, 'hex');
  const file = join(folder, `stand-in-${platform}`);
  writeFileSync(file, bytes);
  return file;
}

function packAll(folder, binary) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const here = `${process.platform}-${process.arch}`;
  const platforms = Object.keys(PROGRAMS).map((platform) => {
    const program = platform === here ? binary : standIn(folder, platform);
    return [`@graphdouble/${platform}`, main(['platform', platform, '--binary', program, '--out', folder, '--allow-dynamic'])];
  });
  const packed = { graphdouble: main(['main', '--out', folder]), ...Object.fromEntries(platforms) };
  writeFileSync(join(folder, 'packed.json'), `${JSON.stringify(packed, null, 2)}\n`);
}

packAll(process.argv[2], process.env.GRAPHDOUBLE_BINARY);
