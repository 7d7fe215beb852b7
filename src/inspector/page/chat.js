// Chat as the person; beside it who had control, and who got what.
import { html, nothing } from './vendor/lit-html.js';
import { ApiError, at, get, post } from './api.js';
import { composer } from './composer.js';
import { decisions } from './decisions.js';
import { filterOf, rootOf, threadOf } from './fold.js';
import { content } from './message.js';
import { emptyView, filterBar, mayChange } from './rows.js';
import { itemsOf, jumpText, receiptsOf, searchable, webhookOf } from './thread.js';
import { timeline } from './timeline.js';
import { clockTime, dateTime, duration } from './words.js';

export const title = 'Chat';

/** So many items are drawn; earlier ones on demand. */
const DRAWN = 200;

/** What this screen has loaded of a world: its threads, and of those in view transcript, offers and explanation. */
let known = { ledger: null };

const keyOf = ({ page, person }) => JSON.stringify([page, person]);

/** Which thread is in view: that of the selected entry, or that of the address, or the one in which something happened last. */
function focusOf({ view, store }) {
  const selected = view.entry && threadOf(store.ledger, view.entry);
  if (selected) return selected;
  const newest = store.ledger.entries.findLast((entry) => entry.page && entry.person && (!view.page || entry.page === view.page));
  const page = view.page ?? newest?.page ?? store.pages[0];
  return { page, person: view.person ?? newest?.person ?? Object.keys(store.description?.people ?? {})[0] };
}

/** The threads that stand side by side. */
function threadsInView(app) {
  const focus = focusOf(app);
  const { page, person, beside } = app.view;
  const first = page === focus.page && person && focus.person === beside ? { page, person } : focus;
  return [first, ...(beside && beside !== first.person ? [{ page: first.page, person: beside }] : [])];
}

export function enter(app, entries) {
  const { store } = app;
  if (store.status !== 'live') return;
  if (known.ledger !== store.ledger) known = { ledger: store.ledger, threads: [], loaded: new Map(), busy: new Map(), drawn: DRAWN };
  const concerns = (thread) => !known.loaded.has(keyOf(thread)) || entries.some((entry) => !entry.person || (entry.page === thread.page && entry.person === thread.person));
  if (!known.isListed || entries.some(({ person }) => person)) load(app, 'threads', async () => { known.isListed = true; known.threads = (await get(at(store.name, 'threads'))).threads; });
  for (const thread of threadsInView(app).filter(({ person }) => person)) {
    if (!concerns(thread)) continue;
    const own = known.loaded.get(keyOf(thread)) ?? {};
    known.loaded.set(keyOf(thread), own);
    const path = at(store.name, 'threads', thread.page, thread.person);
    load(app, path, async () => { own.thread = await get(path); }, () => { own.isMissing = true; });
    load(app, `${path}/offers`, async () => { own.offers = await get(`${path}/offers`); });
    // To explain a thread is much work for the server: only when no more entries come.
    clearTimeout(own.timer);
    own.timer = setTimeout(() => load(app, `${path}/explain`, async () => { own.explanation = await get(`${path}/explain`); }), entries.length ? 400 : 0);
  }
}

/** Asks once at a time for each thing; what comes meanwhile makes one more question. What fails leaves the screen as it is. */
async function load(app, what, work, missing) {
  const { busy } = known;
  if (busy.has(what)) return void busy.set(what, true);
  do {
    busy.set(what, false);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) missing?.();
    }
    app.draw();
  } while (busy.get(what));
  busy.delete(what);
}

export function draw(app) {
  const { store } = app;
  if (known.ledger !== store.ledger) return html`<p class="empty">Loading…</p>`;
  const threads = threadsInView(app);
  const focus = focusOf(app);
  if (!focus.person) return html`${people(app, focus)}<p class="empty">Nobody is here yet. Add a person, and write something.</p>`;
  const shown = threads.map((thread) => ({ ...thread, ...itemsFor(app, thread) }));
  const chosen = shown.find((each) => each.person === focus.person) ?? shown[0];
  stayInView(app, Boolean(chosen.thread));
  return html`<h2 class="unseen">${title}</h2>
    <div class="top">${filterBar(app)}</div>
    <div class="talk ${shown.length > 1 ? 'two' : ''}">
      ${people(app, threads[0])}
      ${shown.map((each) => phone(app, each))}
      ${timeline(app, chosen)}
      ${decisions(app, chosen)}
    </div>`;
}

