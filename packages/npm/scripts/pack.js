// Makes the packages as npm takes them, without publishing anything:
//   node scripts/pack.js main --out DIR                                          the package graphdouble
//   node scripts/pack.js platform linux-x64 --binary FILE --out DIR              the package of a platform, from its program
// A program for Linux must be static, so that it runs with glibc and with musl; --allow-dynamic is for tests.
// Prints the path of the file that it makes.
'use strict';

const { execFileSync } = require('node:child_process');
const {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  closeSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');

const PACKAGE = join(__dirname, '..');
const ROOT = join(PACKAGE, '../..');
const LICENSES = ['LICENSE-MIT', 'LICENSE-APACHE'];

/** How a program of a platform begins: the format and the processor. */
const PROGRAMS = {
  'linux-x64': { os: 'linux', cpu: 'x64', magic: '7f454c46', processor: { at: 18, bytes: '3e00' } },
  'linux-arm64': { os: 'linux', cpu: 'arm64', magic: '7f454c46', processor: { at: 18, bytes: 'b700' } },
  'darwin-x64': { os: 'darwin', cpu: 'x64', magic: 'cffaedfe', processor: { at: 4, bytes: '07000001' } },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64', magic: 'cffaedfe', processor: { at: 4, bytes: '0c000001' } },
};

function manifest() {
  return JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
}

function beginning(file) {
  const bytes = Buffer.alloc(32);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, bytes);
  } finally {
    closeSync(handle);
  }
  return bytes.toString('hex');
}

/** A program of another platform must not get into a package. */
function checkProgram(file, platform) {
  const { magic, processor } = PROGRAMS[platform];
  const found = beginning(file);
  const isRight = found.startsWith(magic) && found.slice(processor.at * 2).startsWith(processor.bytes);
  if (!isRight) throw new Error(`${file} is no program for ${platform}: it begins with ${found.slice(0, 40)}`);
}

/** Whether an ELF program asks for a loader (PT_INTERP), as programs do that need the libraries of a system. */
function isDynamic(file) {
  const bytes = readFileSync(file);
  const [start, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  const types = Array.from({ length: count }, (_, at) => bytes.readUInt32LE(start + at * size));
  return types.includes(3);
}

function copyLicenses(folder) {
  for (const name of LICENSES) copyFileSync(join(ROOT, name), join(folder, name));
}

function platformManifest(platform, { version, license, publishConfig, engines }) {
  const { os, cpu } = PROGRAMS[platform];
  return {
    name: `@graphdouble/${platform}`,
    version,
    description: `The program graphdouble for ${platform}. Install the package graphdouble, which brings it.`,
    license,
    publishConfig,
    engines,
    os: [os],
    cpu: [cpu],
    preferUnplugged: true, // a program cannot be run from within a zip file
    files: ['bin', 'LICENSE-*'],
  };
}

/** Fills a folder with the package of a platform. */
function platformPackage(folder, platform, binary, allowDynamic) {
  checkProgram(binary, platform);
  if (PROGRAMS[platform].os === 'linux' && !allowDynamic && isDynamic(binary)) {
    throw new Error(`${binary} is not static: take the one of .ci/build-static`);
  }
  mkdirSync(join(folder, 'bin'));
  copyFileSync(binary, join(folder, 'bin/graphdouble'));
  chmodSync(join(folder, 'bin/graphdouble'), 0o755);
  const described = platformManifest(platform, manifest());
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), `# ${described.name}\n\n${described.description}\n`);
}

/** Fills a folder with the package graphdouble. */
function mainPackage(folder) {
  const folders = manifest().files.filter((name) => !name.startsWith('LICENSE'));
  for (const name of [...folders, 'README.md']) cpSync(join(PACKAGE, name), join(folder, name), { recursive: true });
  const { scripts: _, ...published } = manifest();
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
}

/** Packs what `fill` puts into an empty folder. */
function pack(out, fill) {
  const folder = mkdtempSync(join(tmpdir(), 'graphdouble-pack-'));
  try {
    fill(folder);
    copyLicenses(folder);
    mkdirSync(out, { recursive: true });
    const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', resolve(out)], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const packed = Object.values(JSON.parse(printed))[0]; // a list, or since npm 12 a map by name
    return join(resolve(out), packed.filename);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function option(args, name) {
  const at = args.indexOf(name);
  if (at < 0 || args[at + 1] === undefined) throw new Error(`${name} is needed`);
  return args[at + 1];
}

function main([what, ...args]) {
  if (what === 'main') return pack(option(args, '--out'), mainPackage);
  if (what !== 'platform' || !PROGRAMS[args[0]])
    throw new Error(`say \`main\`, or \`platform\` and one of ${Object.keys(PROGRAMS).join(', ')}`);
  return pack(option(args, '--out'), (folder) =>
    platformPackage(folder, args[0], option(args, '--binary'), args.includes('--allow-dynamic')),
  );
}

if (require.main === module) {
  try {
    console.log(main(process.argv.slice(2)));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

module.exports = { PROGRAMS, main, platformManifest };
