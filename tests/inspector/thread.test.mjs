// What a chat and its timeline show of our own scenarios.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addEntries, emptyLedger, filterOf } from '../../src/inspector/page/fold.js';
import { itemsOf, jumpText, receiptsOf, searchable, timelineOf, webhookOf } from '../../src/inspector/page/thread.js';
import { ledgersOf, transcriptOf } from './ledgers.mjs';

const thread = { page: 'bakery', person: 'alice' };
const routing = ledgersOf('conversation-routing/marketing-app');
const silence = routing.get('an ad tap goes to the marketing app, silence gives the thread back');

const itemsIn = (ledger, of = thread) => itemsOf(ledger, of, transcriptOf(ledger, of)).items;
const inWords = ({ type, text, content, from, to, ms }) => `${type}: ${text ?? content?.text ?? (type === 'clock' ? jumpText(ms) : `${from} → ${to}`)}`;

test('messages stand between what happened, in the order of the ledger', () => {
  assert.deepEqual(itemsIn(silence).map(inWords), [
    'notice: alice taps the ad tulips and says "Hi"',
    'owner: support → sales',
    'message: Hi',
    'message: Hello!',
    'clock: +24 h',
    'notice: sales sends "Still there?" to alice — refused: another app owns the thread',
    "notice: sales takes the thread of alice — refused: the Handover Protocol's calls are disabled for this page",
  ]);
});

test('before the transcript comes, messages are those that webhooks carry', () => {
  const { items } = itemsOf(silence, thread);
  assert.deepEqual(items.map(inWords), itemsIn(silence).map(inWords));
  assert.deepEqual(items.filter(({ type }) => type === 'message').map(({ from, mine }) => [from, mine]), [['alice', true], ['sales', false]]);
});

test('a refused call is a failure, and names its rule', () => {
  const refused = itemsIn(silence).find(({ text }) => text?.includes('Still there?'));
  assert.deepEqual([refused.failed, refused.app, refused.rule], [true, 'sales', 'send.refused.not_owner']);
});

test('a message without an entry stays before the one that follows it', () => {
  const transcript = [{ mid: 'of-the-ad', at: '2026-03-02T09:00:00Z', from: 'tulips', content: { text: 'Welcome' } }, ...transcriptOf(silence, thread)];
  const words = itemsOf(silence, thread, transcript).items.map(inWords);
  assert.equal(words.indexOf('message: Welcome'), words.indexOf('message: Hi') - 1);
});

test('a message that no webhook carries has the entry that the transcript names', () => {
  const { items } = itemsOf(silence, thread, [{ mid: 'of-the-ad', entry: 4, at: '2026-03-02T09:00:00Z', from: 'tulips', content: {} }]);
  assert.equal(items.find(({ mid }) => mid === 'of-the-ad').cursor, 4);
});

test('each app got its part of a message, by a rule', () => {
  const hi = itemsIn(silence).find(({ content }) => content?.text === 'Hi');
  const receipts = receiptsOf(webhookOf(silence, hi), ['support', 'sales', 'inbox']);
  assert.deepEqual(receipts.map(({ app, got, entry }) => [app, got, entry?.rule]), [
    ['support', 'standby', 'webhook.standby'], ['sales', 'messaging', 'webhook.owner'], ['inbox', 'nothing', undefined],
  ]);
});

test('a change of control shows who got a webhook of it', () => {
  const change = itemsIn(silence).find(({ type }) => type === 'owner');
  assert.equal(webhookOf(silence, change).decisions[0].entry.field, 'messaging_handovers');
});

test('what was withheld says so', () => {
  const ledgers = ledgersOf('conversation-routing/standby-webhook-controls');
  const withheld = [...ledgers.values()].flatMap((ledger) => [...ledger.threads.values()].flatMap((of) => itemsIn(ledger, of).flatMap((item) =>
    receiptsOf(webhookOf(ledger, item), ['support', 'sales', 'loyalty', 'shop', 'back']).filter(({ got }) => got === 'withheld'))));
  assert.ok(withheld.length > 0);
  assert.ok(withheld.every(({ entry }) => entry.rule.startsWith('webhook.withheld.')));
});

test('what changes for all threads of the page is a notice, too', () => {
  const ledger = [...ledgersOf('delivery/retries').values()].find(({ entries }) => entries.some(({ what }) => what === 'disabled'));
  const [of] = ledger.threads.values();
  const disabled = itemsIn(ledger, of).find(({ rule }) => rule === 'delivery.disabled');
  assert.deepEqual([disabled.type, disabled.failed, disabled.text.startsWith('webhooks disabled for ')], ['notice', true, true]);
});

test('the timeline has the owner of each moment, and a jump for a day', () => {
  const rows = timelineOf(silence, thread, itemsIn(silence), { owner: 'support', since: '2026-03-03T09:00:00Z', because: 'control.idle.default_app', now: '2026-03-03T09:00:00Z', window_until: '2026-03-03T09:00:00Z' });
  assert.deepEqual(rows.slice(0, 2).map(({ type, owner }) => [type, owner]), [['notice', 'support'], ['owner', 'sales']]);
  const jump = rows.findIndex(({ type }) => type === 'jump');
  assert.deepEqual([jumpText(rows[jump].ms), rows[jump].owner], ['+24 h', 'sales']);
  assert.equal(silence.byCursor.get(rows[jump].cursor).kind, 'clock');
  assert.deepEqual([rows[jump + 1].type, rows[jump + 1].text], ['tick', 'The messaging window closes']);
  assert.deepEqual([rows.at(-1).type, rows.at(-1).owner], ['now', 'support']);
});

