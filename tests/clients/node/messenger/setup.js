// What the tests of messaging-api-messenger share: a client of each app, and a conversation that alice has begun with the bot.
import { after, beforeEach } from 'node:test';

import messaging from 'messaging-api-messenger'; // CommonJS, and Node finds no named exports in it

import { startGraphdouble } from '../graphdouble.js';

export const { MessengerBatch, MessengerClient } = messaging;
export const ALICE = '3001';
export const MID = /^m_[\w-]{86}$/;
export const TOKENS = { bot: 'EAAbot', desk: 'EAAdesk' };
const APPS = { bot: { appId: '1001', appSecret: 'bot-secret' }, desk: { appId: '1002', appSecret: 'desk-secret' } };

export async function setup(world) {
  const graphdouble = await startGraphdouble(after, world);
  beforeEach(async () => {
    await graphdouble.reset();
    await graphdouble.step({ user: 'alice', says: 'Hi' });
  });
  const clientOf = (app, options) =>
    new MessengerClient({ accessToken: TOKENS[app], ...APPS[app], origin: graphdouble.url, ...options });
  return { graphdouble, clientOf, bot: clientOf('bot'), desk: clientOf('desk') };
}
