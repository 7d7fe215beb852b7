// What was done in the world, as a scenario file.
import { html, nothing } from './vendor/lit-html.js';
import { at, get } from './api.js';
import { textWithSecrets } from './rows.js';

export const title = 'Save as scenario';

let file = null;

export async function enter(app) {
  if (enter.busy) return void (enter.again = true);
  enter.busy = true;
  do {
    enter.again = false;
    const { world } = app.view;
    file = null;
    if (app.store.ledger.entries.length) await app.attempt(async () => { file = { world, text: await get(at(world, 'scenario')) }; });
  } while (enter.again);
  enter.busy = false;
}

export function draw(app) {
  const { world } = app.view;
  const name = `${world}.scenario.yaml`;
  return html`<h2>${title}</h2>
    ${app.store.ledger.entries.length ? nothing : html`<p class="empty">Nothing happened yet that a scenario could have. <a href=${app.href({ screen: 'chat' })}>Say something as a person</a>.</p>`}
    ${file?.world !== world ? nothing : html`
    <p>What people, admins and apps did in ${world}, and who owned the threads then. <code>graphdouble run ${name}</code> passes without a bot; with <code>--app NAME=URL</code> the same steps wait for your bot.</p>
    ${app.isRecorded ? nothing : html`<p><a class="button" download=${name} href=${at(world, 'scenario')}>Download ${name}</a></p>`}
    ${textWithSecrets(app, 'scenario', file.text)}`}`;
}