test('control that lapsed changed when it lapsed, not when somebody next acted', () => {
  const ledger = ledgersOf('conversation-routing/entries-that-meet').get("an ad that was tapped three days ago is not what today's message is about");
  const lapse = itemsIn(ledger).find(({ rule, type }) => type === 'owner' && rule === 'control.idle.default_app');
  assert.deepEqual([lapse.at, ledger.byCursor.get(lapse.cursor).at], ['2026-03-03T09:00:00Z', '2026-03-05T09:00:00Z']);
  const rows = timelineOf(ledger, thread, itemsIn(ledger), { owner: 'support' });
  const at = rows.findIndex(({ cursor }) => cursor === lapse.cursor);
  assert.deepEqual(rows.slice(at - 2, at + 2).map(({ type, ms, owner }) => [type, ms && jumpText(ms), owner]), [
    ['jump', '+24 h', 'sales'], ['tick', undefined, 'sales'], ['owner', undefined, 'support'], ['jump', '+48 h', 'support'],
  ]);
});

test('a lapse that the ledger does not have yet is in the timeline', () => {
  const before = silence.entries.find(({ kind }) => kind === 'clock').cursor;
  const ledger = { ...silence, entries: silence.entries.filter(({ cursor }) => cursor <= before) };
  const items = itemsIn(silence).filter(({ cursor }) => cursor <= before);
  const rows = timelineOf(ledger, thread, items, { owner: 'support', since: '2026-03-03T09:00:00Z', because: 'control.idle.default_app', now: '2026-03-03T10:00:00Z' });
  const lapse = rows.findLast(({ type }) => type === 'owner');
  assert.deepEqual([lapse.to, lapse.cursor, rows.at(-1).owner], ['support', null, 'support']);
});

test('what comes is behind now: the window and control end', () => {
  const ledger = routing.get('the marketing app is told of its ad with what the ad was about');
  const rows = timelineOf(ledger, thread, itemsIn(ledger), { owner: 'sales', until: '2026-03-03T09:00:00Z', now: '2026-03-02T09:00:00Z' });
  assert.deepEqual(rows.slice(-3).map(({ type, text, ms }) => [type, text ?? ms]), [['now', undefined], ['jump', 86_400_000], ['tick', 'Control of sales lapses']]);
});

test('a filter hides rows, not who has control', () => {
  const items = itemsIn(silence);
  const shown = items.filter(({ content }) => content?.text === 'Hello!');
  const rows = timelineOf(silence, thread, items, { owner: 'sales' }, shown);
  assert.deepEqual(rows.map(({ type, owner }) => [type, owner]), [['message', 'sales']]);
});

test('typing, reactions and what was read come from the ledger', () => {
  const entry = (cursor, more) => ({ cursor, cause: cursor, at: '2026-03-02T09:00:00Z', ...thread, ...more });
  const event = (more) => ({ kind: 'webhook', decision: 'deliver', body: { entry: [{ messaging: [more] }] } });
  const entries = [
    entry(1, event({ reaction: { mid: 'm_1', action: 'react', emoji: '❤️' } })),
    entry(2, event({ read: { watermark: Date.parse('2026-03-02T09:00:00Z') } })),
    entry(3, { kind: 'graph_call', app: 'support', body: { sender_action: 'typing_on' } }),
  ];
  const ledger = { entries, byCursor: new Map(), effects: new Map(), mids: new Map(), threads: new Map([['bakery\nalice', { ...thread, entries }]]) };
  const { items, typing } = itemsOf(ledger, thread, [{ mid: 'm_1', at: '2026-03-02T09:00:00Z', from: 'support', content: {} }]);
  const message = items.find(({ type }) => type === 'message');
  assert.deepEqual([message.reactions, message.seen, typing], [[['alice', '❤️']], true, 'support']);
});

test('an answer says how long it took, unless the clock stands still or was turned', () => {
  const times = ['09:00:00Z', '09:00:00.250Z', '09:00:01Z', '09:00:02Z'].map((time) => `2026-03-02T${time}`);
  const entries = times.map((at, n) => ({ cursor: n + 1, cause: n + 1, at, kind: n === 2 ? 'clock' : 'command', text: `act ${n}`, ...(n === 2 ? {} : thread) }));
  const ledger = addEntries(emptyLedger(), entries);
  const message = (n, from) => ({ mid: `m_${n}`, entry: n + 1, at: times[n], from, content: {} });
  const { items } = itemsOf(ledger, thread, [message(0, 'alice'), message(1, 'support'), message(3, 'support')]);
  assert.deepEqual(items.filter(({ type }) => type === 'message').map(({ after }) => after), [undefined, 250, 0]);
  assert.ok(itemsIn(silence).every(({ after }) => !after));
});

test('a filter looks at a message, its webhooks and their rules', () => {
  const items = itemsIn(silence);
  const found = (words, failed) => items.filter((item) => filterOf(words, failed)({ failure: item.failed }, searchable(silence, item))).map(inWords);
  assert.ok(found('hello -still').includes('message: Hello!'));
  assert.ok(!found('webhook.owner -hello').includes('message: Hello!'));
  assert.ok(found('', true).every((words) => words.startsWith('notice: sales')));
});

test('jumps are read in hours up to three days', () => {
  assert.deepEqual([3_600_000, 86_400_000, 86_399_000, 90_061_000, 604_800_000, 65_000].map(jumpText), ['+1 h', '+24 h', '+24 h', '+1 d 1 h', '+7 d', '+1 min 5 s']);
});
