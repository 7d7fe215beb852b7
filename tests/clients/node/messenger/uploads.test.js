// Files that messaging-api-messenger uploads: from memory, from a file, and by their address.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { ALICE, MID, setup } from './setup.js';

const { bot, graphdouble } = await setup();
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const folder = fs.mkdtempSync(join(tmpdir(), 'graphdouble-upload-'));
const file = join(folder, 'pixel.png');
fs.writeFileSync(file, PIXEL);
after(() => fs.rmSync(folder, { recursive: true }));

describe('an upload', () => {
  const sources = {
    'by its address': () => 'https://shop.example/photo.png',
    'from memory': () => PIXEL,
    'from a file': () => fs.createReadStream(file),
  };
  for (const [from, source] of Object.entries(sources)) {
    test(`uploadAttachment ${from}`, async () => {
      const { attachmentId } = await bot.uploadAttachment('image', source(), { isReusable: true, filename: 'pixel.png' });
      assert.match(attachmentId, /^\d+$/);
      const { messageId } = await bot.sendImage(ALICE, { attachmentId });
      assert.match(messageId, MID);
      assert.equal((await graphdouble.lastSent('alice')).attachments[0].type, 'image');
    });
  }

  for (const [type, filename] of Object.entries({ Audio: 'song.mp3', Image: 'pixel.png', Video: 'film.mp4', File: 'list.pdf' })) {
    test(`upload${type}`, async () => {
      const { attachmentId } = await bot[`upload${type}`]('https://shop.example/thing');
      assert.match(attachmentId, /^\d+$/);
    });
    test(`send${type} from memory`, async () => {
      const { messageId } = await bot[`send${type}`](ALICE, PIXEL, { filename });
      assert.match(messageId, MID);
      assert.equal((await graphdouble.lastSent('alice')).attachments[0].type, type.toLowerCase());
    });
  }

  test('sendImage from a file', async () => {
    const { recipientId, messageId } = await bot.sendImage(ALICE, fs.createReadStream(file));
    assert.deepEqual([recipientId, MID.test(messageId)], [ALICE, true]);
  });

  test('an id of nothing is refused', async () => {
    const error = await bot.sendImage(ALICE, { attachmentId: '42' }).then(assert.fail, (error) => error);
    assert.equal(error.response.data.error.errorSubcode, 2018074);
  });
});
