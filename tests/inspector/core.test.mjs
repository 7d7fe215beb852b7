// The address, the words, and the fold over a ledger.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addEntries, effectsOf, filterOf, hasFailed, rootOf, threadOf, webhooksOf } from '../../src/inspector/page/fold.js';
import { format, parse } from '../../src/inspector/page/url.js';
import { curl, duration, lettersOf, masked, sentence } from '../../src/inspector/page/words.js';
import { ledgersOf } from './ledgers.mjs';

const trouble = ledgersOf('delivery/retries');
const ledger = [...trouble.values()].find(({ entries }) => entries.some(({ kind }) => kind === 'delivery_attempt'));

test('an address says what is shown, and comes back the same', () => {
  const view = { world: 'a/b', screen: 'chat', entry: 7, page: 'shop', person: 'zoë', words: '-x y' };
  assert.deepEqual(parse(format(view)), view);
  assert.equal(format({ world: 'w', screen: 'calls', entry: null, words: '' }), '#/w/calls');
});

test('an address that says nothing, or nonsense, is no mistake', () => {
  for (const hash of ['', '#', '#/', '#/%E0%A4%A/nowhere?entry=x']) assert.deepEqual([parse(hash).screen, parse(hash).entry], [null, null]);
});

test('each attempt to deliver leads to what a person did', () => {
  for (const { cursor } of ledger.entries.filter(({ kind }) => kind === 'delivery_attempt')) {
    assert.equal(ledger.byCursor.get(rootOf(ledger, cursor)).kind, 'command');
    assert.ok(effectsOf(ledger, cursor).some((entry) => entry.cursor === cursor));
    assert.ok(threadOf(ledger, cursor).person);
  }
});

test('attempts stand at the webhook that they carry', () => {
  const attempts = ledger.entries.filter(({ kind }) => kind === 'delivery_attempt');
  for (const attempt of attempts) {
    const own = webhooksOf(ledger, attempt.cursor).flatMap(({ decisions }) => decisions).filter((each) => each.attempts.includes(attempt));
    assert.ok(own.some(({ entry }) => entry.cursor === attempt.webhook && entry.app === attempt.app));
  }
});

test('entries that come twice are there once, and times of failure are found', () => {
  const before = ledger.entries.length;
  addEntries(ledger, ledger.entries.slice(0, 5));
  assert.equal(ledger.entries.length, before);
  const failed = ledger.entries.filter(hasFailed);
  assert.ok(failed.length > 0);
  assert.ok(failed.every(({ kind, status, failure, what }) => failure || status >= 300 || what || kind === 'refused'));
});

test('a filter has words, words with a minus, and failures', () => {
  const entry = { kind: 'refused', text: 'Sales sends' };
  const keeps = (words, failed) => filterOf(words, failed)(entry);
  assert.deepEqual([keeps(''), keeps('sales'), keeps('SENDS sales'), keeps('-sales'), keeps('sales -alice'), keeps('-', false), keeps('', true)], [true, true, true, false, true, false, true]);
  assert.equal(filterOf('', true)({ kind: 'command' }), false);
});

test('each app has a letter of its own', () => {
  assert.deepEqual([...lettersOf(['support', 'sales', 'ss', 'inbox'])], [['support', 'S'], ['sales', 'A'], ['ss', '3'], ['inbox', 'I']]);
});

test('lengths of time, secrets and sentences are short', () => {
  assert.deepEqual([duration(250), duration(93_600_000), duration(-61_000), masked('EAAsecret')], ['250 ms', '1 d 2 h', '−1 min 1 s', 'EAAs••••••••']);
  assert.equal(sentence('sales POST messages: sends {"attachments":[{}]} to alice  (send.owner)'), 'sales sends something to alice');
});

test('a curl command can hold any text', () => {
  assert.equal(curl('POST', 'http://127.0.0.1/a?b=c', { host: 'x', 'x-a': "it's" }, '{"a":1}'), `curl -X POST 'http://127.0.0.1/a?b=c' -H 'x-a: it'\\''s' --data-binary '{"a":1}'`);
});
