// A thread as people see it: messages and what happened between them, who had control, and who got what. Nothing here knows a browser.
import { effectsOf, eventsIn, hasFailed, rootOf, threadKey, webhooksOf } from './fold.js';
import { between, duration } from './words.js';

const MINUTE = 60_000, HOUR = 60 * MINUTE;
const BEGINS = ['command', 'refused', 'graph_call', 'call_failed', 'read'];

/**
 * What a chat shows, oldest first, and the app that types. An item has `type`, `cursor`, `at` and `failed`. A `message` has what the transcript says of it,
 * `mine` if the person wrote it, and `after`, how many milliseconds an answer took; a `notice` has `text` and `app`, be it about the page and all its threads; an `owner` has `from`, `to` and `rule`; a `clock` has `ms`.
 * A message without an entry, and a change of control that the ledger does not have yet, have the cursor null.
 */
export function itemsOf(ledger, { page, person }, transcript = []) {
  const { entries } = ledger.threads.get(threadKey(page, person)) ?? { entries: [] };
  const messages = transcript.map((message) => {
    const cursor = ledger.mids.get(message.mid) ?? message.entry ?? null;
    // The times of messages differ by a millisecond at least, even when the clock stands still; those of entries are the world's.
    return { ...message, type: 'message', mine: message.from === person, cursor, at: ledger.byCursor.get(cursor)?.at ?? message.at };
  });
  const items = messagesIn(ledger, entries, person, new Set(transcript.map(({ mid }) => mid)));
  const said = new Set([...items, ...messages].map(({ cursor }) => cursor && rootOf(ledger, cursor)));
  for (const entry of entries) {
    if (entry.kind === 'owner_changed') items.push({ type: 'owner', cursor: entry.cursor, at: momentOf(entry), from: entry.from, to: entry.to, rule: entry.rule });
    else if (entry.cause === entry.cursor && BEGINS.includes(entry.kind) && !(said.has(entry.cursor) && isOnlyMessage(ledger, entry))) items.push(noticeOf(entry));
  }
  const first = entries[0]?.cursor ?? Infinity;
  for (const entry of ledger.entries.filter(({ cursor }) => cursor > first)) {
    if (entry.kind === 'clock') items.push(jumpOf(ledger, entry));
    else if (entry.page === page && !entry.person && (entry.kind === 'setting_changed' || ['alerted', 'disabled'].includes(entry.what))) items.push(noticeOf(entry));
  }
  items.sort((a, b) => a.cursor - b.cursor);
  const all = merged(items, messages);
  for (const item of all) item.failed = Boolean(item.cursor) && item.type !== 'clock' && effectsOf(ledger, item.cursor).some(hasFailed);
  addLatency(ledger, all);
  return { items: all, typing: addActs(all, entries) };
}

/** How long an answer took: what its call says, or else the time since the person acted, which a clock that stands still does not show. */
function addLatency(ledger, items) {
  let acted = null;
  for (const item of items) {
    if (item.type === 'clock') acted = null;
    else if (item.mine || (item.type === 'notice' && !item.app)) acted = item.at;
    else if (item.type === 'message' && item.cursor) item.after = effectsOf(ledger, item.cursor).find(({ after_ms: ms }) => ms)?.after_ms ?? (acted ? between(acted, item.at) : 0);
  }
}

/** Messages that webhooks carry and the transcript lacks: it comes a moment later than the ledger, and forgets what is very old. */
function messagesIn(ledger, entries, person, mids) {
  const found = [];
  for (const { body, cursor } of entries.filter(({ kind }) => kind === 'webhook')) {
    for (const { mid, text, attachments, is_deleted: isDeleted } of eventsIn(body).map(({ message }) => message ?? {})) {
      if (!mid || isDeleted || mids.has(mid)) continue;
      mids.add(mid);
      const { app, at } = ledger.byCursor.get(rootOf(ledger, cursor));
      found.push({ type: 'message', cursor: ledger.mids.get(mid), mid, at, from: app ?? person, mine: !app, content: { text, attachments } });
    }
  }
  return found;
}

