// Who got the selected entry, and why not: each webhook with the rule for each app, and what each app may do now.
import { html, nothing } from './vendor/lit-html.js';
import { at, post } from './api.js';
import { badge } from './chat.js';
import { effectsOf, hasFailed, rootOf, webhooksOf } from './fold.js';
import { callCurl, deliveryCurl, outcome } from './records.js';
import { copies, entryHref, mayChange, ruleOf } from './rows.js';
import { receiptsOf, webhookOf } from './thread.js';
import { dateTime, pretty, sentence } from './words.js';

const GOT = { messaging: 'got messages', changes: 'got changes', standby: 'got standby', withheld: 'got nothing: withheld', nothing: 'got nothing: it is not about this app' };
const APPLIED = ['refused', 'routed', 'owner_changed', 'control_kept', 'allowed', 'applied', 'window_opened', 'setting_changed', 'warning'];

/** The drawer of the selected entry, or else of the newest item. */
export function decisions(app, shown) {
  const { ledger } = app.store;
  const item = app.view.entry ? shown.chosen : shown.all.findLast(({ cursor, type }) => cursor && type !== 'clock');
  const cursor = app.view.entry ?? item?.cursor;
  const entry = cursor && ledger.byCursor.get(cursor);
  return html`<section class="decisions" aria-label="Who got it, and why not">
    <h3>Who got it, and why not</h3>
    ${app.view.entry && !entry ? html`<p class="empty">The ledger no longer has entry ${cursor}.</p>` : entry ? detail(app, entry, item ?? { cursor }, shown) : html`<p class="empty">Write something as ${shown.person}: each app that could get it stands here, with the rule.</p>`}
    ${mayDo(app, shown)}
  </section>`;
}

/** A rule; with its sentence where it stands for the first time. */
function ruleOnce(app, id, said) {
  if (!id) return nothing;
  if (said.has(id)) return html`<p class="rule"><code>${id}</code></p>`;
  said.add(id);
  return ruleOf(app, id);
}

function detail(app, entry, item, { apps }) {
  const said = new Set();
  const { ledger } = app.store;
  const root = ledger.byCursor.get(rootOf(ledger, entry.cursor)) ?? entry;
  const effects = effectsOf(ledger, entry.cursor);
  const own = webhooksOf(ledger, entry.cursor).find(({ event, decisions: all }) => event.cursor === entry.cursor || all.some((each) => each.entry.cursor === entry.cursor || each.attempts.includes(entry)));
  const main = own ?? webhookOf(ledger, item);
  const calls = effects.filter(({ kind }) => kind === 'graph_call' || kind === 'call_failed');
  const rest = webhooksOf(ledger, entry.cursor).filter(({ event }) => event !== main?.event);
  return html`<p><b>${sentence(root.text ?? entry.text ?? `${entry.app} ${entry.call}`)}</b><br><span class="dim">Entry <a href=${entryHref(app, entry.cursor)}>${entry.cursor}</a>, ${dateTime(entry.at)}</span>
      ${app.view.entry ? html`<button @click=${() => app.select(null)}>Follow the newest</button>` : html`<span class="dim">(the newest)</span>`}</p>
    ${calls.map((call) => html`<div class="line"><span class=${hasFailed(call) ? 'bad' : ''}>${call.call} answered ${call.status}${call.message ? `: ${call.message}` : ''}</span>
      <span class="acts">${copies(app, () => callCurl({ call }, app.store.description), 'the call as curl', 'Copy as curl')}</span></div>`)}
    ${main ? webhook(app, main, apps, said) : calls.length ? nothing : html`<p class="dim">No webhook came of this.</p>`}
    ${rest.map((each) => html`<details><summary>${fieldOf(each)} <span class="dim">${receiptsOf(each, apps).filter(({ entry: of }) => of).map(({ app: name }) => badge(app, name))}</span></summary>${webhook(app, each, apps, said, true)}</details>`)}
    ${effects.some(({ kind }) => APPLIED.includes(kind)) ? html`<h4>Rules at work</h4>${effects.filter(({ kind }) => APPLIED.includes(kind)).map(({ text, rule, kind }) => html`<div class=${kind === 'refused' ? 'bad' : ''}>${sentence(text)}${ruleOnce(app, rule, said)}</div>`)}` : nothing}
    <details><summary>All of it as JSON</summary><pre tabindex="0">${pretty(effects)}</pre></details>`;
}

const fieldOf = ({ decisions: all }) => (all.find(({ entry }) => entry.field !== 'standby') ?? all[0]).entry.field;

function webhook(app, each, apps, said, isBare) {
  return html`${isBare ? nothing : html`<h4>${fieldOf(each)}</h4>`}${receiptsOf(each, apps).map((receipt) => receiptOf(app, receipt, said))}`;
}

function receiptOf(app, { app: name, got, entry, attempts }, said) {
  const last = attempts.at(-1);
  const url = app.store.description.apps[name]?.webhook?.url;
  const again = () => app.attempt(() => post(at(app.view.world, 'ledger', String(entry.cursor), 'redeliver')).then(() => app.say('The webhook is on its way again.')));
  return html`<div class="receipt ${got}"><div class="line"><span>${badge(app, name)} <b>${name}</b> ${GOT[got]}${got === 'nothing' || got === 'withheld' || url ? '' : html` <span class="dim">(puppet)</span>`}</span>
      ${entry?.decision === 'deliver' ? html`<span class="acts"><button ?disabled=${!mayChange(app) || !url} @click=${again}>Redeliver</button>
        ${last ? copies(app, () => deliveryCurl({ attempt: last }, url), 'the delivery as curl', 'Copy as curl') : html`<button disabled title="It was not sent: ${name} has no webhook URL.">Copy as curl</button>`}</span>` : nothing}</div>
    ${ruleOnce(app, entry?.rule, said)}
    ${attempts.map((attempt) => html`<a class="attempt ${hasFailed(attempt) ? 'bad' : 'good'}" href=${app.href({ screen: 'deliveries', entry: attempt.cursor })}>attempt ${attempt.attempt}: ${outcome(attempt)}${attempt.took_ms === undefined ? '' : `, ${attempt.took_ms} ms`}</a> `)}</div>`;
}

function mayDo(app, { explanation, person }) {
  if (!explanation) return nothing;
  const said = new Set();
  return html`<h4>What each app may do now with ${person}</h4>${explanation.may.map(({ app: name, is_owner: isOwner, attempts }) => html`<details><summary>${badge(app, name)} ${name}${isOwner ? ', in control' : ''}:
      ${attempts.some(({ allowed }) => allowed) ? attempts.filter(({ allowed }) => allowed).map(({ what }) => html`<span class="good">✓ ${what}</span> `) : html`<span class="dim">nothing</span>`}</summary>
    ${attempts.map(({ what, allowed, reason, rule, moves, owner }) => html`<div class="may"><span class=${allowed ? 'good' : 'bad'}>${allowed ? '✓' : '✗'} ${what}</span> ${reason ?? (moves ? `moves control to ${owner ?? 'nobody'}` : '')}${ruleOnce(app, rule, said)}</div>`)}</details>`)}`;
}
