// What the person can do in a thread: write, attach, enter, react.
import { html, nothing } from './vendor/lit-html.js';
import { submits } from './rows.js';

const FILES = ['image', 'audio', 'video', 'file', 'location', 'sticker', 'fallback'];
const EMOJI = [['love', '❤️'], ['smile', '😆'], ['wow', '😮'], ['sad', '😢'], ['angry', '😠'], ['like', '👍']];

/** The line to write into, and the acts behind it. `tap(verb, value, more)` performs an act, `run(step)` a step; `selected` is the message that a reaction is for. */
export function composer({ name, offers, tap, run, selected, isOpen, toggle }) {
  const write = submits((form, element) => {
    const text = form.get('text').trim();
    if (text) tap('says', text).then((isDone) => isDone && element.reset());
  });
  return html`<form class="write" @submit=${write}>
      <button type="button" aria-expanded=${isOpen} aria-label="More that ${name} can do" title="More that ${name} can do" @click=${toggle}>+</button>
      <input name="text" autocomplete="off" aria-label="Write as ${name}" placeholder="Write as ${name}" @keydown=${up}>
      <button class="main">Send</button>
    </form>
    ${isOpen ? more({ name, offers, tap, run, selected }) : nothing}`;
}

/** From an empty line, arrow-up goes to the messages. */
function up(event) {
  if (event.key !== 'ArrowUp' || event.target.value) return;
  event.preventDefault();
  event.target.closest('.phone').querySelector('article[tabindex="0"]')?.focus();
}

function more({ offers, tap, run, selected }) {
  const offered = (label, list, text) => (list?.length ? html`<div class="acts" role="group" aria-label=${label}><span class="dim">${label}</span>${list.map((each) =>
    html`<button title=${each.payload ?? each.ref ?? nothing} ?disabled=${!each.step} @click=${() => run(each.step)}>${text(each)}</button>`)}</div>` : nothing);
  const attach = submits((form) => {
    const [type, url, title] = ['type', 'url', 'title'].map((key) => form.get(key));
    const place = type === 'location' ? { lat: '52.52', long: '13.40' } : {};
    tap('sends', { attachments: [{ type, ...(url ? { url } : {}), ...(title ? { title } : {}), ...place }] });
  });
  const about = selected && !selected.mine && selected.content.text ? { message: selected.content.text } : {};
  const act = (verb, label, value = true) => html`<button @click=${() => tap(verb, value)}>${label}</button>`;
  const { get_started: started, blocked } = offers ?? {};
  return html`<div class="more">
    ${offered('Ads', offers?.ads, ({ title, name }) => title ?? name)}${offered('Links', offers?.links, ({ name }) => name)}
    ${offered('Ice breakers', offers?.ice_breakers, ({ question }) => question)}${offered('Menu', offers?.menu, ({ title }) => title)}
    <div class="acts" role="group" aria-label="Reaction">${EMOJI.map(([word, emoji]) => html`<button aria-label="React with ${word}" title=${about.message ? `to “${about.message}”` : 'to the last message of the page'} @click=${() => tap('reacts', word, about)}>${emoji}</button>`)}
      <button @click=${() => tap('unreacts', true, about)}>Take back</button></div>
    <div class="acts" role="group" aria-label="Acts">${started === false || started === null ? nothing : started?.step ? html`<button @click=${() => run(started.step)}>Get Started</button>` : act('gets_started', 'Get Started')}
      ${act('reads', 'Read')}${blocked ? nothing : act('blocks', 'Block')}${blocked === false ? nothing : act('unblocks', 'Unblock')}${act('opts_in', 'Tick a checkbox plugin', { user_ref: `inspector-${Date.now()}` })}</div>
    <form class="acts" @submit=${attach} aria-label="Attachment"><select name="type" aria-label="What to attach">${FILES.map((type) => html`<option>${type}</option>`)}</select>
      <input name="url" type="url" size="18" aria-label="Its URL" placeholder="https://…"><input name="title" size="8" aria-label="Its title" placeholder="title"><button>Attach</button></form>
  </div>`;
}
