// Worlds: which there are, what happened in them last, a new one, and what was done in one as a scenario file.
import { html, nothing } from './vendor/lit-html.js';
import { at, post, put, remove } from './api.js';
import { oneAtATime, recorded, submits, table, textWithSecrets } from './rows.js';
import { dateTime } from './words.js';

export const title = 'Worlds';

const EXAMPLE = `apps: { bot: {} }
pages: { shop: { default_app: bot, apps: { bot: {} } } }
people: { alice: {} }
`;

/** The world that is about to be removed, until somebody says yes or no. */
let leaving = null;

export const enter = oneAtATime((app) => app.attempt(async () => { app.worlds = (await recorded(app, '/_control/worlds'))?.worlds ?? app.worlds; }));

/** Does something to the worlds, and says so. */
async function change(app, work, said, next) {
  if (!(await app.attempt(work))) return;
  await enter(app);
  app.say(said);
  if (next) app.go(next);
}

export function draw(app) {
  return html`<h2>${title}</h2>
    ${app.worlds.length ? table('Worlds', ['World', 'Clock', 'Last', 'Threads', 'People', 'Calls', 'Entries', 'Faults', 'Actions'], app.worlds.map((world) => row(app, world)), 'cards') : html`<p class="empty">${app.isRecorded ? 'This record has one world.' : 'There is no world. Make one below.'}</p>`}
    ${app.isRecorded ? nothing : html`<div class="split even">${create(app)}${restore(app)}</div>`}`;
}

function row(app, { name, clock, last, counts, expires, faults = counts.faults }) {
  return html`<tr class=${name === app.view.world ? 'chosen' : ''}>
    <th scope="row"><a href=${app.href({ world: name, screen: 'chat', page: null, person: null, entry: null })}>${name}</a>${expires ? html` <span class="dim">for ${expires}</span>` : nothing}</th>
    <td data-label="Clock">${dateTime(clock.now)} <span class="dim">${clock.mode === 'frozen' ? 'stands still' : 'runs'}</span></td>
    <td data-label="Last">${last ? html`${last.text ?? last.kind} <span class="dim">${dateTime(last.at)}</span>` : html`<span class="dim">nothing yet</span>`}</td>
    <td data-label="Threads">${counts.threads}</td><td data-label="People">${counts.people}</td><td data-label="Calls">${counts.graph_calls}</td><td data-label="Entries">${counts.entries}</td>
    <td data-label="Faults">${faults ?? (name === app.view.world ? app.faults.length : '')}</td>
    <td>${app.isRecorded ? nothing : actions(app, name)}</td></tr>`;
}

function actions(app, name) {
  const leave = (value) => () => {
    leaving = value;
    app.draw();
    requestAnimationFrame(() => document.querySelector(value ? '.sure' : `[data-world="${CSS.escape(name)}"]`)?.focus());
  };
  if (leaving === name) {
    const go = () => change(app, () => remove(at(name)), `The world ${name} is deleted.`, name === app.view.world ? { world: '', screen: 'worlds', page: null, person: null, entry: null } : null);
    return html`<div class="acts" role="group" aria-label=${`Delete ${name}?`}><button class="sure bad" @click=${() => { leaving = null; go(); }}>Delete ${name}</button><button @click=${leave(null)}>Keep it</button></div>`;
  }
  return html`<div class="acts">
    <button aria-label=${`Reset ${name}`} @click=${() => change(app, () => post(at(name, 'reset'), {}).then(() => name === app.store.name && app.store.load()), `The world ${name} begins again.`)}>Reset</button>
    <a class="button" download=${`${name}.snapshot.json`} href=${at(name, 'snapshot')} aria-label=${`Snapshot of ${name}`}>Snapshot</a>
    <button data-world=${name} aria-label=${`Delete ${name}`} @click=${leave(name)}>Delete</button></div>`;
}

function create(app) {
  const make = submits((form) => {
    const query = new URLSearchParams({ clock: form.get('clock') });
    if (form.get('name')) query.set('name', form.get('name'));
    let made;
    change(app, async () => { made = await post(`/_control/worlds?${query}`, form.get('text')); }, 'The world is made.').then(() => made && app.go({ world: made.name, screen: 'connect', page: null, person: null, entry: null }));
  });
  return html`<section aria-label="New world"><h3>New world</h3><form class="fields" @submit=${make}>
    <label>Name <input name="name" placeholder="made up if empty"></label>
    <label>Clock <select name="clock"><option value="follow">follows the wall clock</option><option value="frozen">stands still</option></select></label>
    <label>World file, YAML or JSON <textarea name="text" rows="7" spellcheck="false" required>${EXAMPLE}</textarea></label>
    <div class="acts"><button class="main">Make the world</button></div></form></section>`;
}

function restore(app) {
  const take = submits((form, element) => change(app, async () => {
    await put(at(form.get('name') || app.view.world, 'snapshot'), await form.get('file').text());
    element.reset();
  }, 'The snapshot is restored.'));
  return html`<section aria-label="Restore a snapshot"><h3>Restore a snapshot</h3><form class="fields" @submit=${take}>
    <label>Snapshot file <input type="file" name="file" required accept=".json,application/json"></label>
    <label>World <input name="name" .value=${app.view.world ?? ''} required></label>
    <div class="acts"><button class="main">Restore</button></div>
    <p class="dim">A snapshot takes the place of the world of this name, or makes it.</p></form></section>`;
}

let file = null;

/** The screen that saves what was done. */
export const save = {
  title: 'Save as scenario',

  enter: oneAtATime(async (app) => {
    const { world } = app.view;
    if (!app.store.ledger.entries.length) file = null;
    else await app.attempt(async () => { file = { world, text: await recorded(app, at(world, 'scenario')) }; });
  }),

  draw(app) {
    const { world } = app.view;
    const name = `${world}.scenario.yaml`;
    return html`<h2>${save.title}</h2>
      ${app.store.ledger.entries.length ? nothing : html`<p class="empty">Nothing happened yet that a scenario could have. <a href=${app.href({ screen: 'chat' })}>Say something as a person</a>.</p>`}
      ${file?.world !== world ? nothing : !file.text ? html`<p class="empty">This record has no scenario in it.</p>` : html`
      <p>What people, admins and apps did in ${world}, and who owned the threads then. <code>graphdouble run ${name}</code> passes without a bot; with <code>--app NAME=URL</code> the same steps wait for your bot.</p>
      ${app.isRecorded ? nothing : html`<p><a class="button" download=${name} href=${at(world, 'scenario')}>Download ${name}</a></p>`}
      ${textWithSecrets(app, 'scenario', file.text)}`}`;
  },
};
