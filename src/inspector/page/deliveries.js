// Deliveries: what was sent to which app, to the byte, and what came back.
import { html, nothing } from './vendor/lit-html.js';
import { at, post } from './api.js';
import { deliveryCurl, deliveryInWords, deliveryRows, difference, hex, outcome, prettyText, signatureOf } from './records.js';
import { chosenRow, copies, facts, filterBar, list, mayChange, ruleOf, secret } from './rows.js';
import { clockTime } from './words.js';

export const title = 'Deliveries';

const SHAPES = { escaped: (text) => text, pretty: prettyText, hex };

export function draw(app) {
  const rows = deliveryRows(app.store.ledger);
  const chosen = chosenRow(app, rows);
  return html`<h2 class="unseen">${title}</h2>${filterBar(app)}
    <div class="split">
      ${list(app, {
        label: 'Deliveries', rows, columns: ['App', 'Field', 'Status', 'About', 'Time', 'Attempt', 'Took'],
        cells: (row) => cells(app, row), entriesOf: ({ webhook, attempt }) => [attempt, webhook].filter(Boolean),
        what: 'deliveries', first: html`Nothing was sent yet. <a href=${app.href({ screen: 'chat' })}>Say something as a person</a>: each app that gets a webhook of it has a row here.`,
      })}
      <section class="detail" aria-label="The selected delivery">${chosen ? detail(app, chosen) : html`<p class="empty">${app.view.entry ? 'No app was sent anything because of the selected entry.' : 'Select a delivery to see its bytes.'}</p>`}</section>
    </div>`;
}

function cells(app, { webhook, attempt }) {
  const about = webhook ?? attempt;
  const state = attempt ? html`<span class=${attempt.status < 300 ? 'good' : 'bad'}>${outcome(attempt)}</span>` : html`<span class="dim">${urlOf(app, about.app) ? 'waits' : 'puppet'}</span>`;
  return [about.app, webhook?.field, state, about.person, clockTime(about.at), attempt?.attempt, attempt?.took_ms === undefined ? '' : `${attempt.took_ms} ms`];
}

const urlOf = (app, name) => app.store.description.apps[name]?.webhook?.url;

function detail(app, row) {
  const { webhook, attempt } = row;
  const cursor = attempt?.webhook ?? webhook.cursor;
  const name = (attempt ?? webhook).app;
  const again = () => app.attempt(() => post(at(app.view.world, 'ledger', String(cursor), 'redeliver')).then(() => app.say('The webhook is on its way again.')));
  const isCompared = app.view.with === String(row.cursor);
  return html`<h3>${name} ${webhook?.field ?? ''}${attempt ? `, attempt ${attempt.attempt}` : ''}</h3>
    <div class="acts">
      ${mayChange(app) && urlOf(app, name) ? html`<button @click=${again}>Redeliver</button>` : nothing}
      ${attempt?.sent ? copies(app, () => deliveryCurl(row, urlOf(app, name)), 'the curl command', 'Copy as curl') : nothing}
      ${attempt?.sent ? html`<button aria-pressed=${isCompared} @click=${() => app.set({ with: isCompared ? null : row.cursor })}>Compare</button>` : nothing}
    </div>
    <p>${attempt ? deliveryInWords(attempt) : urlOf(app, name) ? 'It was not sent yet.' : `${name} is a puppet: it has no webhook URL, so nothing leaves the server.`}</p>
    ${attempt?.fault ? html`<p class="bad">It met <a href=${app.href({ screen: 'faults' })}>fault ${attempt.fault}</a>.</p>` : nothing}
    ${statesOf(app, cursor).map((entry) => html`<p class="dim">${clockTime(entry.at)} ${entry.text}</p>`)}
    ${facts(app, attempt ?? webhook)}${attempt && webhook ? ruleOf(app, webhook.rule) : nothing}
    ${attempt?.sent ? sent(app, row) : html`<h4>What it says</h4><pre tabindex="0">${JSON.stringify(webhook.body, null, 2)}</pre>`}`;
}

/** What followed from the attempts of a webhook. */
const statesOf = (app, cursor) => app.store.ledger.entries.filter((entry) => entry.kind === 'delivery_state' && (entry.webhook === cursor || entry.webhooks?.includes(cursor)));

function sent(app, row) {
  const { attempt } = row;
  const other = app.store.ledger.byCursor.get(Number(app.view.with));
  if (other?.sent && other !== attempt) return compared(app, other, attempt);
  const shape = SHAPES[app.view.shape] ? app.view.shape : 'escaped';
  return html`
    ${app.view.with ? html`<p role="status">Select another delivery to see what differs.</p>` : nothing}
    <h4>Signature</h4>${signature(app, attempt)}
    <h4>Headers</h4><pre tabindex="0" aria-label="Headers">${headers(attempt)}</pre>
    <h4>Body, ${new TextEncoder().encode(attempt.sent.body).length} bytes</h4>
    <div class="acts" role="group" aria-label="Shape of the body">
      ${Object.keys(SHAPES).map((name) => html`<button aria-pressed=${name === shape} @click=${() => app.set({ shape: name })}>${name}</button>`)}
      ${copies(app, attempt.sent.body, 'the body')}
    </div>
    <pre class=${shape} tabindex="0" aria-label="Body">${SHAPES[shape](attempt.sent.body)}</pre>
    ${attempt.said ? html`<h4>Answer</h4><pre tabindex="0" aria-label="Answer">${attempt.said}</pre>` : nothing}`;
}

const headers = ({ sent: { headers: all } }) => Object.entries(all).map(([name, value]) => `${name}: ${value}`).join('\n');

function compared(app, before, after) {
  const marks = { ' ': '', '-': 'bad', '+': 'good' };
  const text = (attempt) => `${headers(attempt)}\n\n${prettyText(attempt.sent.body)}`;
  return html`<h4>From entry ${before.cursor} (−) to entry ${after.cursor} (+)</h4>
    <div class="acts"><button @click=${() => app.set({ with: null })}>End comparison</button></div>
    <pre tabindex="0" aria-label="Difference">${difference(text(before), text(after)).map(([mark, line]) => html`<span class=${marks[mark]}>${mark} ${line}\n</span>`)}</pre>`;
}

const signatures = new WeakMap();

/** The signature that was sent, beside the one that each secret of the app gives. */
function signature(app, attempt) {
  const header = attempt.sent.headers['x-hub-signature-256'];
  const { secret: own, env } = app.store.description.apps[attempt.app] ?? {};
  const secrets = [...new Set([own, ...Object.entries(env ?? {}).filter(([name]) => name.includes('APP_SECRET')).map(([, value]) => value)])].filter(Boolean);
  if (!signatures.has(attempt)) {
    signatures.set(attempt, null);
    Promise.all(secrets.map(async (each) => [each, await signatureOf(each, attempt.sent.body)])).then((all) => (signatures.set(attempt, all), app.draw()));
  }
  const all = signatures.get(attempt) ?? [];
  const [key, computed] = all.find((each) => each[1] === header) ?? all[0] ?? [];
  return html`<dl><dt>sent</dt><dd><code>${header ?? 'none'}</code></dd>
    ${computed ? html`<dt>computed</dt><dd><code>${computed}</code> <strong class=${computed === header ? 'good' : 'bad'}>${computed === header ? 'the same' : 'not the same'}</strong></dd>` : nothing}
    ${key ? html`<dt>secret</dt><dd>${secret(app, `the secret of ${attempt.app}`, key)}</dd>` : nothing}
    ${all.length && !computed ? html`<dt>computed</dt><dd>The browser computes it only on HTTPS or on the loopback.</dd>` : nothing}</dl>`;
}
