// The Graph API, by a client library from npm, and what the bot does when a call fails.
import { setTimeout as sleep } from 'node:timers/promises';

import messaging from 'messaging-api-messenger'; // CommonJS, and Node finds no named exports in it

const VERSION = '25.0';
const TIMEOUT_MS = 10_000;
// After a failed call: four tries in all. Short, for a person waits for the answer.
const PAUSES_MS = [100, 200, 400];
// Service unavailable; too many calls; too many calls to this API; temporary send failure.
const TRANSIENT_CODES = [2, 4, 613, 1200];
const TEMPORARY_SEND_FAILURE = 1200;

export function createGraph({ pageToken, appSecret, graphUrl }) {
  const client = new messaging.MessengerClient({
    accessToken: pageToken,
    appSecret, // makes the client add appsecret_proof to every call
    origin: graphUrl, // instead of https://graph.facebook.com
    version: VERSION,
  });
  // The client waits for ever by default, and a call that never returns would hold up all later answers to that person.
  client.axios.defaults.timeout = TIMEOUT_MS;
  return {
    setProfile: (profile) => withRetries(() => client.setMessengerProfile(profile)),
    send(psid, { message, thenPass }) {
      // Options become members of the request body, their names in snake case.
      const threadControl = thenPass ? { threadControl: { payload: 'pass_thread_control' } } : {};
      return withRetries(() => client.sendMessage(psid, message, { messagingType: 'RESPONSE', ...threadControl }));
    },
    /** The person's first name; undefined if Meta does not say it, for an answer without it is better than none. */
    async firstName(psid) {
      try {
        return (await client.getUserProfile(psid, { fields: ['first_name'] })).firstName;
      } catch (error) {
        console.error(`no profile of ${psid}: ${explain(error)}`);
        return undefined;
      }
    },
  };
}

async function withRetries(call) {
  for (const pause of PAUSES_MS) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await sleep(pause);
    }
  }
  return call();
}

// Only where Meta has answered: when the connection broke, the message may have been sent, and nobody wants it twice.
function isTransient({ response }) {
  if (!response) return false;
  const refusal = response.data?.error;
  if (!refusal?.code) return response.status >= 500;
  // With a subcode the others are about this message or this person, and trying again makes it worse.
  if (refusal.errorSubcode) return refusal.code === TEMPORARY_SEND_FAILURE;
  return TRANSIENT_CODES.includes(refusal.code);
}

export function explain(error) {
  const refusal = error.response?.data?.error; // the client turns Graph's snake_case into camelCase
  if (!refusal?.code) return error.message;
  return `code ${refusal.code}, subcode ${refusal.errorSubcode ?? 'none'}: ${refusal.message}`;
}
