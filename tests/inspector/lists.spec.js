// Deliveries and Graph calls: one selection, one filter, and the bytes.
import { attach, expect, test } from './support.js';

const greets = (server, token) => (event) => server.call(token, '/me/messages', { recipient: event.sender, message: { text: `You said ${event.message.text}` } });

test('a delivery shows its bytes in three shapes, its signature, and what differs from another', async ({ page, server, bots }) => {
  const bot = await bots();
  await attach(server, 'support', bot);
  await server.step({ user: 'alice', says: 'Grüße' });
  await server.step({ user: 'alice', says: 'Danke' });
  await expect.poll(() => bot.received.length).toBe(2);
  await page.goto(server.at('deliveries', 'words=support'));
  const list = page.getByRole('table', { name: 'Deliveries' });
  await expect(list.getByRole('row')).toHaveCount(3);
  await list.getByRole('button', { name: 'support' }).first().click();
  const detail = page.getByRole('region', { name: 'The selected delivery' });
  await expect(detail.getByLabel('Body', { exact: true })).toHaveText(bot.received[0].body);
  await expect(detail).toContainText(bot.received[0].headers['x-hub-signature-256']);
  await expect(detail).toContainText('the same');
  await expect(detail).not.toContainText('support-secret');
  await detail.getByRole('button', { name: 'pretty' }).click();
  await expect(detail.getByLabel('Body', { exact: true })).toContainText('"text": "Grüße"');
  await detail.getByRole('button', { name: 'hex' }).click();
  await expect(detail.getByLabel('Body', { exact: true })).toContainText('000000  7b 22 6f 62 6a 65 63 74');
  await detail.getByRole('button', { name: 'Compare' }).click();
  await list.getByRole('button', { name: 'support' }).last().click();
  await expect(detail.getByLabel('Difference')).toContainText('-             "text": "Grüße"');
  await expect(detail.getByLabel('Difference')).toContainText('+             "text": "Danke"');
});

test('a refused call names its rule, a lost answer its fault, an unknown parameter its warning', async ({ page, server }) => {
  const to = { recipient: { id: '3001' } };
  await server.step({ user: 'alice', says: 'Hi' });
  await server.call('EAAloyalty', '/me/messages', { ...to, message: { text: 'not mine' } });
  await server.control('POST', '/worlds/default/faults', { at: 'send', reply: 'rate_limited' });
  await server.call('EAAsupport', '/me/messages', { ...to, message: { text: 'limited' } });
  await server.call('EAAsupport', '/me/messages', { ...to, message: { text: 'warned' }, bogus: 1 });
  await page.goto(server.at('calls'));
  const list = page.getByRole('table', { name: 'Graph calls' });
  const detail = page.getByRole('region', { name: 'The selected call' });
  await list.getByRole('row', { name: /loyalty/ }).click();
  await expect(detail).toContainText('send.refused.not_owner');
  await expect(detail).toContainText('An app that does not own the thread may not send into it');
  await list.getByRole('row', { name: /#613/ }).click();
  await expect(detail).toContainText('send answers rate_limited');
  await list.getByRole('row', { name: /warned/ }).click();
  await expect(detail).toContainText('unknown parameter `bogus` was ignored');
  await expect(list).toMatchAriaSnapshot(`
    - table "Graph calls":
      - rowgroup:
        - row "Call Status App About Time What":
          - columnheader "Call"
          - columnheader "Status"
          - columnheader "App"
          - columnheader "About"
          - columnheader "Time"
          - columnheader "What"
      - rowgroup:
        - row /POST \\/me\\/messages \\d+ loyalty alice \\d+:\\d+:\\d+ send\\.refused\\.not_owner \\(#\\d+\\) Message failed to send because another app is controlling this thread now\\./:
          - cell "POST /me/messages":
            - button "POST /me/messages"
          - cell /\\d+/
          - cell "loyalty"
          - cell "alice"
          - cell /\\d+:\\d+:\\d+/
          - cell /send\\.refused\\.not_owner \\(#\\d+\\) Message failed to send because another app is controlling this thread now\\./:
            - code: send.refused.not_owner
            - text: ""
        - row /POST \\/me\\/messages \\d+ support alice \\d+:\\d+:\\d+ \\(#\\d+\\) Calls to this api have exceeded the rate limit\\./:
          - cell "POST /me/messages":
            - button "POST /me/messages"
          - cell /\\d+/
          - cell "support"
          - cell "alice"
          - cell /\\d+:\\d+:\\d+/
          - cell /\\(#\\d+\\) Calls to this api have exceeded the rate limit\\./
        - row /POST \\/me\\/messages \\d+ support alice \\d+:\\d+:\\d+ warned warned/:
          - cell "POST /me/messages":
            - button "POST /me/messages" [pressed]
          - cell /\\d+/
          - cell "support"
          - cell "alice"
          - cell /\\d+:\\d+:\\d+/
          - cell "warned warned"
  `);
  await list.getByRole('row', { name: /loyalty/ }).click();
  await detail.getByRole('button', { name: 'Call again' }).click();
  await expect(list.getByRole('row', { name: /loyalty/ })).toHaveCount(2);
});

test('a jump of the clock is a line, and Escape lets go of a row', async ({ page, server }) => {
  await server.step({ user: 'alice', says: 'Hi' });
  await server.control('POST', '/worlds/default/clock', { advance: '+24h' });
  await server.step({ user: 'alice', says: 'Hi again' });
  await page.goto(server.at('deliveries', 'words=messages'));
  const list = page.getByRole('table', { name: 'Deliveries' });
  await expect(list.getByRole('row')).toContainText([/App/, /support\s*messages/, /\+24 h/, /support\s*messages/]);
  await list.getByRole('button').first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/entry=\d+/);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/entry=/);
});

