// What messaging-api-messenger learns of its own token.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { setup } from './setup.js';

const { clientOf } = await setup();

test('debugToken', async () => {
  // With a proof it would prove its page token, beside the token of the app that it calls with.
  const token = await clientOf('bot', { skipAppSecretProof: true }).debugToken();
  assert.equal(token.appId, '1001');
  assert.equal(token.isValid, true);
  assert.equal(token.type, 'PAGE');
  assert.equal(token.profileId, '2001');
  assert.ok(token.scopes.includes('pages_messaging'));
});
