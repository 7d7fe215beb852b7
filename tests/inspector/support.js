// What the journeys share: a server, a bot, and a page that must not do what it should not.
import { test as base, expect } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export const BINARY = process.env.GRAPHDOUBLE_BIN ?? here('../../target/debug/graphdouble');
export const BAKERY = here('../../fixtures/bakery.yaml');

export const SCREENS = ['connect', 'worlds', 'chat', 'deliveries', 'calls', 'clock', 'faults', 'save'];

/** Starts a server with a frozen clock on a free port, or on the port of an earlier one. */
export async function startServer({ world = BAKERY, port = 0, flags = ['--frozen'] } = {}) {
  const child = spawn(BINARY, ['serve', '--listen', `127.0.0.1:${port}`, ...(world ? ['--world', world] : []), ...flags, '--ready', 'json', '--until-stdin-ends'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited.then(() => { throw new Error(`${BINARY} did not start`); })]);
  const { url } = JSON.parse(line);
  return {
    url,
    port: Number(new URL(url).port),
    control: (method, path, body) => control(url, method, path, body),
    /** Performs a step in a world, and answers what came of it. A step that an app fails is answered with 422; the journey goes on. */
    step: (step, world = 'default') => control(url, 'POST', `/worlds/${world}/steps`, step),
    /** A Graph call with a token. */
    call: (token, path, body) => fetch(`${url}/v25.0${path}`, { method: body ? 'POST' : 'GET', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) }).then((answer) => answer.json()),
    /** The address of a screen. */
    at: (screen = '', query = '', world = 'default') => `${url}/_inspector/#/${world}/${screen}${query && `?${query}`}`,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

async function control(url, method, path, body) {
  const answer = await fetch(`${url}/_control${path}`, { method, body: typeof body === 'string' ? body : body && JSON.stringify(body) });
  const said = await answer.text();
  return (answer.headers.get('content-type') ?? '').includes('json') && said ? JSON.parse(said) : said;
}

/** Starts a bot on a free port. `reply(event)` is called with each message and postback in `messaging`; `status` is what webhooks are answered with, once `holds` is over. */
export async function startBot({ status = 200, challenge = true, holds, reply } = {}) {
  const received = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const asked = new URL(request.url, 'http://bot').searchParams.get('hub.challenge');
    if (request.method === 'GET') return response.writeHead(challenge ? 200 : 403).end(challenge ? asked : 'wrong verify token');
    if (request.method !== 'POST') return response.end();
    received.push({ headers: request.headers, body });
    await holds;
    response.writeHead(bot.status).end(bot.status < 300 ? 'EVENT_RECEIVED' : 'bad signature');
    for (const event of JSON.parse(body).entry?.flatMap((entry) => entry.messaging ?? []) ?? []) if ((event.message ?? event.postback) && !event.message?.is_echo) reply?.(event);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bot = { status, received, url: `http://127.0.0.1:${server.address().port}/webhook`, stop: () => server.close().closeAllConnections() };
  return bot;
}

/** What a page must never do. `expected` are console errors that a journey brings about itself. */
export function watch(page, expected) {
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(`error: ${error.stack}`));
  page.on('dialog', (dialog) => { wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !expected.some((each) => each.test(message.text()))) wrong.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!['data:', 'blob:', 'file:'].includes(protocol) && hostname !== '127.0.0.1') wrong.push(`request: ${request.url()}`);
  });
  return wrong;
}

export const test = base.extend({
  /** Console errors that a journey brings about itself, such as a refused call. */
  expected: async ({}, use) => use([]),
  server: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },
  /** Starts bots that end with the journey. */
  bots: async ({}, use) => {
    const started = [];
    await use(async (options) => {
      started.push(await startBot(options));
      return started.at(-1);
    });
    for (const bot of started) bot.stop();
  },
  page: async ({ page, expected, server: _ }, use) => {
    const wrong = watch(page, expected);
    await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`)));
    await use(page);
    expect(wrong).toEqual([]);
  },
});

export { expect };

/** Attaches a bot to an app of the world. */
export const attach = (server, app, bot) => server.control('PUT', `/worlds/default/apps/${app}/webhook`, { url: bot.url });
