// Starts the graphdouble under test and talks to its control API.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export const BINARY = process.env.GRAPHDOUBLE_BIN ?? here('../../../target/release/graphdouble');
export const WORLD = here('../world.yaml');

// The clients honour proxy variables even for loopback addresses.
process.env.no_proxy = '127.0.0.1';

// Serves a world file on a free port until the tests are over. The app with a webhook has it here: it answers 200 to everything, passes
// the handshake of a subscription, and keeps what it got in `received`, as the headers and the text of each POST.
export async function startGraphdouble(after, worldFile = WORLD) {
  const webhook = await startWebhook(after);
  const folder = mkdtempSync(join(tmpdir(), 'graphdouble-'));
  after(() => rmSync(folder, { recursive: true }));
  const world = join(folder, 'world.yaml');
  writeFileSync(world, readFileSync(worldFile, 'utf8').replace('http://127.0.0.1:5001/webhook', webhook.url));

  const child = spawn(BINARY, ['serve', '--world', world, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  after(() => child.kill('SIGKILL')); // it holds nothing worth a graceful end
  const url = await listeningAt(child);
  return { url, webhook, ...controlOf(url) };
}

async function startWebhook(after) {
  const received = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.method === 'POST') received.push({ headers: request.headers, body });
    response.end(new URL(request.url, 'http://webhook').searchParams.get('hub.challenge') ?? 'EVENT_RECEIVED');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${server.address().port}/webhook`, received };
}

async function listeningAt(child) {
  let failed;
  child.once('error', (error) => (failed = error));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = line.match(/http:\/\/\S+/)?.[0];
    if (url) return url;
  }
  throw failed ?? new Error(`${BINARY} ended before it listened`);
}

function controlOf(url) {
  const world = `${url}/_control/worlds/default`;

  async function control(path, body) {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(world + path, init);
    const answer = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${answer}`);
    return answer ? JSON.parse(answer) : null;
  }

  return {
    control,
    reset: () => control('/reset', {}),
    step: (step) => control('/steps', step),
    thread: (person, on = 'shop') => control(`/threads/${on}/${person}`),
    // What the newest message of the page to a person holds.
    async lastSent(person, on = 'shop') {
      const { transcript } = await control(`/threads/${on}/${person}`);
      return transcript.findLast((message) => message.from !== person)?.content;
    },
    async cursor() {
      return (await control('/ledger')).after;
    },
    // The entries after a cursor; with `wait` it answers as soon as there is one.
    async ledger(query) {
      return (await control(`/ledger?${new URLSearchParams(query)}`)).entries;
    },
    // The Graph calls after a cursor, like `POST /v6.0/me/messages 200`.
    async calls(cursor) {
      const entries = await this.ledger({ after: cursor, kind: 'graph_call' });
      return entries.map(({ call, status }) => `${call} ${status}`);
    },
  };
}
