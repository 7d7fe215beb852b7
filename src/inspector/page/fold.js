// The views of a ledger, as a fold over its entries. Nothing here knows a browser.

/** A world in which nothing has happened. */
export function emptyLedger() {
  return { entries: [], byCursor: new Map(), effects: new Map(), threads: new Map(), mids: new Map(), last: 0 };
}

/** Adds entries, in the order of their cursors. An entry that is there already is left alone. */
export function addEntries(ledger, entries) {
  for (const entry of entries) {
    if (entry.cursor <= ledger.last) continue;
    ledger.last = entry.cursor;
    ledger.entries.push(entry);
    ledger.byCursor.set(entry.cursor, entry);
    addToRoot(ledger, entry);
    addToThread(ledger, entry);
    addMids(ledger, entry);
  }
  return ledger;
}

/** The cursor of the entry with which it all began: what a person, an app or the clock did. */
export function rootOf(ledger, cursor) {
  let entry = ledger.byCursor.get(cursor);
  while (entry && entry.cause !== entry.cursor && ledger.byCursor.has(entry.cause)) entry = ledger.byCursor.get(entry.cause);
  return entry?.cursor ?? null;
}

/** All entries that an entry brought about, itself included. */
export const effectsOf = (ledger, cursor) => ledger.effects.get(rootOf(ledger, cursor)) ?? [];

export const threadKey = (page, person) => `${page}\n${person}`;

/** The thread of an entry, through its root where it names none itself. */
export function threadOf(ledger, cursor) {
  const named = [cursor, rootOf(ledger, cursor)].map((each) => ledger.byCursor.get(each)).find((entry) => entry?.page && entry?.person);
  return named ? { page: named.page, person: named.person } : null;
}

/** Each webhook that came of an entry, with what every app got of it: `[{ event, field, decisions: [{ entry, attempts }] }]`. */
export function webhooksOf(ledger, cursor) {
  const events = [];
  let decisions = null;
  for (const entry of effectsOf(ledger, cursor)) {
    if (entry.kind === 'webhook_event') {
      decisions = [];
      events.push({ event: entry, decisions });
    } else if (entry.kind === 'webhook') {
      if (!decisions) events.push({ event: entry, decisions: (decisions = []) });
      decisions.push({ entry, attempts: attemptsOf(ledger, entry.cursor) });
    }
  }
  return events.filter((event) => event.decisions.length > 0);
}

/** The attempts to deliver a webhook, oldest first. */
function attemptsOf(ledger, webhook) {
  const carries = (entry) => entry.webhook === webhook || entry.webhooks?.includes(webhook) || entry.with?.includes(webhook);
  return effectsOf(ledger, webhook).filter((entry) => entry.kind === 'delivery_attempt' && carries(entry));
}

/** Whether an entry says that something went wrong. */
export function hasFailed(entry) {
  return ['refused', 'call_failed'].includes(entry.kind) || Boolean(entry.failure) || entry.status >= 300 || ['given_up', 'disabled', 'alerted'].includes(entry.what);
}

/** A filter from words: each must be somewhere in the entry, one behind `-` nowhere. */
export function filterOf(words, failedOnly = false) {
  const wanted = [], unwanted = [];
  for (const word of words.toLowerCase().split(/\s+/).filter(Boolean)) (word.length > 1 && word[0] === '-' ? unwanted : wanted).push(word.replace(/^-(?=.)/, ''));
  return (entry, text = searchable(entry)) =>
    (!failedOnly || hasFailed(entry)) && wanted.every((word) => text.includes(word)) && !unwanted.some((word) => text.includes(word));
}

const texts = new WeakMap();

function searchable(entry) {
  if (!texts.has(entry)) texts.set(entry, JSON.stringify(entry).toLowerCase());
  return texts.get(entry);
}

function addToRoot(ledger, entry) {
  const root = rootOf(ledger, entry.cursor);
  if (!ledger.effects.has(root)) ledger.effects.set(root, []);
  ledger.effects.get(root).push(entry);
}

function addToThread(ledger, entry) {
  if (!entry.page || !entry.person) return;
  const key = threadKey(entry.page, entry.person);
  if (!ledger.threads.has(key)) ledger.threads.set(key, { page: entry.page, person: entry.person, entries: [] });
  ledger.threads.get(key).entries.push(entry);
}

/** The first entry that carries a message stands for it: the event that webhooks were sent about, or the call. */
function addMids(ledger, entry) {
  const note = (mid, cursor) => mid && !ledger.mids.has(mid) && ledger.mids.set(mid, cursor);
  if (entry.kind === 'graph_call') note(entry.answer?.message_id, entry.cursor);
  if (entry.kind !== 'webhook') return;
  const event = effectsOf(ledger, entry.cursor).findLast(({ kind }) => kind === 'webhook_event') ?? entry;
  for (const { message } of eventsIn(entry.body)) note(message?.mid, event.cursor);
}

/** The events in the body of a webhook, whichever channel they are on. */
export const eventsIn = (body) => (body?.entry ?? []).flatMap((each) => [...(each.messaging ?? []), ...(each.standby ?? [])]);
