// A consumer that is a module. It is compiled, not run.
import { GraphdoubleError, contains, pageUrl, startGraphdouble, type App, type Person, type Step, type World } from 'graphdouble';

await using graphdouble = await startGraphdouble({ world: 'tests/shop.yaml', within: '3s' });
await using world: World = await graphdouble.createWorld({ clock: 'frozen' });
const bot: App = world.app('bot');
const env: Record<string, string> = bot.env({ PAGE_TOKEN: 'token', APP_SECRET: 'secret', DESK: 'GRAPHDOUBLE_APP_ID_DESK' });
await bot.webhook(new URL(`http://127.0.0.1:${env.PORT}/webhook`), { verify: true });
const running = await bot.start(['node', 'bot.js'], { env: { PAGE_TOKEN: 'token' }, ready: /on (\d+)/ });
running.output.length;

const alice: Person = await world.person();
const { answer, how } = await alice.taps_ad('tulips', { says: 'Hi', within: '2s' });
how satisfies 'acted' | 'observed' | 'held' | 'shown';
await alice.gets_started();
await alice.sends({ attachments: [{ type: 'image', url: 'https://example.test/a.png' }] });
await bot.sends(contains('Hello'), { to: alice, save: { mid: '/message_id' } });
await world.page('shop').sets_standby({ bot: true });
await world.inbox('shop').replies('Hello', { to: alice });
await world.fault({ at: 'send', app: bot, reply: 'rate_limited', times: 2 });
await world.fault({ webhook: 'messages', goes: 'twice' });
await world.expect([{ owner: 'bot', because: 'routing.organic.default_app' }, { message: { to: alice, text: /Hello/ } }], { within: '1s' });
const step: Step = { user: 'alice', says: 'Hi' };
await world.step(step);
(await alice.exchange({ says: 'Hi', until: { answers: 1 } })).outcome satisfies string;
(await world.clock('+24h')).now satisfies string;
(await world.thread('shop', alice).owner()) satisfies string | null;
(await world.calls({ app: bot, status: '4xx' })).map(({ code }) => code);
pageUrl({ graph_url: world.url, name: world.name }) satisfies string;
try {
  await alice.says(answer.mid);
} catch (error) {
  if (error instanceof GraphdoubleError) console.log(error.drawn, error.pageUrl);
}

// What the compiler refuses.
// @ts-expect-error a verb that nobody knows
await alice.say('Hi');
// @ts-expect-error a word that nobody knows
await alice.says('Hi', { on_pots: 'x' });
// @ts-expect-error an error that Meta does not have
await world.fault({ at: 'send', reply: 'rate_limitd' });
// @ts-expect-error a rule that does not exist
await world.expect({ owner: 'bot', because: 'control.idle.default' });
// @ts-expect-error a setting that does not exist
bot.env({ PAGE_TOKEN: 'tokn' });
// @ts-expect-error neither frozen nor follow
await graphdouble.createWorld({ clock: 'fast' });
