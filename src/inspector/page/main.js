// The page: what stands around every screen, and what all screens share.
import { html, nothing, render } from './vendor/lit-html.js';
import { ApiError, at, get, isRecorded, post } from './api.js';
import { hasFailed, threadOf } from './fold.js';
import { WorldStore } from './store.js';
import { format, parse, SCREENS } from './url.js';
import { dateTime, lettersOf, sentence } from './words.js';
import * as connect from './connect.js';
import * as worlds from './worlds.js';
import * as chat from './chat.js';
import * as deliveries from './deliveries.js';
import * as calls from './calls.js';
import * as clock from './clock.js';
import * as faults from './faults.js';

const screens = { connect, worlds, chat, deliveries, calls, clock, faults, save: worlds.save };

/**
 * What screens get. `view` is the address, `store` the world that it names. A screen exports `title`, `draw(app)` and, if it has something to
 * load, `enter(app)`, which is called when it comes into view and after `entries` came.
 */
const app = {
  view: parse(location.hash),
  store: null,
  worlds: [],
  rules: new Map(),
  clock: null,
  faults: [],
  problem: null,
  isRecorded,

  /** Shows something else, as a step that the browser's "back" takes back. */
  go(changes) {
    location.hash = app.href(changes);
  },

  /** The address of the view with these changes. */
  href: (changes) => format({ ...app.view, ...changes }),

  /** Selects an entry, on every screen. */
  select(cursor) {
    app.set({ entry: cursor });
  },

  /** Changes the view without a new step in the history: what is typed into a filter. */
  set(changes) {
    history.replaceState(null, '', format({ ...parse(location.hash), ...changes }));
    app.view = parse(location.hash);
    app.draw();
  },

  /** Performs something, and shows what is wrong with it. Answers whether it went well. */
  async attempt(work) {
    app.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      app.problem = error;
      app.say(error.message);
      return false;
    } finally {
      app.draw();
    }
  },

  /** Performs a step of a scenario in the world. */
  act: (step) => app.attempt(() => post(at(app.view.world, 'steps'), step)),

  /** Copies a text, and says so. */
  async copy(text, what = 'Copied') {
    await navigator.clipboard.writeText(text).then(() => app.say(`${what}.`), () => app.say('The browser does not let this page copy.'));
  },

  /** Says a sentence to those who listen to the page. */
  say(text) {
    document.getElementById('live').textContent = text;
  },

  draw() {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      render(shell(), document.getElementById('app'));
    });
  },
};

let pending = false;

function shell() {
  const { view, store } = app;
  const screen = screens[view.screen] ?? connect;
  document.title = `${screen.title} · ${view.world ?? 'graphdouble'}`;
  return html`
    <a class="skip" href="#main" @click=${skip}>Skip to the screen</a>
    <header>
      <h1>graphdouble</h1>
      ${worldPicker()} ${clockBadge()} ${faultBadge()} ${statusBadge(store)}
      <nav aria-label="Screens">
        ${SCREENS.map((name) => html`<a href=${app.href({ screen: name })} aria-current=${name === view.screen ? 'page' : nothing}>${screens[name].title}</a>`)}
      </nav>
    </header>
    <main id="main" tabindex="-1" class=${view.screen ?? 'connect'}>
      ${problem()} ${failure(store?.description)}
      ${store?.status === 'gone' && view.screen !== 'worlds' ? html`<p class="empty">There is no world “${view.world}”. <a href=${app.href({ screen: 'worlds', world: '' })}>See all worlds</a></p>` : screen.draw(app)}
    </main>`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById('main').focus();
}

function worldPicker() {
  const pick = (event) => app.go({ world: event.target.value, page: null, person: null, entry: null });
  return html`<label class="world">World
    <select @change=${pick}>
      ${app.worlds.map(({ name }) => html`<option .selected=${name === app.view.world} value=${name}>${name}</option>`)}
    </select></label>`;
}

function clockBadge() {
  if (!app.clock) return nothing;
  const ahead = Date.parse(app.clock.now) - Date.now() > 60_000 && app.clock.mode === 'follow';
  return html`<a class="badge" href=${app.href({ screen: 'clock' })} title="The world's clock, in UTC">
    ${dateTime(app.clock.now)} ${app.clock.mode === 'frozen' ? 'stands still' : ahead ? 'is ahead' : ''}</a>`;
}

