// The clock: what it shows, what falls due, and how far to turn it.
import { html, nothing } from './vendor/lit-html.js';
import { at, post } from './api.js';
import { deliveryRows } from './records.js';
import { entryHref, mayChange, submits, table } from './rows.js';
import { between, dateTime, duration } from './words.js';

export const title = 'Clock';

/** What is being waited for, while the clock is turned. */
let turning = null;
let failure = null;

function turn(app, body, what) {
  turning = what;
  failure = null;
  app.draw();
  return app.attempt(async () => {
    try {
      app.clock = await post(at(app.view.world, 'clock'), body);
      app.say(`It is ${dateTime(app.clock.now)} now.`);
    } catch (error) {
      if (error.body?.performed === undefined) throw error;
      failure = error;
      app.say('The clock was stopped.');
    } finally {
      turning = null;
    }
  });
}

export function draw(app) {
  const { clock } = app;
  if (!clock) return nothing;
  const { due = [], more } = clock;
  return html`<h2>${title}</h2>
    <p class="now"><strong>${dateTime(clock.now)}</strong> UTC, ${clock.mode === 'frozen' ? 'stands still between your steps' : 'runs as fast as the wall clock'}</p>
    ${mayChange(app) ? controls(app, due[0]) : nothing}
    ${turning ? html`<p role="status">The clock turns ${turning}. It waits until what is under way is over: ${underWay(app) ?? 'Graph calls.'}</p>` : nothing}
    ${failure ? html`<div class="problem" role="alert"><p>${failure.body.performed ? 'The clock was turned, but something failed then.' : 'The clock was not turned as far as that.'} ${failure.message}</p>${underWay(app) ? html`<p>Under way: ${underWay(app)}</p>` : nothing}${failure.drawn ? html`<pre>${failure.drawn}</pre>` : nothing}</div>` : nothing}
    <h3>What falls due</h3>
    ${due.length ? table('What falls due', ['When', 'In', 'What', 'About', 'App'], due.map(dueRow(app))) : html`<p class="empty">Nothing waits for the clock: no webhook that is sent again, no window, no control that ends.</p>`}
    ${more ? html`<p class="dim">${more} more fall due after these.</p>` : nothing}`;
}

/** Webhooks that an app has not answered yet, if there are any. */
function underWay(app) {
  const { ledger, description } = app.store;
  const open = deliveryRows(ledger).filter(({ webhook, attempt }) => !attempt && description.apps[webhook.app]?.webhook?.url).slice(-20);
  return open.length ? open.map(({ cursor, webhook }) => html`<a href=${entryHref(app, cursor)}>${webhook.field} to ${webhook.app}</a> `) : null;
}

function controls(app, next) {
  const step = (by) => html`<button ?disabled=${Boolean(turning)} @click=${() => turn(app, { advance: by }, by)}>${by.replace(/(\d)(\D)/, '$1 $2')}</button>`;
  return html`<div class="acts">${['+1h', '+24h', '+7d'].map(step)}
    <button ?disabled=${Boolean(turning) || !next} @click=${() => turn(app, { to: next.at }, `to ${dateTime(next.at)}`)}>To what falls due next</button></div>
    <form class="filter" @submit=${submits((form) => turn(app, { advance: form.get('by') }, form.get('by')))}>
      <label>Another length <input name="by" size="10" required placeholder="+90m"></label><button ?disabled=${Boolean(turning)}>Turn</button></form>`;
}

const dueRow = (app) => (each) => html`<tr><td>${dateTime(each.at)}</td><td>${duration(between(app.clock.now, each.at))}</td>
  <td>${each.entry ? html`<a href=${entryHref(app, each.entry)}>${each.text ?? each.what}</a>` : each.text ?? each.what}</td>
  <td>${each.person ? html`<a href=${app.href({ screen: 'chat', page: each.page, person: each.person })}>${each.person} on ${each.page}</a>` : each.page}</td><td>${each.app}</td></tr>`;
