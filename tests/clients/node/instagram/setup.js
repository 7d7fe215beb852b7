// What the tests of instagram-graph-api-sdk share: its client with the token of `dm`, and a conversation that alice has begun.
import assert from 'node:assert/strict';
import { after, beforeEach } from 'node:test';
import { fileURLToPath } from 'node:url';

import { InstagramClient, InstagramWebhooks } from 'instagram-graph-api-sdk';

import { startGraphdouble } from '../graphdouble.js';

export const ACCOUNT_ID = '17841400000002001';
export const ALICE = '900000000003001';
export const META_SECRET = 'dm-secret';
export const SECRET = 'dm-instagram-secret'; // of the same app at Instagram, which signs for accounts with Instagram Login

const WORLD = fileURLToPath(new URL('../../world-instagram.yaml', import.meta.url));

export const graphdouble = await startGraphdouble(after, WORLD);
beforeEach(async () => {
  await graphdouble.reset();
  await step({ user: 'alice', says: 'Hi' });
});

export function clientWith(accessToken) {
  const client = new InstagramClient({ accessToken });
  client.http.client.defaults.baseURL = `${graphdouble.url}/${client.getApiVersion()}`;
  return client;
}

export const client = clientWith('IGAAdm');

// Performs a step on the account, and answers what the package reads of the webhooks that it caused. Left out are echoes, for that of a call
// before it may come meanwhile, and the edits that say nothing, which come beside messages.
export async function step(does) {
  graphdouble.webhook.received.length = 0;
  await graphdouble.step({ on: 'instagram', ...does });
  return webhooks().filter(({ messaging, standby }) => {
    const { message, message_edit } = (messaging ?? standby)?.[0] ?? {};
    return !message?.is_echo && message_edit?.num_edit !== 0;
  });
}

// The entries of the webhooks that came. Each is signed with the secret that the app has at Instagram.
export function webhooks() {
  return graphdouble.webhook.received.flatMap(({ headers, body }) => {
    assert.ok(InstagramWebhooks.verifySignature(body, headers['x-hub-signature-256'], SECRET));
    assert.ok(!InstagramWebhooks.verifySignature(body, headers['x-hub-signature-256'], META_SECRET));
    return InstagramWebhooks.parsePayload(JSON.parse(body)).entry;
  });
}

export const lastSent = () => graphdouble.lastSent('alice', 'shop_ig');