/** Items and messages in one list. A message without an entry stays before the one that follows it. */
function merged(items, messages) {
  const all = [];
  let next = Infinity, n = items.length;
  for (const message of messages.toReversed()) {
    next = Math.min(message.cursor ?? next, next);
    while (n && items[n - 1].cursor > next) all.push(items[--n]);
    all.push(message);
  }
  while (n) all.push(items[--n]);
  return all.reverse();
}

/** Whether an act is no more than a message: nothing like a tap on an ad stands beside it. */
const isOnlyMessage = (ledger, { cursor }) => !effectsOf(ledger, cursor).some((entry) => eventsIn(entry.body).some((event) => event.referral || event.postback || event.optin));

function noticeOf(entry) {
  const { cursor, at, app, rule } = entry;
  const text = entry.kind === 'call_failed' ? `${app} ${entry.call} was answered ${entry.status}: ${entry.message}` : (entry.text ?? `${app} ${entry.call}`);
  return { type: 'notice', cursor, at, app, rule, text: withoutRule(text, rule).replace(/^(\S+) [A-Z]+ \w+: /, '$1 ') };
}

/** The text of an entry without its rule, which stands beside it. */
const withoutRule = (text = '', rule) => text.replace(`  (${rule})`, '');

/** When control changed. A lapse is written when somebody next acts; its text says when it was. */
const momentOf = ({ at, text }) => / at (\d{4}-\S+Z)/.exec(text)?.[1] ?? at;

/** A turn of the clock: how long it is since somebody did something, be it in another thread. */
function jumpOf(ledger, { cursor, at }) {
  const before = ledger.entries.findLast((entry) => entry.cursor < cursor && (entry.kind === 'clock' || (entry.person && BEGINS.includes(entry.kind))));
  return { type: 'clock', cursor, at, ms: Math.round(between(before?.at ?? at, at) / 1000) * 1000 };
}

/** Adds reactions and "seen" to messages, and answers the app that types. */
function addActs(items, entries) {
  const reactions = new Map();
  let watermark = 0, typing = null;
  const react = (mid, who, emoji) => reactions.set(mid, { ...reactions.get(mid), [who]: emoji });
  for (const { kind, app, person, body } of entries) {
    if (kind === 'graph_call') {
      if (body?.sender_action) typing = /^typing_on$/i.test(body.sender_action) ? app : /^typing_off$/i.test(body.sender_action) ? null : typing;
      else if (body?.message) typing = null;
      if (/^(un)?react$/i.test(body?.sender_action)) react(body.payload?.message_id, app, body.payload?.reaction ?? null);
    }
    for (const event of kind === 'webhook' ? eventsIn(body) : []) {
      if (event.reaction) react(event.reaction.mid, person, event.reaction.action === 'unreact' ? null : event.reaction.emoji ?? event.reaction.reaction);
      watermark = Math.max(watermark, event.read?.watermark ?? 0);
    }
  }
  for (const item of items) if (reactions.has(item.mid)) item.reactions = Object.entries(reactions.get(item.mid)).filter(([, emoji]) => emoji);
  const seen = items.findLast((item) => item.type === 'message' && !item.mine && Date.parse(item.at) <= watermark);
  if (seen) seen.seen = true;
  return typing;
}

/** The webhook of an item with what each app got of it: that of the message, of the change of control, or else the first. */
export function webhookOf(ledger, { cursor, mid, type }) {
  if (!cursor) return null;
  const all = webhooksOf(ledger, cursor);
  const withField = (field) => all.find(({ decisions }) => decisions.some(({ entry }) => field.test(entry.field)));
  if (type === 'owner') return withField(/^messaging_handovers$/) ?? null;
  const carries = ({ entry }) => eventsIn(entry.body).some(({ message }) => message?.mid === mid);
  return (mid && (all.find(({ decisions }) => decisions.some(carries)) ?? withField(/^(messages|message_echoes)$/))) || all[0] || null;
}

/** What each app got of a webhook: `got` is `messaging`, `standby`, `changes`, `withheld` or `nothing`; of an attempt its state and how long it took. */
export function receiptsOf(webhook, apps) {
  return apps.map((app) => {
    const own = webhook?.decisions.filter(({ entry }) => entry.app === app) ?? [];
    const { entry, attempts = [] } = own.find((each) => each.entry.decision === 'deliver') ?? own[0] ?? {};
    const last = attempts.at(-1);
    return { app, entry, attempts, got: !entry ? 'nothing' : entry.decision === 'deliver' ? entry.channel : 'withheld', failed: Boolean(last && hasFailed(last)), took: last?.took_ms };
  });
}

