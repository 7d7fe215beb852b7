// Connect: what a bot needs, and whether it works.
import { html, nothing } from './vendor/lit-html.js';
import { at, post, put } from './api.js';
import { watchUnmatched, withoutWorld } from './calls.js';
import { deliveryInWords } from './records.js';
import { copies, entryHref, mayChange, secret, submits, textWithSecrets } from './rows.js';

export const title = 'Connect';

/** The last handshake, and whose it was. */
let handshake = null;

export const enter = (app, entries) => entries.length || watchUnmatched(app);

export function draw(app) {
  const world = app.store?.description;
  if (!world) return nothing;
  const names = Object.keys(world.apps).filter((name) => world.apps[name].verify_token);
  const name = names.includes(app.view.app) ? app.view.app : names.find((each) => world.apps[each].webhook) ?? names[0];
  if (!name) return html`<p class="empty">This world has no app of yours. <a href=${app.href({ screen: 'worlds' })}>Make a world</a> with <code>apps: { bot: {} }</code>.</p>`;
  const pages = Object.keys(world.pages).filter((each) => world.pages[each].apps[name]);
  const page = pages.includes(app.view.page) ? app.view.page : pages[0];
  const pick = (label, key, all, chosen) => html`<label>${label} <select @change=${(event) => app.set({ [key]: event.target.value })}>${all.map((each) => html`<option .selected=${each === chosen} value=${each}>${each}</option>`)}</select></label>`;
  return html`<h2>Connect a bot</h2>
    <div class="filter">${pick('App', 'app', names, name)}${page ? pick('Page or account', 'page', pages, page) : nothing}</div>
    <div class="split even">
      <div>${values(app, world, name, page)}${webhook(app, name, world.apps[name])}${lately(app, name)}${withoutWorld()}</div>
      <div>${environment(app, world.apps[name])}${clients(app, world, page)}</div>
    </div>`;
}

function values(app, world, name, page) {
  const { id, secret: key, verify_token: verify, env } = world.apps[name];
  const account = world.pages[page];
  const kind = account?.platform === 'instagram' ? 'Account' : 'Page';
  const shown = [['Graph URL', world.graph_url], [`${kind} token`, account?.apps[name].token, true], ['App secret', key, true], ['Verify token', verify, true], ['App id', id], [`${kind} id`, account?.id],
    ['Instagram app id', env.GRAPHDOUBLE_INSTAGRAM_APP_ID], ['Instagram app secret', env.GRAPHDOUBLE_INSTAGRAM_APP_SECRET, true]].filter(([, value]) => value);
  return html`<section aria-label="What your bot needs"><h3>What your bot needs</h3>
    <table><tbody>${shown.map(([label, value, isSecret]) => html`<tr><th scope="row">${label}</th><td>${isSecret ? secret(app, label, value) : html`<code>${value}</code>`}</td><td>${copies(app, value, label)}</td></tr>`)}</tbody></table></section>`;
}

function webhook(app, name, { webhook: now, verify_token: token }) {
  const url = now?.url;
  const path = at(app.view.world, 'apps', name, 'webhook');
  const attach = submits((form) => app.attempt(async () => {
    await put(path, { url: form.get('url').trim() || null, verify_token: form.get('token') });
    await app.store.describe();
    app.say(form.get('url').trim() ? 'The webhook is attached.' : `${name} is a puppet.`);
  }));
  const verify = () => app.attempt(async () => {
    handshake = await post(`${path}/verify`).then(({ url: asked }) => ({ name, ok: true, asked }), (error) => {
      if (!error.body?.handshake) throw error;
      return { name, ...error.body.handshake };
    });
    app.say(handshake.ok ? 'The handshake went well.' : 'The handshake failed.');
  });
  return html`<section aria-label="Webhook"><h3>Webhook</h3>
    <p>${url ? html`Webhooks go to <code>${url}</code>.` : html`${name} is a puppet: nothing is sent to it until it has a webhook URL.`}</p>
    ${mayChange(app) ? html`<form class="fields" @submit=${attach}>
      <label>Webhook URL <input name="url" type="url" .value=${url ?? ''}></label>
      <label>Verify token <input name="token" type="password" autocomplete="off" required .value=${token}></label>
      <div class="acts"><button class="main">Attach</button>${url ? html`<button type="button" @click=${verify}>Verify webhook</button>` : nothing}</div></form>` : nothing}
    ${handshake?.name === name ? shaken(handshake) : nothing}</section>`;
}

function shaken({ ok, asked, sent, expected, came }) {
  if (ok) return html`<p class="good" role="status">${asked} gave the challenge back. The handshake went well.</p>`;
  return html`<p class="bad">The handshake failed.</p><dl><dt>sent</dt><dd><code>${sent}</code></dd><dt>expected</dt><dd>${expected}</dd><dt>came</dt><dd>${came}</dd></dl>`;
}

