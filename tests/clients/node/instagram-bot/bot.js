// A bot with Instagram Login on instagram-graph-api-sdk, which always calls https://graph.instagram.com.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { InstagramClient, InstagramWebhooks } from 'instagram-graph-api-sdk';

const PORT = 5001;
const SECRET = 'dm-instagram-secret'; // of the app at Instagram, which is not the app secret of Meta

const client = new InstagramClient({ accessToken: 'IGAAdm' });

async function answer({ sender, message }) {
  if (!message?.text || message.is_echo) return;
  await client.messaging.sendTypingIndicator(sender.id);
  await client.messaging.sendText(sender.id, `You said: ${message.text}`);
}

createServer(async (request, response) => {
  const body = await text(request);
  const signature = request.headers['x-hub-signature-256'];
  if (!signature || !InstagramWebhooks.verifySignature(body, signature, SECRET)) {
    response.writeHead(request.method === 'POST' ? 403 : 404).end();
    return;
  }
  response.end('EVENT_RECEIVED');
  // What stands in `standby` is another app's to answer.
  for (const { messaging = [] } of InstagramWebhooks.parsePayload(JSON.parse(body)).entry) {
    for (const item of messaging) await answer(item);
  }
}).listen(PORT, '127.0.0.1');
