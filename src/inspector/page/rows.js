// What screens share: the filter, a list of entries with the detail of one, secrets, and links to entries.
import { html, nothing } from './vendor/lit-html.js';
import { ApiError, get } from './api.js';
import { filterOf, hasFailed, rootOf, threadOf } from './fold.js';
import { jumpText } from './thread.js';
import { between, dateTime, masked } from './words.js';

/** So many rows are drawn; earlier ones on demand. */
const DRAWN = 400;
/** So long a time between two rows is a line of its own. */
const JUMP = 3_600_000;

/** False where all is over: in a record, and in a world that says so. */
export const mayChange = (app) => !app.isRecorded && Boolean(app.store?.description) && !app.store.description.read_only;

/** Asks for what a record may leave out; null then. */
export const recorded = (app, path) => get(path).catch((error) => {
  if (!app.isRecorded || !(error instanceof ApiError)) throw error;
  return null;
});

/** Work that is done once at a time. Whoever asks meanwhile has it done once more. */
export function oneAtATime(work) {
  let isBusy = false, again = false;
  return async (app) => {
    if (isBusy) return void (again = true);
    isBusy = true;
    do {
      again = false;
      await work(app);
    } while (again);
    isBusy = false;
  };
}

/** A table with a name. `rows` are templates of `tr`. */
export const table = (label, columns, rows, look = '') => html`<div class="wide"><table class=${look} aria-label=${label}>
  <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;

/** A handler of a form, which never leaves the page. */
export const submits = (work) => (event) => {
  event.preventDefault();
  work(new FormData(event.target), event.target);
};

/** The filter of the address, which all lists share. `words` and `failed` are its members. */
export function filterBar(app) {
  return html`<form class="filter" role="search" @submit=${submits(() => {})}>
    <label>Filter <input type="search" size="30" .value=${app.view.words ?? ''} placeholder="words, -without" @input=${(event) => app.set({ words: event.target.value })}></label>
    <label><input type="checkbox" .checked=${Boolean(app.view.failed)} @change=${(event) => app.set({ failed: event.target.checked ? 1 : null })}> failed only</label>
  </form>`;
}

const texts = new WeakMap();

/** Whether the filter of the address lets a row of several entries through. A word may stand in any of them, one behind `-` in none. */
export function filterOfView(app) {
  const fits = filterOf(app.view.words ?? '');
  return (entries) => {
    if (app.view.failed && !entries.some(hasFailed)) return false;
    if (!texts.has(entries[0])) texts.set(entries[0], JSON.stringify(entries).toLowerCase());
    return fits(entries[0], texts.get(entries[0]));
  };
}

/** Why a list is empty: which filter hides its rows, or what has to happen first. */
export function emptyView(app, total, what, first) {
  if (!total) return html`<p class="empty">${first}</p>`;
  const { words, failed } = app.view;
  const by = [words && `the filter “${words}”`, failed && '“failed only”'].filter(Boolean).join(' and ');
  return html`<p class="empty">All ${total} ${what} are hidden by ${by}. <button @click=${() => app.set({ words: null, failed: null })}>Show all</button></p>`;
}

/**
 * A list with the newest row last. `rows` have a `cursor`; `cells(row)` answers a cell for each of `columns`, the first of which is the row's button.
 * `entriesOf(row)` are the entries that a filter looks at.
 */
export function list(app, { label, rows, columns, cells, entriesOf, what, first }) {
  const keeps = filterOfView(app);
  const shown = rows.filter((row) => keeps(entriesOf(row)));
  if (!shown.length) {
    stayInView.key = null;
    return emptyView(app, rows.length, what, first);
  }
  const chosen = chosenRow(app, rows);
  const from = Math.max(0, Math.min(shown.length - (list.drawn?.[label] ?? DRAWN), chosen ? shown.indexOf(chosen) : Infinity));
  const more = () => {
    list.drawn = { ...list.drawn, [label]: shown.length - from + DRAWN };
    app.draw();
  };
  stayInView(app);
  return html`<div class="rows">
    ${from ? html`<button @click=${more}>Show ${Math.min(from, DRAWN)} earlier of ${from}</button>` : nothing}
    <table aria-label=${label}>
      <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
      <tbody @keydown=${(event) => moves(app, event)}>${shown.slice(from).map((row, n, all) => {
        const [name, ...rest] = cells(row);
        const isChosen = row === chosen;
        const gap = n ? between(entriesOf(all[n - 1])[0].at, entriesOf(row)[0].at) : 0;
        return html`${gap >= JUMP ? html`<tr class="jumped"><td colspan=${columns.length}><b>${jumpText(gap)}</b></td></tr>` : nothing}<tr class=${isChosen ? 'chosen' : isKin(app, row) ? 'kin' : ''} @click=${() => app.select(row.cursor)}>
          <td><button class="plain" aria-pressed=${isChosen} tabindex=${isChosen || (!shown.includes(chosen) && n === all.length - 1) ? 0 : -1}>${name}</button></td>
          ${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`;
      })}</tbody>
    </table></div>`;
}

/** The row of the selected entry: its own, or else the first that the same cause brought about. */
export function chosenRow(app, rows) {
  const { entry } = app.view;
  if (!entry) return null;
  return rows.find(({ cursor }) => cursor === entry) ?? rows.findLast(({ webhook }) => webhook?.cursor === entry) ?? rows.find((row) => isKin(app, row)) ?? null;
}

const isKin = (app, { cursor }) => Boolean(app.view.entry) && rootOf(app.store.ledger, cursor) === rootOf(app.store.ledger, app.view.entry);

/** Arrow keys go from row to row, Escape lets go. */
function moves(app, event) {
  if (event.key === 'Escape') return app.select(null);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = [...event.currentTarget.querySelectorAll('button.plain')];
  const next = step && buttons[buttons.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

/** After the next drawing, the selected row is in view, or else the newest one if the newest was in view before. */
function stayInView(app) {
  const { screen, world, entry, words, failed } = app.view;
  const key = JSON.stringify([screen, world, entry, words, failed]);
  const box = document.querySelector('.rows');
  const wasAtEnd = !box || box.scrollHeight - box.scrollTop - box.clientHeight < 30;
  const isNew = stayInView.key !== key;
  stayInView.key = key;
  queueMicrotask(() => {
    const rows = document.querySelector('.rows');
    const chosen = rows?.querySelector('.chosen');
    if (chosen && isNew) chosen.scrollIntoView({ block: 'nearest' });
    else if (rows && wasAtEnd) rows.scrollTop = rows.scrollHeight;
  });
}

/** The address that shows an entry, on the screen that it belongs to. */
export function entryHref(app, cursor) {
  const { kind } = app.store.ledger.byCursor.get(cursor) ?? {};
  const thread = threadOf(app.store.ledger, cursor);
  const screen = /^(graph_call|call_failed)$/.test(kind) ? 'calls' : /^(webhook|delivery_attempt)$/.test(kind) ? 'deliveries' : thread ? 'chat' : app.view.screen;
  return app.href({ screen, entry: cursor, words: null, failed: null, ...thread });
}

/** What every entry has: its number, its time, its thread and its rule. */
export function facts(app, entry) {
  const thread = threadOf(app.store.ledger, entry.cursor);
  return html`<p class="dim">Entry ${entry.cursor}, ${dateTime(entry.at)}${thread ? html`, <a href=${app.href({ screen: 'chat', ...thread })}>${thread.person} on ${thread.page}</a>` : nothing}</p>
    ${entry.rule ? ruleOf(app, entry.rule) : nothing}`;
}

/** A rule with its sentence and its basis. */
export function ruleOf(app, id) {
  const rule = app.rules.get(id);
  return html`<p class="rule"><code>${id}</code> ${rule ? html`${rule.statement} <span class="dim">(${rule.basis}: ${rule.source})</span>` : nothing}</p>`;
}

const unmasked = new Set();

/** A secret behind dots until somebody asks for it. `name` says whose it is. */
export function secret(app, name, value) {
  const isShown = unmasked.has(name + value);
  const turn = () => {
    isShown ? unmasked.delete(name + value) : unmasked.add(name + value);
    app.draw();
  };
  return html`<code>${isShown ? value : masked(value)}</code> <button aria-label=${`${isShown ? 'Hide' : 'Show'} ${name}`} @click=${turn}>${isShown ? 'Hide' : 'Show'}</button>`;
}

/** A button that copies. */
export const copies = (app, text, what, label = 'Copy') => html`<button aria-label=${label === 'Copy' ? `Copy ${what}` : nothing} @click=${() => app.copy(typeof text === 'function' ? text() : text, `Copied ${what}`)}>${label}</button>`;

/** A long text with secrets of the world in it, which stand behind dots until somebody asks for them. */
export function textWithSecrets(app, name, text) {
  const isShown = unmasked.has(name);
  const hidden = isShown ? text : secretsOf(app.store.description).reduce((rest, each) => rest.replace(wholeWord(each), masked(each)), text);
  const turn = () => {
    isShown ? unmasked.delete(name) : unmasked.add(name);
    app.draw();
  };
  return html`<div class="acts">${copies(app, text, name, `Copy ${name}`)}<button aria-pressed=${isShown} @click=${turn}>Show secrets</button></div><pre tabindex="0" aria-label=${name}>${hidden}</pre>`;
}

/** A secret where it stands as a value: no part of a longer word, and no key. */
const wholeWord = (text) => new RegExp(`(?<![\\w-])${text.replace(/[^\w]/g, '\\$&')}(?![\\w-]|\\s*[:=])`, 'g');

function secretsOf(description) {
  const found = new Set();
  for (const app of Object.values(description?.apps ?? {})) {
    for (const [key, value] of Object.entries({ ...app.env, SECRET: app.secret, TOKEN: app.verify_token })) if (/SECRET|TOKEN/.test(key) && value) found.add(value);
  }
  for (const page of Object.values(description?.pages ?? {})) for (const { token } of Object.values(page.apps)) found.add(token);
  for (const user of Object.values(description?.users ?? {})) for (const token of Object.values(user.tokens)) found.add(token);
  return [...found].sort((a, b) => b.length - a.length);
}