/** The items of a thread, those that pass the filter, and what is loaded of it. Folded again only when something came. */
function itemsFor(app, thread) {
  const { ledger } = app.store;
  const own = known.loaded.get(keyOf(thread)) ?? {};
  if (own.last !== ledger.last || own.seen !== own.thread) Object.assign(own, itemsOf(ledger, thread, own.thread?.transcript), { last: ledger.last, seen: own.thread });
  const { words, failed } = app.view;
  const keeps = filterOf(words ?? '', Boolean(failed));
  const kept = words || failed ? own.items.filter((item) => keeps({ failure: item.failed }, words ? searchable(ledger, item) : '')) : own.items;
  const chosen = chosenItem(app, own.items);
  // In steps, so that what is drawn moves seldom while messages come.
  const first = Math.floor(Math.max(0, kept.length - known.drawn) / 50) * 50;
  const from = kept.includes(chosen) ? Math.min(first, kept.indexOf(chosen)) : first;
  return { ...own, all: own.items, kept: kept.slice(from), from, apps: appsOf(app, thread.page), chosen };
}

/** The apps of a page. The inbox and its like are left out until they have control of something. */
function appsOf(app, page) {
  const { description, ledger } = app.store;
  const acts = new Set(ledger.entries.filter(({ kind }) => kind === 'owner_changed').flatMap(({ from, to }) => [from, to]));
  return Object.keys(description?.pages[page]?.apps ?? {}).filter((name) => acts.has(name) || !['inbox', 'lead_ads'].includes(name));
}

/** The item of the selected entry, or else the last that the same cause brought about. */
function chosenItem({ view, store }, items) {
  if (!view.entry) return null;
  const root = rootOf(store.ledger, view.entry);
  return items.find(({ cursor }) => cursor === view.entry) ?? items.findLast(({ cursor, type }) => cursor && type !== 'clock' && rootOf(store.ledger, cursor) === root) ?? null;
}

function people(app, { page, person }) {
  const { description, pages, name } = app.store;
  const here = known.threads.filter((thread) => thread.page === page);
  const others = Object.keys(description?.people ?? {}).filter((each) => !here.some((thread) => thread.person === each));
  const add = () => app.attempt(async () => {
    const added = await post(at(name, 'people'), {});
    await app.store.describe();
    app.go({ page, person: added.name, entry: null });
  });
  const entry = (each, thread) => html`<li class=${each === person ? 'chosen' : ''}>
    <a href=${app.href({ page, person: each, beside: null, entry: null })} aria-current=${each === person ? 'true' : nothing}><b>${each}</b>${thread ? html` ${badge(app, thread.owner)}` : nothing}
      <span class="dim last">${thread?.last_message ? brief(thread.last_message) : 'has not written'}</span></a>
    ${each === person ? nothing : html`<a class="beside" title="Side by side" aria-label="${each} beside ${person}" href=${app.href({ page, person, beside: app.view.beside === each ? null : each })}>◫</a>`}</li>`;
  return html`<section class="people" aria-label="People">
    ${pages.length > 1 ? html`<select aria-label="Page" @change=${(event) => app.go({ page: event.target.value, person: null, beside: null, entry: null })}>${pages.map((each) => html`<option ?selected=${each === page}>${each}</option>`)}</select>` : nothing}
    <ul>${here.slice(0, 200).map((thread) => entry(thread.person, thread))}${others.slice(0, 50).map((each) => entry(each))}</ul>
    ${mayChange(app) ? html`<button @click=${add}>New person</button>` : nothing}</section>`;
}

/** A message in a line. */
export const brief = ({ content: { text, attachments } }) => text ?? (attachments?.map(({ type, payload }) => payload?.text ?? payload?.title ?? payload?.elements?.[0]?.title ?? payload?.template_type ?? type).join(', ') || 'taken back');

