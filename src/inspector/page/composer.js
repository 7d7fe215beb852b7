// What the person can do in a thread: write, attach, enter, react.
import { html, nothing } from './vendor/lit-html.js';
import { submits } from './rows.js';

const FILES = ['image', 'audio', 'video', 'file', 'location', 'sticker', 'fallback'];
const EMOJI = [['love', '❤️'], ['smile', '😆'], ['wow', '😮'], ['sad', '😢'], ['angry', '😠'], ['like', '👍']];
const ACTS = { gets_started: 'Get Started', reads: 'Read', blocks: 'Block', unblocks: 'Unblock', unsends: 'Take the last message back', mentions_in_story: 'Mention in a story' };
/** What has a place of its own, here or in the messages. */
const PLACED = [...Object.keys(ACTS), 'says', 'sends', 'reacts', 'unreacts', 'taps_ad', 'opens_link', 'taps_button', 'taps_quick_reply', 'taps_ice_breaker', 'taps_menu', 'answers_survey', 'opens_coupon', 'opens_login', 'unlinks_account'];

/**
 * The line to write into, and the acts behind it. `offers` are what the control API says that the person can do. `tap(verb, value, more)` performs an act,
 * `run(step)` a step; `selected` is the message that a reaction is for.
 */
export function composer({ name, offers, tap, run, selected, isOpen, toggle }) {
  const write = submits((form, element) => {
    const text = form.get('text').trim();
    if (text) tap('says', text).then((isDone) => isDone && element.reset());
  });
  return html`<form class="write" @submit=${write}>
      <button type="button" aria-expanded=${isOpen} aria-label="More that ${name} can do" title="More that ${name} can do" @click=${toggle}>+</button>
      <input name="text" autocomplete="off" aria-label="Write as ${name}" placeholder=${offers?.blocked ? `${name} has blocked the page` : `Write as ${name}`} @keydown=${up}>
      <button class="main">Send</button>
    </form>
    ${isOpen ? more({ offers, tap, run, selected }) : nothing}`;
}

/** From an empty line, arrow-up goes to the messages. */
function up(event) {
  if (event.key !== 'ArrowUp' || event.target.value) return;
  event.preventDefault();
  event.target.closest('.phone').querySelector('article[tabindex="0"]')?.focus();
}

const row = (label, inside) => html`<div class="acts" role="group" aria-label=${label}><span class="dim">${label}</span>${inside}</div>`;

function more({ offers, tap, run, selected }) {
  const can = (verb) => !offers || offers.can.includes(verb);
  const offered = (label, list, text) => (list?.length ? row(label, list.map((each) => html`<button title=${each.ref ?? nothing} ?disabled=${!each.step} @click=${() => run(each.step)}>${text(each)}</button>`)) : nothing);
  const about = selected && !selected.mine && selected.content.text ? { message: selected.content.text } : {};
  return html`<div class="more">
    ${offered('Ads', offers?.ads, ({ title, name }) => title ?? name)}${offered('Links', offers?.links, ({ name }) => name)}
    ${offered('Ice breakers', offers?.ice_breakers, ({ question }) => question)}${offered('Menu', offers?.menu, ({ title }) => title)}
    ${can('reacts') ? row('React', html`${EMOJI.map(([word, emoji]) => html`<button aria-label="React with ${word}" title=${about.message ? `to “${about.message}”` : 'to the last message of the page'} @click=${() => tap('reacts', word, about)}>${emoji}</button>`)}
      <button @click=${() => tap('unreacts', true, about)}>Take back</button>`) : nothing}
    ${row('Act', Object.entries(ACTS).filter(([verb]) => can(verb)).map(([verb, label]) => html`<button @click=${() => tap(verb, true)}>${label}</button>`))}
    ${can('sends') ? attachment(tap) : nothing}${other(offers?.can.filter((verb) => !PLACED.includes(verb)), tap)}
  </div>`;
}

function attachment(tap) {
  const attach = submits((form) => {
    const [type, url, title] = ['type', 'url', 'title'].map((key) => form.get(key));
    const place = type === 'location' ? { lat: '52.52', long: '13.40' } : {};
    tap('sends', { attachments: [{ type, ...(url ? { url } : {}), ...(title ? { title } : {}), ...place }] });
  });
  return html`<form class="acts" @submit=${attach} aria-label="Attachment"><select name="type" aria-label="What to attach">${FILES.map((type) => html`<option>${type}</option>`)}</select>
    <input name="url" type="url" size="14" aria-label="Its URL" placeholder="https://…"><input name="title" size="6" aria-label="Its title" placeholder="title"><button>Attach</button></form>`;
}

/** Everything else that a step can say, by its verb. */
function other(verbs, tap) {
  const act = submits((form) => {
    const value = form.get('value').trim();
    let json = value || true;
    if (/^[{[]/.test(value)) try { json = JSON.parse(value); } catch { /* the server says what is wrong with the text */ }
    tap(form.get('verb'), json);
  });
  return verbs?.length ? html`<form class="acts" @submit=${act} aria-label="Another act"><select name="verb" aria-label="Verb">${verbs.map((verb) => html`<option>${verb}</option>`)}</select>
    <input name="value" size="14" aria-label="Its value" placeholder="text, or {…}"><button>Act</button></form>` : nothing;
}
