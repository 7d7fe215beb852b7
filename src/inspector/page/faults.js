// Faults and lints: what is made to go wrong, and what apps do wrong by themselves.
import { html, nothing } from './vendor/lit-html.js';
import { at, get, post, remove } from './api.js';
import { entryHref, mayChange, oneAtATime, recorded, ruleOf, submits, table } from './rows.js';
import { dateTime } from './words.js';

export const title = 'Faults and lints';

let kinds = null;
let lint = null;

export const enter = oneAtATime((app) => app.attempt(async () => {
  lint = await recorded(app, at(app.view.world, 'lint'));
  if (mayChange(app)) kinds ??= (await get('/_control/openapi.json')).components.schemas.Fault.oneOf;
}));

export function draw(app) {
  return html`<div class="split even">
    <section aria-label="Faults"><h2>Faults</h2>${armed(app)}${mayChange(app) && kinds ? form(app) : nothing}</section>
    <section aria-label="Lints"><h2>Lints</h2>${findings(app)}</section></div>`;
}

function armed(app) {
  if (!app.faults.length) return html`<p class="empty">No fault is armed.${mayChange(app) ? ' The form arms one.' : ''}</p>`;
  const disarm = (...number) => app.attempt(async () => {
    await remove(at(app.view.world, 'faults', ...number));
    app.faults = (await get(at(app.view.world, 'faults'))).faults;
    app.say(number.length ? 'The fault is disarmed.' : 'All faults are disarmed.');
  });
  return html`${table('Armed faults', ['Fault', 'What', 'Met', 'Fired', 'Actions'], app.faults.map(({ fault, text, met, fired, times }) => html`<tr><td>${fault}</td><td>${text}</td><td>${met}</td><td class=${fired ? 'bad' : ''}>${fired} of ${times}</td>
      <td>${mayChange(app) ? html`<button aria-label=${`Disarm fault ${fault}`} @click=${() => disarm(String(fault))}>Disarm</button>` : nothing}</td></tr>`))}
    ${mayChange(app) ? html`<div class="acts"><button @click=${() => disarm()}>Disarm all</button></div>` : nothing}`;
}

/** The members that a fault often has come first; the others are folded. */
const USUAL = ['at', 'webhook', 'app', 'to', 'reply', 'breaks', 'latency', 'goes', 'late', 'fails', 'times'];

function form(app) {
  const isWebhook = app.view.fault === 'webhook';
  const { properties, required } = kinds.find((kind) => Boolean(kind.properties.webhook) === isWebhook);
  const arm = submits((data, element) => app.attempt(async () => {
    const body = {};
    for (const [name, text] of data) if (text !== '') body[name] = valueOf(properties[name], text);
    await post(at(app.view.world, 'faults'), body);
    app.faults = (await get(at(app.view.world, 'faults'))).faults;
    element.reset();
    app.say('The fault is armed.');
  }));
  const fields = (usual) => Object.entries(properties).filter(([name]) => USUAL.includes(name) === usual).map(([name, schema]) => field(app, name, schema, required.includes(name)));
  return html`<h3>Arm a fault</h3>
    <div class="acts" role="group" aria-label="What it meets">${[['call', 'A Graph call'], ['webhook', 'A webhook']].map(([kind, label]) =>
      html`<button aria-pressed=${(kind === 'webhook') === isWebhook} @click=${() => app.set({ fault: kind })}>${label}</button>`)}</div>
    <form class="fields two" @submit=${arm}>${fields(true)}<details><summary>More</summary><div class="fields two">${fields(false)}</div></details>
      <div class="acts"><button class="main">Arm</button></div></form>`;
}

/** What a field of the form says, in the type that its schema has. */
function valueOf(schema, text) {
  if (schema.const === true || schema.type === 'boolean') return true;
  if (/^[{[]/.test(text)) try { return JSON.parse(text); } catch { return text; }
  return text;
}

function field(app, name, schema, isRequired) {
  const { apps, pages, people } = app.store.description;
  const choices = schema.enum ?? { app: Object.keys(apps), page: Object.keys(pages) }[name];
  const id = `fault-${name}`, hint = `${id}-hint`;
  let input = html`<input id=${id} name=${name} aria-describedby=${hint} list=${name === 'to' ? 'people' : nothing} placeholder=${schema.anyOf?.at(-1).const ?? ''} ?required=${isRequired}>`;
  if (choices) input = html`<select id=${id} name=${name} aria-describedby=${hint} ?required=${isRequired}><option value=""></option>${choices.map((each) => html`<option>${each}</option>`)}</select>`;
  if (schema.const === true || schema.type === 'boolean') input = html`<input type="checkbox" id=${id} name=${name} aria-describedby=${hint}>`;
  return html`<div><label for=${id}><code>${name}</code></label> ${input}<small id=${hint} class="dim">${schema.description}</small>
    ${name === 'to' ? html`<datalist id="people">${Object.keys(people).slice(0, 100).map((each) => html`<option value=${each}></option>`)}</datalist>` : nothing}</div>`;
}

function findings(app) {
  if (!lint) return app.isRecorded ? html`<p class="empty">This record has no findings in it.</p>` : nothing;
  if (!lint.findings.length) return html`<p class="empty">No findings: no app did anything wrong, as far as the ledger goes back.</p>`;
  return html`<ol class="findings">${lint.findings.map((each) => html`<li>
      <strong class=${each.severity === 'warning' ? 'bad' : ''}>${each.severity}</strong> <code>${each.lint}</code> ${each.times > 1 ? html`<span class="dim">${each.times} times</span>` : nothing}
      <p>${each.what}</p><p class="dim">${dateTime(each.at)}${each.thread ? `, ${each.thread}` : ''}. What helps: ${each.advice}</p>
      ${each.rule ? ruleOf(app, each.rule) : nothing}
      <p>${[...new Set(each.entries)].map((cursor) => html`<a href=${entryHref(app, cursor)}>Entry ${cursor}</a> `)}</p></li>`)}</ol>
    ${lint.left_out ? html`<p class="dim">${lint.left_out} more findings are left out.</p>` : nothing}`;
}