/** The letter of an app in its colour. */
export function badge(app, name) {
  if (!name) return html`<span class="letter none" title="Nobody has control">–</span>`;
  return html`<span class="letter ${colourOf(app, name)}" title=${name}>${app.letters?.get(name) ?? '?'}</span>`;
}

export const colourOf = (app, name) => `app${app.store.apps.indexOf(name) % 6}`;

function phone(app, shown) {
  const { page, person, thread, kept, from, all, typing, offers, chosen, apps } = shown;
  const run = (step) => app.act(step);
  const tap = (verb, value, more) => run({ user: person, page, [verb]: value, ...more });
  const may = mayChange(app) ? tap : null;
  const stop = kept.includes(chosen) ? chosen : kept.at(-1);
  const isOpen = known.more === person;
  if (shown.isMissing) return html`<section class="phone" aria-label="${person} and ${page}"><p class="empty">There is no “${person}” on ${page} in this world.</p></section>`;
  return html`<section class="phone" aria-label="${person} and ${page}">
    <h3>${person} <span class="dim">on ${page}</span> ${badge(app, thread?.owner)} <span class="dim">${thread?.owner ?? 'nobody'} in control${thread ? `, window ${thread.window}` : ''}</span></h3>
    <div class="feed" role="feed" aria-label="Messages of ${person}" @keydown=${(event) => moves(app, event, 'article', (isUp) => (isUp ? from && earlier(app, event.currentTarget) : toLine(event.currentTarget)))} @scroll=${({ target }) => from && !target.scrollTop && earlier(app, target)}>
      ${from ? html`<button class="earlier" @click=${({ target }) => earlier(app, target.parentNode)}>Show ${Math.min(from, DRAWN)} earlier of ${from}</button>` : nothing}
      ${kept.length ? kept.map((item) => article(app, item, { apps, may, offers, isChosen: item === chosen, isStop: item === stop })) : emptyView(app, all.length, 'messages and acts', `${person} has not written to ${page} yet. Write something below.`)}
      ${typing ? html`<p class="typing dim">${typing} types…</p>` : nothing}
    </div>
    ${may ? composer({ name: person, offers, tap, run, selected: chosen?.type === 'message' ? chosen : null, isOpen, toggle: () => { known.more = isOpen ? null : person; app.draw(); } }) : nothing}
  </section>`;
}

function article(app, item, { apps, may, offers, isChosen, isStop }) {
  const { type, cursor } = item;
  const select = (event) => cursor && !event.target.closest('a,button,input') && app.select(cursor);
  const draws = { message: messageOf, clock: clockOf, owner: ownerOf, notice: noticeOf };
  return html`<article class="${type} ${item.mine ? 'mine' : ''} ${isChosen ? 'chosen' : ''} ${item.failed ? 'failed' : ''}" tabindex=${isStop ? 0 : -1} data-cursor=${cursor ?? nothing} aria-current=${isChosen ? 'true' : nothing} @click=${select}>
    ${draws[type](app, item, may, offers)}${type === 'clock' ? nothing : chips(app, item, apps)}</article>`;
}

function messageOf(app, item, may, offers) {
  const { from, mine, at: time, content: said, reactions, seen, after, mid } = item;
  // On the reply for an e-mail address or a telephone number stands the person's own.
  const own = ({ content_type: type }) => type && offers?.quick_replies.find((each) => each.mid === mid && each.content_type === type)?.title;
  const replies = said.quick_replies?.map((reply) => ({ ...reply, title: own(reply) || reply.title }));
  return html`<div class="bubble">${content({ ...said, quick_replies: replies }, may)}</div>
    <p class="meta dim">${mine ? nothing : html`${app.store.apps.includes(from) ? badge(app, from) : nothing} ${from} `}<time title=${dateTime(time)}>${clockTime(time)}</time>${after ? ` · after ${duration(after)}` : ''}${seen ? ' · seen' : ''}
      ${reactions?.map(([who, emoji]) => html`<span class="reaction" title="from ${who}">${emoji}</span>`)}</p>`;
}

