// graphdouble for node:test: a server for the file, a world for a test. The binary is GRAPHDOUBLE_BINARY, or `graphdouble` on the PATH.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Starts a server on a free port. It has no world yet. */
export async function startGraphdouble() {
  const binary = process.env.GRAPHDOUBLE_BINARY ?? 'graphdouble';
  const flags = ['--listen', '127.0.0.1:0', '--ready', 'json', '--until-stdin-ends'];
  const child = spawn(binary, ['serve', ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => assert.fail('graphdouble did not start')),
  ]);
  exited.catch(() => {}); // from here on, to exit is no failure
  const { url } = JSON.parse(line);
  return {
    createWorld: (world) => createWorld(url, world),
    async stop() {
      child.stdin.end(); // as it does when this process ends, however that goes
      await exited;
    },
  };
}

async function createWorld(url, declared) {
  const made = await call('POST', `${url}/_control/worlds`, { clock: 'frozen', world: declared });
  const root = `${url}/_control/worlds/${made.name}`;
  return {
    ...made, // its ids, tokens and secrets, and for each app the environment of its bot
    /** Says where the webhooks of an app go, and makes the verification handshake as Meta does. */
    attach: (app, webhook) => call('PUT', `${root}/apps/${app}/webhook`, { url: webhook, verify: true }),
    /** Performs a step, in the words of a scenario. Rejects with the drawn failure if it does not go well. */
    step: (step) => call('POST', `${root}/steps`, step),
    /** Performs an expect step. */
    expect: (...expectations) => call('POST', `${root}/steps`, { expect: expectations }),
    /** What an app did wrong although nothing failed. */
    findings: async () => (await call('GET', `${root}/lint`)).findings,
    /** The Graph calls at this path, such as `/me/messages`, oldest first; also those that were refused. */
    calls: async (path) => (await call('GET', `${root}/calls?${new URLSearchParams({ path })}`)).calls,
    /** The texts that an app has sent to a person, oldest first. */
    async texts(page, person, app) {
      const { transcript } = await call('GET', `${root}/threads/${page}/${person}`);
      return transcript.filter(({ from }) => from === app).map(({ content }) => content.text);
    },
    remove: () => call('DELETE', root),
  };
}

async function call(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (response.ok) return text && JSON.parse(text);
  const { message, drawn } = JSON.parse(text).error;
  throw new Error(`\n${drawn ?? message}`);
}
