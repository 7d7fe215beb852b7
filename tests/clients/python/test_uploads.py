"""Attachments that are saved and sent again."""

from case import ALICE, Case


class Uploads(Case):
    def test_an_attachment_is_saved_and_sent(self):
        payload = {"url": "https://shop.example/photo.png", "is_reusable": True}
        saved = self.bot.create_message_attachment(params={"message": {"attachment": {"type": "image", "payload": payload}}})
        message = {"attachment": {"type": "image", "payload": {"attachment_id": saved["attachment_id"]}}}
        self.bot.create_message(params={"recipient": {"id": ALICE}, "message": message})
        self.assertEqual(self.graphdouble.last_sent("alice")["attachments"][0]["type"], "image")
