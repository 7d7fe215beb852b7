"""Messages, sender actions and the errors about them."""

from case import ALICE, Case


class Messages(Case):
    def send(self, **params):
        return self.bot.create_message(params={"recipient": {"id": ALICE}, **params})

    def test_a_text(self):
        cursor = self.graphdouble.cursor()
        answer = self.send(message={"text": "Grüß Gott / 100%"}, messaging_type="RESPONSE")
        self.assertEqual(answer["recipient_id"], ALICE)
        self.assertRegex(answer["message_id"], r"^m_[\w-]{86}$")
        self.assertEqual(self.graphdouble.last_sent("alice"), {"text": "Grüß Gott / 100%"})
        self.assertEqual(self.graphdouble.calls(cursor), ["POST /v26.0/2001/messages 200"])

    def test_a_template(self):
        button = {"type": "postback", "title": "Order", "payload": "ORDER"}
        payload = {"template_type": "button", "text": "What now?", "buttons": [button]}
        self.send(message={"attachment": {"type": "template", "payload": payload}})
        self.graphdouble.step(user="alice", taps_button="Order")

    def test_quick_replies(self):
        reply = {"content_type": "text", "title": "Red", "payload": "RED"}
        self.send(message={"text": "Which?", "quick_replies": [reply]})
        self.graphdouble.step(user="alice", taps_quick_reply="Red")

    def test_sender_actions_in_capitals(self):
        for action in ("TYPING_ON", "TYPING_OFF", "MARK_SEEN"):
            answer = self.send(sender_action=action)
            self.assertEqual(answer.export_all_data(), {"recipient_id": ALICE})

    def test_a_reaction(self):
        mid = self.graphdouble.step(user="alice", says="Thanks")["answer"]["mid"]
        answer = self.send(sender_action="REACT", payload={"message_id": mid, "reaction": "love"})
        self.assertEqual(answer["recipient_id"], ALICE)

    def test_a_pass_within_a_message(self):
        self.send(message={"text": "One moment"}, thread_control={"app_id": "1002", "control_type": "pass"})
        self.assertEqual(self.graphdouble.owner("alice"), "desk")

    def test_a_refusal_tells_its_numbers(self):
        error = self.refused(self.desk.create_message, recipient={"id": ALICE}, message={"text": "Me too"})
        self.assertEqual(error.http_status(), 400)
        self.assertEqual((error.api_error_code(), error.api_error_subcode()), (10, 2018300))
        self.assertEqual(error.api_error_type(), "OAuthException")
        self.assertIn("another app is controlling this thread now", error.api_error_message())
        self.assertFalse(error.api_transient_error())

    def test_the_window_closes_and_a_tag_opens_it(self):
        self.graphdouble.control("/clock", {"advance": "+25h"})
        error = self.refused(self.bot.create_message, recipient={"id": ALICE}, message={"text": "Still there?"})
        self.assertEqual(error.api_error_code(), 10)
        self.send(message={"text": "Still there?"}, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")

    def test_the_proof_is_checked(self):
        stranger = self.page_of("bot", secret="guessed")
        error = self.refused(stranger.create_message, recipient={"id": ALICE}, message={"text": "Hello!"})
        self.assertEqual(error.api_error_code(), 100)
        self.assertIn("appsecret_proof", error.api_error_message())

    def test_a_token_of_nobody(self):
        stranger = self.page_of("bot", token="EAAnobody")
        error = self.refused(stranger.create_message, recipient={"id": ALICE}, message={"text": "Hello!"})
        self.assertEqual((error.http_status(), error.api_error_code()), (400, 190))
