// Deliveries and Graph calls as rows, in words, and byte by byte. Nothing here knows a browser's page.
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

/** The request that makes a call again: `{ method, path, headers, body }`. The ledger masks tokens, so the app's token is put in. */
export function requestOf({ call }, description) {
  const [method, path] = call.call.split(' ');
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(call.query ?? {})) {
    if (value !== '***') query.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const headers = { authorization: `Bearer ${tokenOf(description, call)}` };
  if (call.body) headers['content-type'] = 'application/json';
  const body = call.body && (typeof call.body === 'string' ? call.body : JSON.stringify(call.body));
  return { method, path: `${path}${query.size ? `?${query}` : ''}`, headers, body };
}

/** A curl command that makes a call again. */
export function callCurl(row, description) {
  const { method, path, headers, body } = requestOf(row, description);
  return curl(method, description.graph_url + path, headers, body);
}

function tokenOf(description, { app, page }) {
  const pages = page ? [description.pages[page]] : Object.values(description.pages);
  return pages.find((each) => each?.apps[app])?.apps[app].token ?? 'TOKEN';
}

const LINE = 16;
/** So many lines are compared; the work grows with their square. */
const COMPARED = 1500;

/** A text as people read it, if it is JSON. */
export function prettyText(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The UTF-8 bytes of a text: offset, bytes, and what they say in ASCII. */
export function hex(text) {
  const bytes = new TextEncoder().encode(text);
  const lines = [];
  for (let at = 0; at < bytes.length; at += LINE) {
    const part = [...bytes.subarray(at, at + LINE)];
    const digits = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${digits.padEnd(LINE * 3)} ${ascii}`);
  }
  return lines.join('\n');
}

/** The HMAC of a text, as `X-Hub-Signature-256` writes it; null where the browser does not compute it, because the page is not on HTTPS or the loopback. */
export async function signatureOf(secret, text) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  const encoder = new TextEncoder();
  const key = await subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signed = new Uint8Array(await subtle.sign('HMAC', key, encoder.encode(text)));
  return `sha256=${[...signed].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** What differs between two texts, line by line: `[[mark, line]]` with the marks ` `, `-` and `+`. */
export function difference(before, after) {
  const a = before.split('\n').slice(0, COMPARED), b = after.split('\n').slice(0, COMPARED);
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  }
  const lines = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push([' ', a[i++]]), j++;
    else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) lines.push(['-', a[i++]]);
    else lines.push(['+', b[j++]]);
  }
  return lines;
}
