// A record: the page with the answers in itself. It shows what happened, asks nobody, and offers nothing that changes.
import { AxeBuilder } from '@axe-core/playwright';
import { attach, expect, SCREENS, test } from './support.js';

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
