// Graph calls: what apps asked, and what they were answered.
import { html, nothing } from './vendor/lit-html.js';
import { ApiError, get } from './api.js';
import { hasFailed } from './fold.js';
import { callCurl, callRows, requestOf } from './records.js';
import { chosenRow, copies, entryHref, facts, filterBar, list, mayChange, ruleOf, table } from './rows.js';
import { clockTime, pretty } from './words.js';

export const title = 'Graph calls';

let unmatched = [];

/** Calls with a token that no world knows stand in no ledger. They are asked for while somebody could see them. */
export async function watchUnmatched(app) {
  clearTimeout(watchUnmatched.timer);
  if (!['calls', 'connect'].includes(app.view.screen)) return;
  if (!document.hidden) {
    const calls = await get('/_control/calls').then((answer) => answer.calls, (error) => {
      if (error instanceof ApiError) return error.status === 404 ? null : unmatched;
      throw error;
    });
    if (!calls) return;
    if (calls.at(-1)?.number !== unmatched.at(-1)?.number) app.draw();
    unmatched = calls;
  }
  clearTimeout(watchUnmatched.timer);
  if (mayChange(app)) watchUnmatched.timer = setTimeout(() => watchUnmatched(app), 2000);
}

export const enter = (app, entries) => entries.length || watchUnmatched(app);

export function draw(app) {
  const rows = callRows(app.store.ledger);
  const chosen = chosenRow(app, rows);
  return html`<h2 class="unseen">${title}</h2>${filterBar(app)}${withoutWorld()}
    <div class="split">
      ${list(app, {
        label: 'Graph calls', rows, columns: ['Call', 'Status', 'App', 'About', 'Time', 'What'], cells, entriesOf: ({ call, warnings, refusal }) => [call, ...warnings, refusal].filter(Boolean),
        what: 'calls', first: html`No app has called yet. <a href=${app.href({ screen: 'connect' })}>Connect</a> has the URL and the token that your bot needs.`,
      })}
      <section class="detail" aria-label="The selected call">${chosen ? detail(app, chosen) : html`<p class="empty">${app.view.entry ? 'No app called because of the selected entry.' : 'Select a call to see what it said.'}</p>`}</section>
    </div>`;
}

const shortened = (call) => call.replace(/ \/v[\d.]+/, ' ');

function cells({ call, warnings, refusal }) {
  const what = call.lost ? `answer lost: ${call.lost}` : call.message ?? call.body?.message?.text ?? call.body?.sender_action ?? '';
  return [shortened(call.call), html`<span class=${hasFailed(call) || call.lost ? 'bad' : 'good'}>${call.status ?? 'lost'}</span>`, call.app, call.person, clockTime(call.at),
    html`${refusal ? html`<code>${refusal.rule}</code> ` : nothing}${warnings.length ? html`<span class="bad">warned</span> ` : nothing}${String(what).slice(0, 120)}`];
}

/** What stands in no world, because no world knows its token. */
export function withoutWorld() {
  if (!unmatched.length) return nothing;
  return html`<details class="unmatched"><summary class="bad">${unmatched.length} ${unmatched.length === 1 ? 'call belongs' : 'calls belong'} to no world. The last: ${unmatched.at(-1).message}</summary>
    ${table('Calls that belong to no world', ['Call', 'Time', 'Status', 'Token', 'What'], unmatched.map((call) => html`<tr><td>${call.method} ${call.path}</td><td>${clockTime(call.at)}</td><td class="bad">${call.status}</td><td><code>${call.token ?? 'none'}</code></td><td>${call.message}</td></tr>`))}</details>`;
}

function detail(app, row) {
  const { call, warnings, refusal } = row;
  const fault = app.store.ledger.entries.find((entry) => entry.kind === 'fault_armed' && entry.fault === call.fault);
  return html`<h3>${shortened(call.call)}</h3>
    <div class="acts">${mayChange(app) && !call.cut && !call.body_bytes ? html`<button @click=${() => again(app, row)}>Call again</button>` : nothing}${copies(app, () => callCurl(row, app.store.description), 'the curl command', 'Copy as curl')}</div>
    <p>${call.app} was answered <strong class=${hasFailed(call) ? 'bad' : 'good'}>${call.status ?? 'nothing'}</strong>${call.code === undefined ? '' : `, code ${call.code}${call.subcode ? `, subcode ${call.subcode}` : ''}`}.
      ${call.lost ? `The answer below never arrived: ${call.lost}.` : nothing} ${call.message ?? nothing}</p>
    ${call.fault ? html`<p class="bad">It met <a href=${app.href({ screen: 'faults' })}>${fault?.text ?? `fault ${call.fault}`}</a>.</p>` : nothing}
    ${warnings.map((warning) => html`<p class="bad">${warning.text}</p>`)}
    ${facts(app, call)}
    ${refusal ? html`<h4>Refused by</h4>${ruleOf(app, refusal.rule)}<p><a href=${entryHref(app, refusal.cursor)}>${refusal.text}</a></p>` : nothing}
    <h4>Request</h4><pre tabindex="0" aria-label="Request">${call.call}\n${part(call.query)}${part(call.body)}${call.cut || call.body_bytes ? `(${call.cut ?? call.body_bytes} bytes)` : ''}</pre>
    <h4>Answer</h4><pre tabindex="0" aria-label="Answer">${part(call.answer)}${call.answer_cut || call.answer_bytes ? `(${call.answer_cut ?? call.answer_bytes} bytes)` : ''}</pre>`;
}

/** Makes a call again, as a step of a scenario does it. */
function again(app, row) {
  const { app: as, page, body } = row.call;
  const { method, path } = requestOf(row, app.store.description);
  return app.act({ call: { as, [method.toLowerCase()]: path, ...(page ? { page } : {}), ...(body === undefined ? {} : { body }) } });
}

const part = (value) => (value === undefined ? '' : `${pretty(value)}\n`);
