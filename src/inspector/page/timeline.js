// The timeline of a thread: a band for the app in control, and a column for what each app got.
import { html, nothing } from './vendor/lit-html.js';
import { badge, brief, colourOf, moves } from './chat.js';
import { emptyView } from './rows.js';
import { jumpText, receiptsOf, timelineOf, webhookOf } from './thread.js';
import { clockTime, dateTime } from './words.js';

const MARKS = { messaging: '●', changes: '●', standby: '○', withheld: '✕', nothing: '' };
const WORDS = { messaging: 'messages', changes: 'changes', standby: 'standby', withheld: 'withheld' };
const HOUR = 3_600_000;

export function timeline(app, shown) {
  const { thread, explanation, kept, all, apps, chosen } = shown;
  const { ledger } = app.store;
  const now = { ...thread, now: app.clock?.now, window_until: explanation?.window.until };
  const rows = timelineOf(ledger, shown, all, now, kept);
  return html`<section class="timeline" aria-label="Owner timeline">
    <h3>Owner timeline <span class="dim">${apps.map((name) => html`${badge(app, name)} ${name} `)}</span></h3>
    <p class="dim legend">● messages ○ standby ✕ withheld ! not taken</p>
    ${kept.length ? html`<div class="axis" role="listbox" aria-label="What happened, and who had control" tabindex="-1" @keydown=${(event) => moves(app, event, '[data-cursor]')}>${rows.map((row, n) => draws(app, row, rows[n - 1], apps, chosen, rows))}</div>`
      : emptyView(app, all.length, 'rows', 'The timeline begins with the first message.')}
  </section>`;
}

function draws(app, row, before, apps, chosen, rows) {
  const isChosen = Boolean(chosen?.cursor) && row.cursor === chosen.cursor;
  const isStop = isChosen || (!rows.some(({ cursor }) => cursor && cursor === chosen?.cursor) && row === rows.findLast(({ cursor }) => cursor));
  const receipts = ['tick', 'now', 'jump'].includes(row.type) ? [] : receiptsOf(webhookOf(app.store.ledger, row), apps);
  const isFirst = !before || before.owner !== row.owner;
  const long = row.type === 'jump' && row.ms >= HOUR ? 'long' : '';
  return html`<div role="option" class="row is-${row.type} ${long} ${isChosen ? 'chosen' : ''} ${row.failed ? 'bad' : ''}" aria-selected=${isChosen} aria-disabled=${row.cursor ? nothing : 'true'} tabindex=${isStop ? 0 : -1}
      data-cursor=${row.cursor ?? nothing} @click=${() => row.cursor && app.select(row.cursor)}>
    <time title=${dateTime(row.at)}>${row.type === 'jump' ? '' : clockTime(row.at)}</time>
    <span class="band ${row.owner ? colourOf(app, row.owner) : 'none'}">${isFirst ? (row.owner ? app.letters?.get(row.owner) : '–') : ''}<span class="unseen">${row.owner ?? 'nobody'} has control</span></span>
    <span class="marks">${apps.map((name, n) => html`<span class="mark ${colourOf(app, name)}" title=${receipts[n]?.entry ? `${name}: ${WORDS[receipts[n].got]}` : nothing}>${receipts[n]?.failed ? '!' : receipts[n] ? MARKS[receipts[n].got] : ''}${receipts[n]?.entry ? html`<span class="unseen">${name} ${WORDS[receipts[n].got]}${receipts[n].failed ? ', not taken' : ''}</span>` : nothing}</span>`)}</span>
    <span class="what" title=${app.rules.get(row.rule)?.statement ?? nothing}>${says(row)}</span></div>`;
}

function says({ type, from, to, rule, text, ms, at, content }) {
  if (type === 'jump') return html`<b>${jumpText(ms)}</b> <span class="dim">${at.slice(0, 10)}</span>`;
  if (type === 'now') return html`<b>Now</b>`;
  if (type === 'tick') return text;
  if (type === 'owner') return html`<b>${from ?? 'nobody'} → ${to ?? 'nobody'}</b> <code>${rule}</code>`;
  return type === 'message' ? `${from}: ${brief({ content })}` : text;
}
