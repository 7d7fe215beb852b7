"""Notification messages and utility messages, as the package asks for them."""

from case import ALICE, Case


class Templates(Case):
    def asks(self, title):
        payload = {"template_type": "notification_messages", "title": title, "payload": "NEWS"}
        message = {"attachment": {"type": "template", "payload": payload}}
        self.bot.create_message(params={"recipient": {"id": ALICE}, "message": message})

    def test_the_token_of_an_opt_in_is_listed_and_good(self):
        self.asks("News of bread")
        self.graphdouble.step(user="alice", opts_in={"to": "News of bread"})
        (token,) = self.bot.get_notification_message_tokens(fields=["topic_title", "recipient_id", "notification_messages_token"])
        self.assertEqual((token["topic_title"], token["recipient_id"]), ("News of bread", ALICE))
        recipient = {"notification_messages_token": token["notification_messages_token"]}
        sent = self.bot.create_message(params={"recipient": recipient, "message": {"text": "Fresh rye"}})
        self.assertEqual(sent["recipient_id"], ALICE)

    def test_a_template_is_written_sent_and_deleted(self):
        body = {"type": "BODY", "text": "Order {{1}} is ready", "example": {"body_text": [["7"]]}}
        template = {"name": "ready", "language": "en", "category": "UTILITY", "components": [body]}
        made = self.bot.create_message_template(params=template)
        (listed,) = self.bot.get_message_templates(fields=["name", "status"])
        self.assertEqual((listed["id"], listed["status"]), (made["id"], "APPROVED"))
        filled = {"type": "body", "parameters": [{"type": "text", "text": "8"}]}
        message = {"template": {"name": "ready", "language": {"code": "en"}, "components": [filled]}}
        self.bot.create_message(params={"recipient": {"id": ALICE}, "messaging_type": "UTILITY", "message": message})
        self.done(self.bot.delete_message_templates(params={"name": "ready"}))
        self.assertEqual(list(self.bot.get_message_templates()), [])
