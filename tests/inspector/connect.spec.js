// A newcomer connects a bot, with the page alone.
import { attach, expect, test } from './support.js';

test('a bot is attached and verified, and what goes wrong is said in words', async ({ page, server, bots, expected }) => {
  expected.push(/status of 422/);
  const strict = await bots({ challenge: false });
  const bot = await bots();
  await page.goto(server.at());
  await expect(page).toHaveURL(/#\/default\/connect/); // nothing has happened yet
  const needs = page.getByRole('region', { name: 'What your bot needs' });
  await expect(needs.getByRole('row', { name: /Graph URL/ })).toContainText('http://127.0.0.1:');
  await expect(needs).not.toContainText('EAAsupport');
  await expect(needs).toMatchAriaSnapshot(`
    - region "What your bot needs":
      - heading "What your bot needs" [level=3]
      - table:
        - rowgroup:
          - row /Graph URL http:\\/\\/\\d+\\.\\d+\\.0\\.1:\\d+ Copy Graph URL/:
            - rowheader "Graph URL"
            - cell /http:\\/\\/\\d+\\.\\d+\\.0\\.1:\\d+/:
              - code: /http:\\/\\/\\d+\\.\\d+\\.0\\.1:\\d+/
            - cell "Copy Graph URL":
              - button "Copy Graph URL"
          - row "Page token EAAs•••••••• Show Page token Copy Page token":
            - rowheader "Page token"
            - cell "EAAs•••••••• Show Page token":
              - code: EAAs••••••••
              - button "Show Page token"
            - cell "Copy Page token":
              - button "Copy Page token"
          - row "App secret supp•••••••• Show App secret Copy App secret":
            - rowheader "App secret"
            - cell "supp•••••••• Show App secret":
              - code: supp••••••••
              - button "Show App secret"
            - cell "Copy App secret":
              - button "Copy App secret"
          - row "Verify token zF5S•••••••• Show Verify token Copy Verify token":
            - rowheader "Verify token"
            - cell "zF5S•••••••• Show Verify token":
              - code: zF5S••••••••
              - button "Show Verify token"
            - cell "Copy Verify token":
              - button "Copy Verify token"
          - row /App id \\d+ Copy App id/:
            - rowheader "App id"
            - cell /\\d+/:
              - code: /\\d+/
            - cell "Copy App id":
              - button "Copy App id"
          - row /Page id \\d+ Copy Page id/:
            - rowheader "Page id"
            - cell /\\d+/:
              - code: /\\d+/
            - cell "Copy Page id":
              - button "Copy Page id"
  `);
  await needs.getByRole('button', { name: 'Show Page token' }).click();
  await expect(needs).toContainText('EAAsupport');
  await needs.getByRole('button', { name: 'Hide Page token' }).click();
  await expect(needs).not.toContainText('EAAsupport');

  const webhook = page.getByRole('region', { name: 'Webhook' });
  await expect(webhook).toContainText('support is a puppet');
  await webhook.getByLabel('Webhook URL').fill(strict.url);
  await webhook.getByRole('button', { name: 'Attach' }).click();
  await webhook.getByRole('button', { name: 'Verify webhook' }).click();
  await expect(webhook).toContainText('The handshake failed');
  await expect(webhook).toContainText(`GET ${strict.url}?hub.mode=subscribe`);
  await expect(webhook).toContainText('403');

  await webhook.getByLabel('Webhook URL').fill(bot.url);
  await webhook.getByRole('button', { name: 'Attach' }).click();
  await expect(webhook).toContainText(`Webhooks go to ${bot.url}`);
  await webhook.getByRole('button', { name: 'Verify webhook' }).click();
  await expect(webhook).toContainText('gave the challenge back');

  bot.status = 401;
  await server.step({ user: 'alice', says: 'Hi' });
  const works = page.getByRole('region', { name: 'Does it work?' });
  await expect(works).toContainText('support answered 401: does it hash the raw bytes with this secret?');
  bot.status = 200;
  await works.getByRole('link', { name: /support answered 401/ }).click();
  await page.getByRole('button', { name: 'Redeliver' }).click();
  await expect(page.getByRole('table', { name: 'Deliveries' }).getByRole('row', { name: /support messages 200/ })).toBeVisible();
});

test('the copied environment and snippets are whole, and the copied curl command works', async ({ page, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.goto(server.at('connect', 'app=sales'));
  await expect(page.getByLabel('.env', { exact: true })).toContainText('GRAPHDOUBLE_PAGE_TOKEN=EAAs•');
  await page.getByRole('button', { name: 'Copy .env' }).click();
  await expect.poll(copied).toContain('GRAPHDOUBLE_PAGE_TOKEN=EAAsales\n');
  for (const [client, word] of [['Bottender', 'verifyToken: process.env.GRAPHDOUBLE_VERIFY_TOKEN'], ['facebook-business', 'session.GRAPH']]) {
    await page.getByRole('group', { name: 'Client' }).getByRole('button', { name: client }).click();
    await expect(page.getByLabel('Snippet')).toContainText(word);
  }
  await server.call('EAAsales', '/me/messages', { recipient: { id: '3001' }, message: { text: "it's new" } });
  await page.goto(server.at('calls', 'words=new'));
  await page.getByRole('button', { name: 'POST /me/messages' }).click();
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await expect.poll(copied).toMatch(/^curl -X POST http:\/\/127\.0\.0\.1:\d+\/v25\.0\/me\/messages -H 'authorization: Bearer EAAsales'/);
  await expect.poll(copied).toContain(`"text":"it'\\''s new"`);
});

test('an account of Instagram has its own token and its own clients', async ({ page, server, bots }) => {
  const bot = await bots();
  await server.control('DELETE', '/worlds/default');
  await server.control('POST', '/worlds?name=insta&clock=frozen', { apps: { dm: { webhook: bot.url } }, instagram: { shop_ig: { default_app: 'dm', apps: { dm: { token: 'IGAAdm' } } } }, people: { sam: {} } });
  await server.step({ user: 'sam', says: 'Hi' }, 'insta');
  await page.goto(server.at('connect', '', 'insta'));
  await expect(page.getByRole('region', { name: 'What your bot needs' })).toContainText('Account token');
  await expect(page.getByRole('group', { name: 'Client' }).getByRole('button')).toContainText(['curl', 'instagram-graph-api-sdk', 'hiinsta']);
  await page.goto(server.at('deliveries', '', 'insta'));
  await page.getByRole('button', { name: 'dm' }).first().click();
  await expect(page.getByRole('region', { name: 'The selected delivery' })).toContainText('the same');
});