function faultBadge() {
  const count = app.faults.filter(({ fired, times }) => fired !== times).length;
  return count ? html`<a class="badge bad" href=${app.href({ screen: 'faults' })}>${count} armed ${count === 1 ? 'fault' : 'faults'}</a>` : nothing;
}

function statusBadge(store) {
  if (isRecorded || store?.description?.read_only) return html`<span class="badge">record, read-only</span>`;
  return store?.status === 'away' ? html`<span class="badge bad" role="alert">The server does not answer</span>` : nothing;
}

/** Why the scenario failed whose world this is. */
function failure(description) {
  return description?.failure ? html`<details class="failure" open><summary class="bad">The scenario failed</summary><pre tabindex="0" aria-label="The failure">${description.failure}</pre></details>` : nothing;
}

function problem() {
  if (!app.problem) return nothing;
  const dismiss = () => { app.problem = null; app.draw(); };
  return html`<div class="problem" role="alert"><p>${app.problem.message}</p>
    ${app.problem.drawn ? html`<pre>${app.problem.drawn}</pre>` : nothing}<button @click=${dismiss}>Dismiss</button></div>`;
}

/** Entries came, or the world is another one: what stands around the screens follows. */
async function changed(entries) {
  app.letters = lettersOf(app.store.apps);
  for (const entry of entries.slice(-3)) {
    const where = threadOf(app.store.ledger, entry.cursor);
    if (hasFailed(entry) && entry.text) app.say(sentence(entry.text));
    else if (entry.kind === 'command' && where) app.say(sentence(entry.text));
  }
  if (entries.some(changesSettings)) await quietly(app.store.describe());
  await around();
  screens[app.view.screen]?.enter?.(app, entries);
  app.draw();
}

/** Settings, faults, and where webhooks go. */
const changesSettings = ({ kind, app: name, page }) => /^(setting_changed|fault)/.test(kind) || (kind === 'command' && name && !page);

/** Clock and faults, which stand on every screen, and whether the world still has what is here. Only one question is under way at a time. */
async function around() {
  if (around.busy) return void (around.again = true);
  around.busy = true;
  do {
    around.again = false;
    const { store } = app;
    await quietly(Promise.all([get(at(store.name, 'clock')), get(at(store.name, 'faults'))]).then(([clock, { faults }]) => Object.assign(app, { clock, faults })));
    await quietly(get('/_control/worlds').then(({ worlds }) => {
      app.worlds = worlds;
      store.counts(worlds.find(({ name }) => name === store.name)?.counts.entries);
    }));
  } while (around.again);
  around.busy = false;
}

/** What is asked for by the way may fail: the badge of the header says that the server is away. */
const quietly = (work) => work.catch((error) => { if (!(error instanceof ApiError)) throw error; });

async function show() {
  app.view = parse(location.hash);
  app.problem = null;
  if (app.store && app.store.name === app.view.world) app.draw();
  await quietly(get('/_control/worlds').then(({ worlds }) => { app.worlds = worlds; }));
  const isNamed = app.worlds.some(({ name }) => name === app.view.world);
  if (!app.view.world || (app.view.world === 'latest' && !isNamed)) return latest();
  if (app.store?.name !== app.view.world) {
    app.store?.close();
    app.store = new WorldStore(app.view.world, changed);
    app.draw();
    await app.store.open();
  } else {
    screens[app.view.screen]?.enter?.(app, []);
  }
  if (!app.view.screen) home();
  app.draw();
}

/** The world in which something happened last. */
function latest() {
  const newest = app.worlds.reduce((a, b) => ((b.last?.at ?? '') > (a?.last?.at ?? '') ? b : a), app.worlds[0]);
  if (!newest) {
    app.store?.close();
    app.store = null;
    return app.view.screen === 'worlds' ? app.draw() : location.replace(format({ world: '', screen: 'worlds' }));
  }
  location.replace(format({ ...app.view, world: newest.name }));
}

/** Without a screen in the address: how to connect a bot, until something happens. */
function home() {
  location.replace(app.href({ screen: app.store.ledger.threads.size ? 'chat' : 'connect' }));
}

addEventListener('hashchange', show);
// Between entries, too, the clock goes on, and somebody may reset the world, of which no entry says anything.
setInterval(() => !isRecorded && !document.hidden && app.store?.status === 'live' && around().then(app.draw), 5000);
await quietly(get('/_control/rules').then(({ rules }) => { app.rules = new Map(rules.map((rule) => [rule.id, rule])); }));
await show();
