// Worlds, the clock, faults, and what was done as a scenario.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { attach, BINARY, expect, test } from './support.js';

test('a world is made, filled, saved, reset, restored and deleted', async ({ page, server, expected }, info) => {
  expected.push(/status of 40[049]/);
  await page.goto(server.at('worlds'));
  await page.getByLabel('Name').fill('mine');
  await page.getByLabel('World file').fill('apps: { bot: {}');
  await page.getByRole('button', { name: 'Make the world' }).click();
  await expect(page.getByRole('alert')).toContainText('1 |'); // the mistake, drawn at its place
  await page.getByLabel('World file').fill('apps: { bot: {} }\npages: { shop: { default_app: bot, apps: { bot: {} } } }\npeople: { alice: {} }\n');
  await page.getByRole('button', { name: 'Make the world' }).click();
  await expect(page).toHaveURL(/#\/mine\/connect/);
  await server.step({ user: 'alice', says: 'Remember me' }, 'mine');
  await page.getByRole('link', { name: 'Worlds' }).click();
  const row = page.getByRole('row', { name: /^mine/ });
  await expect(row).toContainText('Remember me');
  const download = page.waitForEvent('download');
  await row.getByRole('link', { name: 'Snapshot of mine' }).click();
  const file = info.outputPath('mine.snapshot.json');
  await (await download).saveAs(file);
  await row.getByRole('button', { name: 'Reset mine' }).click();
  await expect(row).toContainText('nothing yet');
  await page.getByLabel('Snapshot file').setInputFiles(file);
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(row).not.toContainText('nothing yet');
  const { transcript } = await server.control('GET', '/worlds/mine/threads/shop/alice');
  expect(transcript.map(({ content }) => content.text)).toEqual(['Remember me']);
  await row.getByRole('button', { name: 'Delete mine' }).click();
  await row.getByRole('button', { name: 'Keep it' }).click();
  await row.getByRole('button', { name: 'Delete mine' }).click();
  await row.getByRole('group', { name: 'Delete mine?' }).getByRole('button', { name: 'Delete mine' }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('row', { name: /^default/ })).toBeVisible();
});

test('a day passes, and who is not quiet is named', async ({ page, server, bots }) => {
  await server.step({ user: 'alice', says: 'Hi' });
  await page.goto(server.at('clock'));
  await page.getByRole('button', { name: '+24 h' }).click();
  await expect(page.getByRole('main')).toContainText('2026-03-03 09:00:00');
  await expect(page.getByRole('banner')).toContainText('2026-03-03 09:00:00');
  await page.getByLabel('Another length').fill('90m');
  await page.getByRole('button', { name: 'Turn' }).click();
  await expect(page.getByRole('main')).toContainText('2026-03-03 10:30:00');
  let answer;
  const bot = await bots({ holds: new Promise((resolve) => { answer = resolve; }) });
  await attach(server, 'support', bot);
  const step = server.step({ user: 'alice', says: 'Still there?' });
  await expect.poll(() => bot.received.length).toBe(1);
  await page.getByRole('button', { name: '+1 h' }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText('waits until what is under way is over: messages to support');
  await expect(page.getByRole('button', { name: '+7 d' })).toBeDisabled();
  answer();
  await step;
  await expect(page.getByRole('main')).toContainText('2026-03-03 11:30:00');
});

test('a clock that cannot turn says who is not quiet', async ({ page, server, bots, expected }) => {
  expected.push(/status of 422/);
  let answer;
  const bot = await bots({ holds: new Promise((resolve) => { answer = resolve; }) });
  const made = await server.control('POST', '/worlds?name=slow&clock=frozen', JSON.stringify({ apps: { bot: { webhook: bot.url } }, pages: { shop: { default_app: 'bot', apps: { bot: {} } } }, people: { alice: {} }, delivery: { timeout: '10m' } }));
  expect(made.name).toBe('slow');
  await page.goto(server.at('clock', '', 'slow'));
  const step = server.step({ user: 'alice', says: 'Still there?' }, 'slow');
  await expect.poll(() => bot.received.length).toBe(1);
  await page.getByRole('button', { name: '+1 h' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The clock was not turned as far as that', { timeout: 60_000 }); // it waits for 10 s
  await expect(alert).toContainText('Under way: messages to bot');
  answer();
  await step;
});

test('a fault is armed by a form, met, and disarmed; a lint leads to its entry', async ({ page, server }) => {
  await server.step({ user: 'alice', says: 'Hi' });
  await page.goto(server.at('faults'));
  await expect(page.getByRole('region', { name: 'Lints' })).toContainText('No findings');
  await page.getByLabel('at', { exact: true }).selectOption('send');
  await page.getByLabel('reply', { exact: true }).selectOption('rate_limited');
  await page.getByLabel('times', { exact: true }).fill('always');
  await page.getByRole('button', { name: 'Arm', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Armed faults' })).toContainText('send answers rate_limited');
  await expect(page.getByRole('table', { name: 'Armed faults' })).toMatchAriaSnapshot(`
    - table "Armed faults":
      - rowgroup:
        - row "Fault What Met Fired Actions":
          - columnheader "Fault"
          - columnheader "What"
          - columnheader "Met"
          - columnheader "Fired"
          - columnheader "Actions"
      - rowgroup:
        - row "1 send answers rate_limited, always 0 0 of always Disarm fault 1":
          - cell "1"
          - cell "send answers rate_limited, always"
          - cell "0"
          - cell "0 of always"
          - cell "Disarm fault 1":
            - button "Disarm fault 1"
  `);
  await expect(page.getByRole('banner')).toContainText('1 armed fault');
  await server.call('EAAloyalty', '/me/messages', { recipient: { id: '3001' }, message: { text: 'not mine' } });
  await expect(page.getByRole('row', { name: /send answers rate_limited/ })).toContainText('1 of always');
  await page.getByRole('button', { name: 'Disarm fault 1' }).click();
  await expect(page.getByRole('region', { name: 'Faults' })).toContainText('No fault is armed');
  await server.call('EAAloyalty', '/me/messages', { recipient: { id: '3001' }, message: { text: 'not mine' } });
  const lints = page.getByRole('region', { name: 'Lints' });
  await expect(lints).toContainText('answers_standby');
  await lints.getByRole('listitem').filter({ hasText: 'answers_standby' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/entry=\d+/);
  await page.getByRole('link', { name: 'Faults and lints' }).click();
  await page.getByRole('button', { name: 'A webhook' }).click();
  await page.getByLabel('webhook', { exact: true }).selectOption('messages');
  await page.getByLabel('goes', { exact: true }).selectOption('twice');
  await page.getByRole('button', { name: 'Arm', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Armed faults' })).toContainText('messages');
});

test('what was done is a scenario that passes when it is run', async ({ page, server }, info) => {
  await page.goto(server.at('save'));
  await expect(page.getByText('Nothing happened yet')).toBeVisible();
  await server.step({ user: 'bob', taps_ad: 'tulips', says: 'Are they fresh?' });
  await server.call('EAAsales', '/me/messages', { recipient: { id: '3002' }, message: { text: 'Every morning.' } });
  await server.control('POST', '/worlds/default/clock', { advance: '+25h' });
  const text = page.getByLabel('scenario', { exact: true });
  await expect(text).toContainText('{ app: sales, sends: Every morning., to: bob }');
  await expect(text).not.toContainText('sales-secret');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download default.scenario.yaml' }).click();
  const file = info.outputPath('default.scenario.yaml');
  await (await download).saveAs(file);
  expect(readFileSync(file, 'utf8')).toContain('sales-secret');
  const run = spawnSync(BINARY, ['run', file, '--no-bundle'], { encoding: 'utf8', cwd: info.outputDir });
  expect(run.stdout + run.stderr).toContain('1 passed');
  expect(run.status).toBe(0);
});

test('after the last world is deleted, the page offers to make one', async ({ page, server, expected }) => {
  expected.push(/status of 404/); // the stream of a world that is gone
  const remove = async (name) => {
    await page.getByRole('button', { name: `Delete ${name}` }).click();
    await page.getByRole('group', { name: `Delete ${name}?` }).getByRole('button', { name: `Delete ${name}` }).click();
    await expect(page.getByText('There is no world. Make one below.')).toBeVisible();
  };
  await page.goto(server.at('worlds'));
  await remove('default');
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await expect(page.getByText('There is no world. Make one below.')).toBeVisible();
  await page.getByLabel('Name').fill('first');
  await page.getByRole('button', { name: 'Make the world' }).click();
  await expect(page.getByRole('heading', { name: 'Connect a bot' })).toBeVisible();
  await page.getByRole('link', { name: 'Worlds' }).click();
  await remove('first');
});

test('what falls due stands in the order of time, and the clock goes to the next of it', async ({ page, server, bots }) => {
  const bot = await bots({ status: 500 });
  await attach(server, 'sales', bot);
  await server.step({ user: 'alice', says: 'Hi' });
  await page.goto(server.at('clock'));
  const due = page.getByRole('table', { name: 'What falls due' });
  await expect(due.getByRole('row')).toContainText([/When/, /webhook \d+ is sent to sales/, /window of alice/]);
  bot.status = 200;
  await page.getByRole('button', { name: 'To what falls due next' }).click();
  await expect(page.getByRole('main')).toContainText('2026-03-02 09:00:01');
  await expect(due).not.toContainText('is sent to sales');
  await due.getByRole('link', { name: 'alice on bakery' }).first().click();
  await expect(page.getByRole('feed', { name: 'Messages of alice' })).toBeVisible();
});
