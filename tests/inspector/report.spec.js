// The page as a file, as `run --report html=FILE` writes it: it opens from a disk, runs under a policy of checksums, and loads nothing.
import { expect, test as base } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BINARY, SCREENS } from './support.js';

const SCENARIOS = `
world:
  apps: { support: {}, sales: {} }
  pages: { bakery: { default_app: support, apps: { support: {}, sales: {} } } }
  people: { alice: {} }
scenarios:
  - name: who answers
    steps:
      - { user: alice, says: 'Hi </script><script>document.title = "broken out"</script>' }
      - { app: support, sends: Hello }
      - { clock: +2h }
      - { expect: [{ owner: sales }] }
  - { name: 'no/plain: näme', steps: [{ user: alice, says: 'the other one' }, { expect: [{ owner: sales }] }] }
  - { name: passes, steps: [{ user: alice, says: Hi }] }
`;

const test = base.extend({
  /** The file that a run with failures has written. */
  report: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'report-'));
    writeFileSync(join(folder, 'talk.yaml'), SCENARIOS);
    const run = spawnSync(BINARY, ['run', 'talk.yaml', '--no-bundle', '--report', 'html=report.html'], { cwd: folder });
    expect(run.status, run.stdout.toString() + run.stderr.toString()).toBe(4);
    await use(pathToFileURL(join(folder, 'report.html')).href);
    rmSync(folder, { recursive: true });
  },
  page: async ({ page, report }, use) => {
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(`error: ${error.stack}`));
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && wrong.push(`console: ${message.text()}`));
    page.on('request', (request) => request.url().split('#')[0] !== report && !request.url().startsWith('data:') && wrong.push(`request: ${request.url()}`));
    await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`)));
    await use(page);
    expect(wrong).toEqual([]);
  },
});

test('a report opens from a disk and shows each scenario that failed', async ({ page, report }) => {
  await page.goto(`${report}#/who%20answers/chat?page=bakery&person=alice`);
  await expect(page.getByText('Hello', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Hi </script>').first()).toBeVisible();
  await expect(page).toHaveTitle(/who answers/);
  await page.getByLabel('World').selectOption('no/plain: näme');
  await page.goto(`${report}#/no%2Fplain%3A%20n%C3%A4me/chat?page=bakery&person=alice`);
  await expect(page.getByText('the other one').first()).toBeVisible();
  await expect(page.getByLabel('World').locator('option')).toHaveCount(2);
});

test('every screen of a report can be opened', async ({ page, report }) => {
  for (const screen of SCREENS) {
    await page.goto(`${report}#/who%20answers/${screen}?page=bakery&person=alice`);
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeAttached();
    await expect(page.getByText('record, read-only')).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
});
