// Runs the tests that messaging-api-messenger publishes in its package, as they stand. Each request that they make also goes
// to graphdouble, whose answer must have everything that the published reply has: the members, and their types.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { transform } from 'sucrase';

import { startGraphdouble } from '../graphdouble.js';
import { ask, mockAdapter } from './adapter.js';
import { isWaiting, refusalOf } from './exceptions.js';
import { given } from './given.js';
import { expect } from './jest.js';
import { lacks } from './shape.js';

const PACKAGE = dirname(createRequire(import.meta.url).resolve('messaging-api-messenger/package.json'));
const SPECS = ['handover', 'insights', 'persona', 'profile', 'send', 'sendTemplate', ''];

const graphdouble = await startGraphdouble(after, fileURLToPath(new URL('world.yaml', import.meta.url)));
let running;

async function asked(config, code, reply) {
  if (code >= 400) return; // how the client words an error, whatever the call
  const ids = await given(graphdouble, config, reply);
  const rewrite = (text) => Object.entries(ids).reduce((all, [from, to]) => all.replaceAll(from, to), text);
  const { status, body } = await ask(config, graphdouble.url, rewrite);
  const refusal = refusalOf(running);
  if (refusal) return assert.match(body.error?.message ?? 'not refused', refusal);
  assert.equal(status, code, `${config.method} ${config.url} answered ${status}: ${JSON.stringify(body)}`);
  assert.deepEqual(lacks(together(config, body), together(config, reply)), []);
  assert.equal(body.recipient_id, reply.recipient_id);
}

// A profile is published as a list of one-member objects, and answered as one object: what counts is what it holds.
function together({ url }, body) {
  return url.startsWith('/me/messenger_profile') && body.data ? { data: Object.assign({}, ...body.data) } : body;
}

// Node's own `it`, that remembers which test is running.
function testcase(name, body) {
  it(name, async (t) => {
    running = t.fullName;
    if (isWaiting(running)) return t.skip('waits for what is not built yet');
    await body();
  });
}

function load(spec) {
  const file = join(PACKAGE, `src/__tests__/MessengerClient${spec && `-${spec}`}.spec.ts`);
  const real = createRequire(file);
  const { code } = transform(fs.readFileSync(file, 'utf8'), { transforms: ['typescript', 'imports'], filePath: file });
  const required = (name) => {
    if (name === 'axios-mock-adapter') return mockAdapter(asked);
    if (name === 'fs') return withSomethingToRead(fs);
    if (name.startsWith('../')) return real(join(PACKAGE, 'dist', name.slice(3)));
    return real(name);
  };
  const globals = { require: required, exports: {}, describe, it: testcase, beforeEach, afterEach, expect };
  new Function(...Object.keys(globals), code)(...Object.values(globals));
}

// The published uploads are streams of the working folder, which nobody can read.
function withSomethingToRead(fs) {
  return { default: { ...fs, createReadStream: () => fs.createReadStream(join(PACKAGE, 'LICENSE')) }, __esModule: true };
}

for (const spec of SPECS) describe(`MessengerClient${spec && `-${spec}`}`, () => load(spec));