/** The last delivery and the last call of an app, in words. */
function lately(app, name) {
  const newest = (...kinds) => app.store.ledger.entries.findLast((entry) => entry.app === name && kinds.includes(entry.kind));
  const delivery = newest('delivery_attempt'), call = newest('graph_call', 'call_failed');
  return html`<section aria-label="Does it work?"><h3>Does it work?</h3>
    <p>Last delivery: ${delivery ? html`<a href=${entryHref(app, delivery.cursor)}>${deliveryInWords(delivery)}</a>` : 'none yet.'}</p>
    <p>Last Graph call: ${call ? html`<a href=${entryHref(app, call.cursor)}>${call.call} was answered ${call.status ?? 'nothing'}${call.message ? `: ${call.message}` : ''}</a>` : 'none yet.'}</p>
    <p><a href=${app.href({ screen: 'chat' })}>Say something as a person</a></p></section>`;
}

function environment(app, { env }) {
  const text = Object.entries(env).map(([key, value]) => `${key}=${value}\n`).join('');
  return html`<section aria-label="Environment"><h3>.env</h3>${textWithSecrets(app, '.env', text)}</section>`;
}

function clients(app, world, page) {
  const person = Object.values(world.people).map(({ psids }) => psids[page]).find(Boolean) ?? 'PSID';
  const all = Object.entries(world.pages[page]?.platform === 'instagram' ? onInstagram(person) : onMessenger(person));
  const chosen = all.find(([name]) => name === app.view.client) ?? all[0];
  return html`<section aria-label="Client"><h3>Client</h3>
    <div class="acts" role="group" aria-label="Client">${all.map(([name]) => html`<button aria-pressed=${name === chosen[0]} @click=${() => app.set({ client: name })}>${name}</button>`)}</div>
    <div class="acts">${copies(app, chosen[1], 'the snippet', 'Copy snippet')}<span class="dim">It reads the variables of .env.</span></div>
    <pre tabindex="0" aria-label="Snippet">${chosen[1]}</pre></section>`;
}

const js = (name) => `process.env.GRAPHDOUBLE_${name}`;
const python = (name) => `os.environ["GRAPHDOUBLE_${name}"]`;

/** What points published clients here, as docs/clients.md has it. */
const onMessenger = (person, token = 'PAGE_TOKEN') => ({
  curl: `curl "$GRAPHDOUBLE_URL/v25.0/me/messages" -H "Authorization: Bearer $GRAPHDOUBLE_${token}" \\
  -H 'Content-Type: application/json' -d '{"recipient":{"id":"${person}"},"message":{"text":"Hello!"}}'`,
  'messaging-api-messenger': `const client = new messaging.MessengerClient({
  accessToken: ${js('PAGE_TOKEN')},
  appId: ${js('APP_ID')},
  appSecret: ${js('APP_SECRET')},
  origin: ${js('URL')},
});
await client.sendText('${person}', 'Hello!');`,
  Bottender: `messenger: { // of the channels in bottender.config.js
  enabled: true,
  path: '/webhooks/messenger',
  pageId: ${js('PAGE_ID')},
  appId: ${js('APP_ID')},
  appSecret: ${js('APP_SECRET')},
  accessToken: ${js('PAGE_TOKEN')},
  verifyToken: ${js('VERIFY_TOKEN')},
  origin: ${js('URL')},
},`,
  'facebook-business': `session = FacebookSession(${python('APP_ID')}, ${python('APP_SECRET')}, ${python('PAGE_TOKEN')})
session.GRAPH = ${python('URL')}
page = Page(${python('PAGE_ID')}, api=FacebookAdsApi(session))
page.create_message(params={"recipient": {"id": "${person}"}, "message": {"text": "Hello!"}})`,
  pymessenger: `bot = Bot(${python('PAGE_TOKEN')}, app_secret=${python('APP_SECRET')})
bot.graph_url = ${python('URL')} + "/v25.0"
bot.send_text_message("${person}", "Hello!")`,
  fbmessenger: `client = MessengerClient(${python('PAGE_TOKEN')}, app_secret=${python('APP_SECRET')})
client.graph_url = ${python('URL')} + "/v25.0"
client.send(Text("Hello!").to_dict(), "${person}", "RESPONSE")`,
});

const onInstagram = (person) => ({
  curl: onMessenger(person, 'INSTAGRAM_TOKEN').curl,
  'instagram-graph-api-sdk': `const client = new InstagramClient({ accessToken: ${js('INSTAGRAM_TOKEN')} });
client.http.client.defaults.baseURL = ${js('URL')} + '/' + client.getApiVersion();
await client.messaging.sendText('${person}', 'Hello!');`,
  hiinsta: `sys.modules["hiinsta.InstagramMessenger"].INSTAGRAM_BASE_URL = ${python('URL')}
asyncio.run(InstagramMessenger(access_token=${python('INSTAGRAM_TOKEN')}).send_text("Hello!", "${person}"))`,
});
