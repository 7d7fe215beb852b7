// A record: the page with the answers in itself. It shows what happened, asks nobody, and offers nothing that changes.
import { AxeBuilder } from '@axe-core/playwright';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { attach, BINARY, expect, SCREENS, test } from './support.js';

/** The answers that a record of the world has in it. */
async function recordOf(server) {
  const world = '/worlds/default';
  const paths = ['/rules', world, `${world}/ledger?limit=1000`, `${world}/clock`, `${world}/faults`, `${world}/lint`, `${world}/threads`, `${world}/threads/bakery/alice`, `${world}/threads/bakery/alice/explain`];
  const answers = await Promise.all(paths.map(async (path) => [`GET /_control${path}`, await server.control('GET', path)]));
  const record = Object.fromEntries(answers);
  Object.assign(record[`GET /_control${world}`], { read_only: true, failure: 'error: no message matches' });
  return record;
}

test('a record shows what happened, asks nobody, and offers nothing that changes', async ({ page, server, bots }) => {
  const bot = await bots({ status: 401 });
  await attach(server, 'sales', bot);
  await server.step({ user: 'alice', says: 'Hi </script><script>alert(1)</script>' });
  await server.call('EAAloyalty', '/me/messages', { recipient: { id: '3001' }, message: { text: 'not mine' } });
  await server.control('POST', '/worlds/default/faults', { at: 'send', reply: 'rate_limited' });
  const record = JSON.stringify(await recordOf(server)).replaceAll('<', '\\u003c');
  await page.route('**/_inspector/', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace('<div id="app">', () => `<script type="application/json" id="recorded">${record}</script><div id="app">`) });
  });
  const asked = [];
  page.on('request', (request) => request.url().includes('/_control') && asked.push(request.url()));

  for (const screen of SCREENS) {
    await page.goto(server.at(screen, 'page=bakery&person=alice'));
    await expect(page.getByText('record, read-only')).toBeVisible();
    await expect(page.getByLabel('The failure')).toHaveText('error: no message matches');
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeAttached();
    await expect(page.getByRole('alert')).toHaveCount(0);
    for (const name of [/^Send$/, /^Redeliver$/, /^Call again$/, /^Attach$/, /Verify webhook/, /^Arm$/, /Disarm/, /^Reset/, /^Delete/, /^\+/, /Make the world/, /New person/]) {
      await expect(page.getByRole('main').getByRole('button', { name, disabled: false }), `${screen} offers ${name}`).toHaveCount(0);
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => `${screen}: ${id}`)).toEqual([]);
  }
  await page.goto(server.at('deliveries'));
  await page.getByRole('row', { name: /sales standby 401/ }).click();
  await expect(page.getByRole('region', { name: 'The selected delivery' })).toContainText('does it hash the raw bytes');
  await page.goto(server.at('faults'));
  await expect(page.getByRole('region', { name: 'Lints' })).toContainText('answers_standby');
  expect(asked).toEqual([]);
});

const FAILING = `world: { apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {} } }
scenarios:
  - name: the bot says hello
    steps:
      - { user: alice, says: Hi }
      - { app: bot, sends: Hello }
      - expect: [{ message: { from: bot, to: alice, text: Hey } }]
`;

/** Runs a scenario that fails. What the run leaves is in a folder of the journey. */
function failedRun(info) {
  const [scenario, html, bundles] = ['failing.yaml', 'report.html', 'bundles'].map((name) => info.outputPath(name));
  writeFileSync(scenario, FAILING);
  const run = spawnSync(BINARY, ['run', scenario, '--report', `html=${html}`, '--bundles', bundles], { encoding: 'utf8', cwd: info.outputPath() });
  expect(run.status, run.stdout + run.stderr).toBe(4);
  return { html, bundle: join(bundles, readdirSync(bundles).find((name) => name.endsWith('.bundle.json'))) };
}

async function showsTheFailure(page) {
  await expect(page.getByText('record, read-only')).toBeVisible();
  await expect(page.getByLabel('The failure')).toContainText('expected "Hey", found "Hello"');
  await expect(page.getByRole('feed', { name: 'Messages of alice' })).toContainText('Hello');
  await expect(page.getByRole('region', { name: 'Owner timeline' })).toContainText('alice: Hi');
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await page.getByRole('row', { name: /bot messages puppet alice/ }).click();
  await expect(page.getByRole('region', { name: 'The selected delivery' })).toContainText('bot is a puppet');
  await page.getByRole('link', { name: 'Graph calls' }).click();
  await page.getByRole('row', { name: /POST \/me\/messages/ }).click();
  await expect(page.getByRole('region', { name: 'The selected call' }).getByLabel('Request')).toContainText('"text": "Hello"');
  await page.getByRole('link', { name: 'Save as scenario' }).click();
  await expect(page.getByLabel('scenario', { exact: true })).toContainText('{ app: bot, sends: Hello');
  await page.getByRole('link', { name: 'Faults and lints' }).click();
  await expect(page.getByRole('region', { name: 'Faults' })).toContainText('No fault is armed');
}

test('a run that fails leaves a page as a file, which opens from a disk', async ({ page }, info) => {
  const { html } = failedRun(info);
  await page.goto(pathToFileURL(html).href);
  await showsTheFailure(page);
});

test('a bundle is inspected, and nothing in it can be changed', async ({ page, expected }, info) => {
  expected.push(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING/); // the server of the bundle ends with the journey
  const child = spawn(BINARY, ['inspect', failedRun(info).bundle, '--listen', '127.0.0.1:0', '--ready', 'json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { url, inspector } = JSON.parse(line);
    await page.goto(inspector);
    await showsTheFailure(page);
    for (const name of ['Send', 'Redeliver', 'Arm', 'New person', 'Attach', 'Call again']) await expect(page.getByRole('button', { name, exact: true, disabled: false })).toHaveCount(0);
    const refused = await fetch(`${url}/_control/worlds`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(403);
  } finally {
    await page.goto('about:blank');
    child.kill();
  }
});
