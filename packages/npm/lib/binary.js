// Finds the program `graphdouble`: GRAPHDOUBLE_BINARY, or the package of this platform.
'use strict';

const { existsSync } = require('node:fs');

/** The package that has the program, by platform and processor. The program is static, so Linux needs no second one for musl. */
const PACKAGES = {
  'linux x64': '@graphdouble/linux-x64',
  'linux arm64': '@graphdouble/linux-arm64',
  'darwin x64': '@graphdouble/darwin-x64',
  'darwin arm64': '@graphdouble/darwin-arm64',
};

class NoBinary extends Error {
  constructor(message) {
    super(message);
    this.name = 'NoBinary';
    this.code = 'GRAPHDOUBLE_NO_BINARY';
  }
}

const OWN = 'set GRAPHDOUBLE_BINARY to the path of a graphdouble that you have, for example one that you built';

function missing(name) {
  return new NoBinary(
    `graphdouble: the package ${name} is not installed. It has the program for this platform.\n` +
      '  - If optional dependencies were left out (--omit=optional, --no-optional), install again with them: npm install --include=optional\n' +
      '  - If the lock file or node_modules come from another platform, delete both and install again, or add the package by hand: ' +
      `npm install --save-optional ${name}\n` +
      `  - Or ${OWN}.`,
  );
}

function unknown(platform, arch) {
  const known = Object.keys(PACKAGES).join(', ');
  return new NoBinary(
    `graphdouble: there is no package for ${platform} ${arch}. There are packages for ${known}.\n` +
      '  - On Windows, use WSL, or a container.\n' +
      `  - Or ${OWN}.`,
  );
}

/** The path of the program. Throws an error that names the missing package and the remedies. */
function findBinary({ env = process.env, platform = process.platform, arch = process.arch, resolve = require.resolve } = {}) {
  const own = env.GRAPHDOUBLE_BINARY;
  if (own) {
    if (existsSync(own)) return own;
    throw new NoBinary(`graphdouble: GRAPHDOUBLE_BINARY is ${own}, and there is no such file`);
  }
  const name = PACKAGES[`${platform} ${arch}`];
  if (!name) throw unknown(platform, arch);
  try {
    return resolve(`${name}/bin/graphdouble`);
  } catch {
    throw missing(name);
  }
}

module.exports = { NoBinary, PACKAGES, findBinary };