/** What a filter looks at. */
export function searchable(ledger, item) {
  const effects = item.cursor && item.type !== 'clock' ? effectsOf(ledger, item.cursor) : [];
  return JSON.stringify([item.from, item.to, item.text, item.rule, item.content, effects.map(({ kind, app, rule, field, text }) => [kind, app, rule, field, text])]).toLowerCase();
}

/**
 * The timeline of a thread, oldest first: items in the order of the world's time, each with the `owner` after it, `jump`s for the time between them, and
 * `tick`s where window and control end. `state` is the thread as it is now: its owner, until when that has control, since when and by which rule; the
 * `now` of the clock; and `window_until`, when the window closes or closed. Of `items` those are in it that are `shown`, too.
 */
export function timelineOf(ledger, thread, items, state, shown = items) {
  const visible = new Set(shown);
  const rows = items.filter(({ type }) => type !== 'clock').map((item, order) => ({ ...item, order, isHidden: !visible.has(item) }));
  const changes = rows.filter(({ type }) => type === 'owner');
  let owner = changes.length ? changes[0].from : state.owner ?? null;
  if (changes.length && changes.at(-1).to !== state.owner && state.since) {
    rows.push({ type: 'owner', cursor: null, at: state.since, from: changes.at(-1).to, to: state.owner, rule: state.because, order: rows.length });
  }
  // The window closes before somebody opens it anew in the same second.
  for (const tick of ticksOf(ledger, thread, state)) rows.push({ type: 'tick', cursor: null, order: -1, ...tick });
  if (state.now && rows.length) rows.push({ type: 'now', cursor: null, at: state.now, order: Infinity });
  rows.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.order - b.order);
  for (const row of rows) {
    if (row.type === 'owner') owner = row.to;
    row.owner = owner;
  }
  const left = rows.filter(({ isHidden }) => !isHidden);
  return withJumps(ledger, left.slice(Math.max(0, left.findIndex(({ type }) => type !== 'tick'))));
}

const opensWindow = ({ message, postback, reaction, referral }) => (message && !message.is_echo) || postback || reaction || referral;

/** Where the messaging window closed and will close, and where control will lapse. */
function ticksOf(ledger, { page, person }, { owner, until, window_until: windowUntil }) {
  const closes = (at) => ({ at, text: 'The messaging window closes' });
  const ticks = [];
  let last = null;
  for (const { kind, at, body } of ledger.threads.get(threadKey(page, person))?.entries ?? []) {
    // An entry says that the window opened anew. It had closed a day after what the person did before.
    const end = kind === 'window_opened' && last && new Date(Date.parse(last) + 24 * HOUR).toISOString();
    if (end && between(end, at) >= 0) ticks.push(closes(end));
    if (kind === 'webhook' && eventsIn(body).some(opensWindow)) last = at;
  }
  if (windowUntil) ticks.push(closes(windowUntil));
  if (until && owner) ticks.push({ at: until, text: `Control of ${owner} lapses` });
  return ticks;
}

function withJumps(ledger, rows) {
  const clocks = ledger.entries.filter(({ kind }) => kind === 'clock');
  return rows.flatMap((row, n) => {
    const before = rows[n - 1];
    const ms = before ? between(before.at, row.at) : 0;
    if (ms < MINUTE) return [row];
    const turn = clocks.find(({ at }) => between(before.at, at) > 0 && between(row.at, at) >= 0);
    return [{ type: 'jump', at: row.at, ms, owner: before.owner, cursor: turn?.cursor ?? null }, row];
  });
}

/** A length of time beside a jump: `+24 h`. */
export function jumpText(ms) {
  const hours = Math.round(ms / HOUR), isRound = hours > 0 && hours <= 72 && Math.abs(ms - hours * HOUR) < MINUTE;
  return `+${isRound ? `${hours} h` : duration(ms)}`;
}

