// Messages as the person sees them: text, files and each template.
import { html, nothing } from './vendor/lit-html.js';
import { pretty } from './words.js';

/** A link, if it leads to the web; its text otherwise. Nothing of it is fetched before somebody opens it. */
export const link = (url, text = url) => (/^https?:\/\//i.test(url ?? '') ? html`<a href=${url} title=${url} target="_blank" rel="noopener noreferrer">${text}</a>` : html`<span>${text}</span>`);

/** What a message says. `tap(verb, value)` performs an act of the person; it is null where nothing can be done. */
export function content({ text, attachments = [], quick_replies: replies = [] }, tap) {
  const isEmpty = !text && !attachments.length;
  return html`${text ? html`<p class="text">${text}</p>` : nothing}${attachments.map((each) => attachment(each, tap))}${isEmpty ? html`<p class="dim">Taken back</p>` : nothing}
    ${replies.length ? html`<div class="replies">${replies.map(({ title, payload, content_type: type }) => act(tap, 'taps_quick_reply', title, title, payload || type))}</div>` : nothing}`;
}

/** A button that the person taps, with its payload for those who point at it or focus it. */
function act(tap, verb, value, label, payload = '') {
  return html`<button class="tap" ?disabled=${!tap} data-payload=${payload || nothing} title=${payload || nothing} @click=${() => tap(verb, value)}>${label}</button>`;
}

function button({ type, title, url, payload }, tap) {
  if (type === 'postback') return act(tap, 'taps_button', title, title, payload);
  if (type === 'account_link') return act(tap, 'opens_login', true, 'Log in', url);
  if (type === 'account_unlink') return act(tap, 'unlinks_account', true, 'Log out');
  return html`<span class="tap">${url ? link(url, title) : html`${title} <span class="dim">${payload}</span>`}</span>`;
}

const buttons = (list, tap) => (list?.length ? html`<div class="buttons">${list.map((each) => button(each, tap))}</div>` : nothing);
const picture = (url) => (url ? html`<p class="file">${link(url, `▧ ${url.split(/[?#]/)[0].split('/').pop() || url}`)}</p>` : nothing);
const heading = (title, subtitle) => html`${title ? html`<b>${title}</b>` : nothing}${subtitle ? html`<span class="dim">${subtitle}</span>` : nothing}`;
const card = (inside) => html`<div class="card">${inside}</div>`;

const TEMPLATES = {
  button: ({ text, buttons: list }, tap) => card(html`<p class="text">${text}</p>${buttons(list, tap)}`),
  generic: ({ elements = [] }, tap) => html`<div class="carousel" tabindex="0" role="group" aria-label="Carousel of ${elements.length}">${elements.map((each) =>
    card(html`${picture(each.image_url)}${heading(each.default_action ? link(each.default_action.url, each.title) : each.title, each.subtitle)}${buttons(each.buttons, tap)}`))}</div>`,
  media: ({ elements: [each = {}] = [] }, tap) => card(html`${picture(each.url) === nothing ? html`${each.media_type} ${each.attachment_id}` : picture(each.url)}${buttons(each.buttons, tap)}`),
  receipt: receipt,
  coupon: (coupon, tap) => card(html`${picture(coupon.image_url)}${coupon.coupon_pre_message}${heading(coupon.title, coupon.subtitle)}
    <div class="buttons">${coupon.coupon_code ? act(tap, 'opens_coupon', coupon.title, 'Show the code', coupon.coupon_code) : nothing}
    ${coupon.coupon_url ? html`<span class="tap">${link(coupon.coupon_url, coupon.coupon_url_button_title ?? coupon.coupon_url)}</span>` : nothing}</div>`),
  customer_feedback: survey,
  notification_messages: (payload, tap) => html`${(payload.elements ?? [payload]).map((each) => {
    const title = each.title ?? 'Updates and promotions';
    return card(html`${picture(each.image_url)}${heading(title)}<div class="buttons">${act(tap, 'opts_in', { to: title }, (each.notification_messages_cta_text ?? 'Get messages').replaceAll('_', ' ').toLowerCase(), each.payload)}</div>`);
  })}`,
  one_time_notif_req: ({ title, payload }, tap) => card(html`${heading(title)}<div class="buttons">${act(tap, 'opts_in', { to: title }, 'Notify me', payload)}</div>`),
};

function receipt({ order_number: number, recipient_name: name, currency, payment_method: method, order_url: url, elements = [], adjustments = [], summary = {}, address }) {
  const row = (label, amount) => (amount === undefined ? nothing : html`<tr><td>${label}</td><td class="amount">${amount} ${currency}</td></tr>`);
  return card(html`${heading(html`Receipt ${url ? link(url, number) : number}`, name)}<table>
    ${elements.map(({ title, subtitle, quantity, price }) => row(html`${quantity ? `${quantity} × ` : ''}${title} <span class="dim">${subtitle}</span>`, price))}
    ${row('Subtotal', summary.subtotal)}${row('Shipping', summary.shipping_cost)}${row('Tax', summary.total_tax)}
    ${adjustments.map(({ name: label, amount }) => row(label, -amount))}${row(html`<b>Total</b>`, summary.total_cost)}</table>
    <span class="dim">${method}${address ? html` · ${Object.values(address).join(', ')}` : nothing}</span>`);
}

const SCORES = { csat: [1, 5], nps: [0, 10], ces: [1, 7] };

function survey({ title, subtitle, button_title: label, feedback_screens: pages = [] }, tap) {
  const [from, to] = SCORES[pages[0]?.questions?.[0]?.type] ?? [];
  const words = (event) => event.target.closest('.card').querySelector('input')?.value;
  const answer = (score) => (event) => tap('answers_survey', { ...(score === undefined ? {} : { score }), ...(words(event) ? { text: words(event) } : {}) });
  const scores = from === undefined ? [] : Array.from({ length: to - from + 1 }, (_, n) => from + n);
  return card(html`${heading(title, subtitle)}<input aria-label="In your own words" placeholder="In your own words">
    <div class="replies" role="group" aria-label=${label ?? 'Score'}>${scores.length ? scores.map((score) => html`<button class="tap" ?disabled=${!tap} @click=${answer(score)}>${score}</button>`) : html`<button class="tap" ?disabled=${!tap} @click=${answer()}>${label}</button>`}</div>`);
}

function attachment({ type, payload = {}, title, url }, tap) {
  const draw = type === 'template' && Object.hasOwn(TEMPLATES, payload.template_type) && TEMPLATES[payload.template_type];
  if (draw) return draw(payload, tap);
  if (type === 'template' && payload.product) return card(html`<b>Products</b> ${payload.product.elements.map(({ id }) => id).join(', ')}`);
  if (type === 'like_heart') return html`<p class="text">❤️</p>`;
  if (type === 'location') return card(html`<b>${title ?? 'A place'}</b>${payload.coordinates?.lat}, ${payload.coordinates?.long}${url ? link(url, 'Map') : nothing}`);
  const where = payload.url ?? url;
  if (type !== 'template' && where) return card(html`${heading(payload.title ?? title ?? type)}${link(where, where.length > 60 ? `${where.slice(0, 57)}…` : where)}`);
  return html`<pre>${pretty({ type, ...payload })}</pre>`;
}
