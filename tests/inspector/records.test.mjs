// Deliveries and Graph calls as rows and in words, on ledgers of our own scenarios.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { addEntries, emptyLedger } from '../../src/inspector/page/fold.js';
import { callCurl, callRows, deliveryInWords, deliveryRows, difference, hex, prettyText, signatureOf } from '../../src/inspector/page/records.js';
import { ledgersOf } from './ledgers.mjs';

const ledgerOf = (...entries) => addEntries(emptyLedger(), entries.map((entry, n) => ({ cursor: n + 1, cause: n + 1, at: '2026-03-02T09:00:00Z', ...entry })));

test('each webhook that goes to an app has a row, and one that is withheld has none', () => {
  for (const [name, ledger] of ledgersOf('conversation-routing/marketing-app')) {
    const wanted = ledger.entries.filter(({ kind, decision }) => kind === 'webhook' && decision === 'deliver').map(({ cursor }) => cursor);
    assert.ok(wanted.length, name);
    assert.deepEqual(deliveryRows(ledger).map(({ cursor }) => cursor), wanted, name);
  }
});

test('each attempt has a row, in the place of its webhook', () => {
  const webhook = { kind: 'webhook', decision: 'deliver', app: 'bot' };
  const ledger = ledgerOf(webhook, webhook, webhook, { kind: 'delivery_attempt', app: 'bot', webhook: 1, with: [2], cause: 1, status: 500 }, { kind: 'delivery_attempt', app: 'bot', webhook: 1, cause: 1, status: 200 });
  assert.deepEqual(deliveryRows(ledger).map(({ cursor, attempt }) => [cursor, attempt?.status]), [[3, undefined], [4, 500], [5, 200]]);
});

test('a refused call has its rule, and its warnings', () => {
  const refused = [...ledgersOf('conversation-routing/marketing-app').values()].flatMap(callRows).filter(({ refusal }) => refusal);
  assert.ok(refused.length);
  for (const { call, refusal } of refused) assert.deepEqual([refusal.kind, Boolean(refusal.rule), refusal.app], ['refused', true, call.app]);
  const call = { kind: 'graph_call', app: 'bot', call: 'POST /v25.0/me/messages', status: 200 };
  const rows = callRows(ledgerOf({ kind: 'warning', app: 'bot', text: 'warning for bot: POST /v25.0/me/messages: unknown' }, call, call));
  assert.deepEqual(rows.map(({ warnings }) => warnings.length), [1, 0]);
});

test('a call is made again with the token that the ledger masks', () => {
  const description = { graph_url: 'http://127.0.0.1:1', pages: { shop: { apps: { bot: { token: 'EAAbot' } } } } };
  const call = { app: 'bot', page: 'shop', call: 'POST /v25.0/me/messages', query: { access_token: '***', limit: 2 }, body: { message: { text: "it's" } } };
  assert.equal(callCurl({ call }, description), `curl -X POST 'http://127.0.0.1:1/v25.0/me/messages?limit=2' -H 'authorization: Bearer EAAbot' -H 'content-type: application/json' --data-binary '{"message":{"text":"it'\\''s"}}'`);
});

test('a delivery in words asks the question that helps', () => {
  const words = (attempt) => deliveryInWords({ app: 'bot', url: 'http://127.0.0.1:1/', ...attempt });
  assert.equal(words({ status: 200, took_ms: 3 }), 'bot took it: 200 after 3 ms.');
  assert.equal(words({ status: 401 }), 'bot answered 401: does it hash the raw bytes with this secret?');
  assert.match(words({ status: 302 }), /redirects are not followed/);
  assert.match(words({ status: 500, said: 'boom' }), /What does its log say\? It said: boom/);
  assert.match(words({ failure: 'connection refused' }), /Does your bot listen at/);
});

test('the signature is that of the bytes', async () => {
  assert.equal(await signatureOf('s', 'Grüße'), `sha256=${createHmac('sha256', 's').update('Grüße').digest('hex')}`);
});

test('bytes in hex, JSON made pretty, and what differs', () => {
  assert.equal(hex('ü{"a"}1234567890x'), '000000  c3 bc 7b 22 61 22 7d 31 32 33 34 35 36 37 38 39  ..{"a"}123456789\n000010  30 78                                            0x');
  assert.equal(prettyText('{"a":1}'), '{\n  "a": 1\n}');
  assert.equal(prettyText('{"a"'), '{"a"');
  assert.deepEqual(difference('a\nb\nc', 'a\nx\nc\nd'), [[' ', 'a'], ['-', 'b'], ['+', 'x'], [' ', 'c'], ['+', 'd']]);
});