const clockOf = (_, { ms, at: time }) => html`<p class="jump"><b>${jumpText(ms)}</b> ${dateTime(time)}</p>`;

const ownerOf = (app, { from, to, at: time, rule }) => html`<p>Control: ${badge(app, from)} ${from ?? 'nobody'} → ${badge(app, to)} ${to ?? 'nobody'} <span class="dim">${clockTime(time)} <code>${rule}</code></span></p>`;

const noticeOf = (app, { text, at: time, failed, rule }) => html`<p class=${failed ? 'bad' : ''}>${text} <span class="dim">${clockTime(time)} ${failed && rule ? html`<code>${rule}</code>` : nothing}</span></p>`;

const GOT = { messaging: 'got it', changes: 'got it', standby: 'reads along (standby)', withheld: 'does not get it' };

/** What each app got of an item: filled if it got it, a line below if it only reads along, outlined if it was withheld. */
export function chips(app, item, apps) {
  const receipts = receiptsOf(webhookOf(app.store.ledger, item), apps).filter(({ got }) => got !== 'nothing');
  if (!receipts.length) return nothing;
  return html`<p class="chips">${receipts.map(({ app: name, got, entry, failed, took }) => html`<span class="chip ${colourOf(app, name)} ${got} ${failed ? 'lost' : ''}" title="${name} ${GOT[got]}${failed ? ', but did not take it' : ''}: ${entry.rule}">
    ${app.letters?.get(name)}<span class="unseen"> ${name} ${GOT[got]}${failed ? ', but did not take it' : ''}</span>${failed ? ' ✗' : ''}${took === undefined ? nothing : html` <small>${took} ms</small>`}</span>`)}</p>`;
}

/** Draws earlier items. What was the first one stays where it was, and keeps the focus. */
function earlier(app, feed) {
  const { cursor } = feed.querySelector('[data-cursor]')?.dataset ?? {};
  const hasFocus = feed.contains(document.activeElement);
  known.drawn += DRAWN;
  app.draw();
  requestAnimationFrame(() => {
    const article = feed.querySelector(`[data-cursor="${cursor}"]`);
    article?.scrollIntoView();
    if (hasFocus) article?.focus();
  });
}

/** Below the last message is the line to write into. */
const toLine = (feed) => feed.closest('.phone').querySelector('.write input')?.focus();

/** Arrow keys go from item to item and select them; Escape lets go. `beyond(isUp)` is done at either end. */
export function moves(app, event, items, beyond) {
  if (event.key === 'Escape') return app.select(null);
  const all = [...event.currentTarget.querySelectorAll(items)];
  const here = all.indexOf(event.target.closest(items));
  const to = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || event.target.matches('input')) return;
  event.preventDefault();
  if (!all[to]) return beyond?.(to < 0);
  all[to].focus();
  if (all[to].dataset.cursor) app.select(Number(all[to].dataset.cursor));
}

/** After the drawing the selected item is in view if it is newly selected or the filter changed; otherwise a list that was at its end stays there. */
function stayInView({ view }, isLoaded) {
  const key = JSON.stringify([isLoaded, view.world, view.page, view.person, view.beside, view.entry, view.words, view.failed]);
  const isNew = stayInView.key !== key;
  const whose = JSON.stringify([view.world, view.page, view.person, view.beside]);
  const isOther = stayInView.whose !== whose;
  Object.assign(stayInView, { key, whose });
  const boxes = () => [...document.querySelectorAll('.feed,.axis')];
  const wereAtEnd = new Set(boxes().filter((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 40));
  queueMicrotask(() => {
    if (isOther) document.querySelectorAll('.write').forEach((form) => form.reset());
    for (const box of boxes()) {
      const chosen = box.querySelector('.chosen');
      if (chosen && isNew) chosen.scrollIntoView({ block: 'nearest' });
      else if (!chosen && (isNew || wereAtEnd.has(box)) || !box.dataset.seen) box.scrollTop = box.scrollHeight;
      box.dataset.seen = 'yes';
    }
  });
}
