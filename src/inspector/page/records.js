// Deliveries and Graph calls as rows, and in words. Nothing here knows a browser.
import { effectsOf } from './fold.js';
import { curl } from './words.js';

/** Each attempt to deliver a webhook, and each webhook without one: `{ cursor, webhook, attempt }`, oldest first. */
export function deliveryRows(ledger) {
  const rows = [], tried = new Set();
  for (const entry of ledger.entries) {
    if (entry.kind === 'webhook' && entry.decision === 'deliver') rows.push({ cursor: entry.cursor, webhook: entry, attempt: null });
    if (entry.kind !== 'delivery_attempt') continue;
    rows.push({ cursor: entry.cursor, webhook: ledger.byCursor.get(entry.webhook), attempt: entry });
    for (const cursor of [entry.webhook, ...(entry.with ?? [])]) tried.add(cursor);
  }
  return rows.filter(({ cursor, attempt }) => attempt || !tried.has(cursor));
}

/** Each Graph call with what came of it: `{ cursor, call, warnings, refusal }`, oldest first. */
export function callRows(ledger) {
  const rows = [];
  let warnings = [];
  for (const entry of ledger.entries) {
    if (entry.kind === 'warning') warnings.push(entry);
    if (entry.kind !== 'graph_call' && entry.kind !== 'call_failed') continue;
    const isOf = (warning) => warning.app === entry.app && warning.text?.includes(entry.call);
    rows.push({ cursor: entry.cursor, call: entry, warnings: warnings.filter(isOf), refusal: refusalOf(ledger, entry) });
    warnings = warnings.filter((warning) => !isOf(warning));
  }
  return rows;
}

const refusalOf = (ledger, call) => (call.kind === 'call_failed' ? effectsOf(ledger, call.cursor).findLast((entry) => entry.kind === 'refused' && entry.cursor < call.cursor) : null) ?? null;

/** How an attempt ended, in a word or two. */
export const outcome = (attempt) => attempt.failure ?? String(attempt.status);

/** What an attempt says about a bot, with the question that helps. */
export function deliveryInWords({ app, status, failure, said, took_ms: took, url }) {
  if (failure) return `${app} did not take it: ${failure}. ${/refused/.test(failure) ? `Does your bot listen at ${url}?` : 'Does your bot answer before it does its work?'}`;
  if (status < 300) return `${app} took it: ${status}${took === undefined ? '' : ` after ${took} ms`}.`;
  return `${app} answered ${status}: ${question(status)}${said ? ` It said: ${said}` : ''}`;
}

function question(status) {
  if (status === 401 || status === 403) return 'does it hash the raw bytes with this secret?';
  if (status === 404 || status === 405) return 'does it take POST at this path?';
  if (status < 400) return 'redirects are not followed. Where does it really listen?';
  if (status < 500) return 'what does it miss in the request?';
  return 'an error in your bot. What does its log say?';
}

/** A curl command that sends a delivery again. */
export const deliveryCurl = ({ attempt }, url) => curl('POST', attempt.url ?? url, attempt.sent.headers, attempt.sent.body);

/** A curl command that makes a call again. The ledger masks tokens, so the app's token is put in. */
export function callCurl({ call }, description) {
  const [method, path] = call.call.split(' ');
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(call.query ?? {})) {
    if (value !== '***') query.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const headers = { authorization: `Bearer ${tokenOf(description, call)}` };
  if (call.body) headers['content-type'] = 'application/json';
  const body = call.body && (typeof call.body === 'string' ? call.body : JSON.stringify(call.body));
  return curl(method, `${description.graph_url}${path}${query.size ? `?${query}` : ''}`, headers, body);
}

function tokenOf(description, { app, page }) {
  const pages = page ? [description.pages[page]] : Object.values(description.pages);
  return pages.find((each) => each?.apps[app])?.apps[app].token ?? 'TOKEN';
}