test('the selection holds on every screen, and stays in view when a filter goes', async ({ page, server, bots }) => {
  const bot = await bots({ reply: (event) => greets(server, 'EAAsupport')(event) });
  await attach(server, 'support', bot);
  for (let n = 0; n < 60; n++) await server.step({ user: 'alice', says: `Hello n${n}n` });
  await page.goto(server.at('deliveries', 'words=n7n+-loyalty+-sales+-echoes'));
  const list = page.getByRole('table', { name: 'Deliveries' });
  await expect(list.getByRole('row')).toHaveCount(2);
  await list.getByRole('button').click();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('');
  const chosen = list.getByRole('button', { pressed: true });
  await expect(chosen).toBeInViewport();
  await page.getByRole('link', { name: 'Graph calls' }).click();
  await expect(page.getByText('No app called because of the selected entry')).toBeVisible();
  await page.getByRole('button', { name: 'POST /me/messages' }).nth(7).click();
  await expect(page.getByRole('region', { name: 'The selected call' })).toContainText('You said Hello n7n');
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await expect(page.getByRole('region', { name: 'The selected delivery' })).toContainText('You said Hello n7n'); // its echo
  await page.getByRole('link', { name: 'Graph calls' }).click();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('nothing-has-this');
  await expect(page.getByText('are hidden by the filter “nothing-has-this”')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.getByRole('table', { name: 'Graph calls' }).getByRole('button', { pressed: true })).toBeInViewport();
  await page.getByRole('checkbox', { name: 'failed only' }).check();
  await expect(page.getByText('are hidden by “failed only”')).toBeVisible();
});

test('a call with a token of no world is shown where somebody looks for it', async ({ page, server }) => {
  await page.goto(server.at('connect'));
  await expect(page.getByRole('heading', { name: 'Connect a bot' })).toBeVisible();
  await server.call('EAAnobody', '/me/messages', { recipient: { id: '3001' }, message: { text: 'Hello?' } });
  await expect(page.getByText('1 call belongs to no world. The last: Invalid OAuth access token.')).toBeVisible();
  await server.call('EAAelse', '/me/messages', { recipient: { id: '3001' }, message: { text: 'Hello??' } });
  await page.getByRole('link', { name: 'Graph calls' }).click();
  await page.getByText('2 calls belong to no world').click();
  const table = page.getByRole('table', { name: 'Calls that belong to no world' });
  await expect(table.getByRole('row')).toContainText([/Call/, /POST \/v25\.0\/me\/messages.*401.*EAA\*\*\*/, /POST \/v25\.0\/me\/messages/]);
});
