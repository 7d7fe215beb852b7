// What must exist before a published request makes sense, made by the same calls that a bot would make.
const TOKEN = '1234567890';
const APP_TOKEN = '987654321|1WDVGY78';
const OTHER_APP = 123456789;
const PICTURE = 'https://i.imgur.com/zV6uy4T.jpg';

// Answers what in the published request stands for something else here.
export async function given(graphdouble, config, reply) {
  await graphdouble.reset();
  for (const user of ['alice', 'kevin']) await graphdouble.step({ user, says: 'Hi' });

  const graph = (path, body, token = TOKEN) => post(`${graphdouble.url}/v6.0${path}?access_token=${token}`, body);
  const [path, query] = config.url.split('?');
  const call = { path, query: new URLSearchParams(query), data: typeof config.data === 'string' ? config.data : '', reply };
  const before = BEFORE[`${config.method} ${path.replace(/\d{5,}/, '{id}')}`];
  const ids = (await before?.(graph, call, graphdouble)) ?? {};
  return { APP_ACCESS_TOKEN: APP_TOKEN, 'https://mycallback.com': graphdouble.webhook.url, ...(await savedAttachment(graph, call)), ...ids };
}

const BEFORE = {
  'get /me/messenger_profile': (graph, { reply }) => {
    const text = JSON.stringify(Object.assign({}, ...reply.data)).replace('http://', 'https://'); // as domains must be today
    return reply.data.length > 0 && setProfile(graph, JSON.parse(text));
  },
  // A menu wants a Get Started button.
  'post /me/messenger_profile': (graph, { data }) => data.includes('persistent_menu') && setProfile(graph, {}),
  'get /me/custom_user_settings': async (graph, { reply }) => {
    await setProfile(graph, {});
    const [settings] = reply.data;
    if (settings) await graph('/me/custom_user_settings', { psid: 'abcdefg', persistent_menu: settings.user_level_persistent_menu });
  },
  'post /me/custom_user_settings': (graph) => setProfile(graph, {}),
  'get /me/personas': async (graph, { query, reply }) => {
    const personas = reply.paging?.next ? 30 : reply.data.length + 1; // a page holds 25
    for (let name = 1; name <= personas; name++) await createPersona(graph, `${name}`);
    if (!query.has('after')) return {};
    return { [query.get('after')]: (await graph('/me/personas', { method: 'get', limit: 1 })).paging.cursors.after };
  },
  'get /{id}': persona,
  'delete /{id}': persona,
  'get /{id}/subscriptions': async (graph, { reply }, { webhook }) => {
    for (const { object, fields } of reply.data) {
      const names = fields.map(({ name }) => name).join();
      await graph('/987654321/subscriptions', { object, fields: names, callback_url: webhook.url, verify_token: 'v' }, APP_TOKEN);
    }
  },
  'post /me/request_thread_control': async (graph, call, { step }) => {
    await pass(graph);
    await step({ admin: 'shop', sets_primary: 'other' }); // only a secondary receiver may ask
  },
  'post /me/take_thread_control': (graph) => pass(graph),
};

// Nobody asks for a thread that is theirs.
function pass(graph) {
  return graph('/me/pass_thread_control', { recipient: { id: '1QAZ2WSX' }, target_app_id: OTHER_APP });
}

function setProfile(graph, profile) {
  return graph('/me/messenger_profile', { get_started: { payload: 'GET_STARTED' }, ...profile });
}

function createPersona(graph, name) {
  return graph('/me/personas', { name, profile_picture_url: PICTURE });
}

async function persona(graph, { path }) {
  return { [path.slice(1)]: (await createPersona(graph, 'John')).id };
}

// An attachment that the request sends by its id is saved first.
async function savedAttachment(graph, { data }) {
  const [, type, id] = data.match(/"type":"(\w+)","payload":\{"attachment_id":"(\d+)"/) ?? [];
  if (!id) return {};
  const attachment = { type, payload: { url: 'https://example.com/file', is_reusable: true } };
  return { [id]: (await graph('/me/message_attachments', { message: { attachment } })).attachment_id };
}

async function post(url, body) {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`POST ${url} answered ${JSON.stringify(answer)}`);
  return answer;
}
