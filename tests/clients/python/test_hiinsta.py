"""hiinsta: it calls graph.instagram.com with an Instagram user token, and reads the webhooks of an account."""

import json
import sys
import unittest
from unittest.mock import patch

from hiinsta import InstagramMessenger, verify_signature, verify_subscription
from hiinsta.types.exeptions import InstagramApiException

from graphdouble import Graphdouble

ACCOUNT_ID = "17841400000002001"
ALICE = "900000000003001"
BOB = "900000000003002"
# The secrets of the same app: at Meta, and at Instagram, which signs for accounts with Instagram Login.
META_SECRET = "dm-secret"
SECRET = "dm-instagram-secret"
PHOTO = "https://shop.example/photo.png"


class HiinstaCase(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.graphdouble = Graphdouble("world-instagram.yaml")
        # The package has the host in a constant of its module, which its class of the same name hides.
        cls.host = patch.object(sys.modules["hiinsta.InstagramMessenger"], "INSTAGRAM_BASE_URL", cls.graphdouble.url)
        cls.host.start()

    @classmethod
    def tearDownClass(cls):
        cls.host.stop()
        cls.graphdouble.stop()

    def setUp(self):
        self.graphdouble.reset()
        self.messenger = InstagramMessenger(access_token="IGAAdm")

    def step(self, **step):
        """Performs a step. Its webhooks are read as by `items`."""
        self.graphdouble.received.clear()
        self.graphdouble.step(**step)
        return self.items()

    def items(self):
        """What the package reads of the webhooks that came, each as an item and whether it is standby. The edits that say nothing,
        which come beside messages, are left out."""
        items = [item for update in self.updates() for item in update.iter_messaging()]
        return [(item, standby) for item, standby in items if item.message_edit is None or item.message_edit.num_edit != "0"]

    def updates(self):
        """The webhooks that came, as the package reads them. All are signed with the secret that the app has at Instagram."""
        for headers, body in self.graphdouble.received:
            self.assertTrue(verify_signature(SECRET, body, headers["X-Hub-Signature-256"]))
            self.assertFalse(verify_signature(META_SECRET, body, headers["X-Hub-Signature-256"]))
            update = InstagramMessenger.process_payload(json.loads(body))
            self.assertEqual((update.object, update.entry[0].id), ("instagram", ACCOUNT_ID))
            yield update


class Sending(HiinstaCase):
    def setUp(self):
        super().setUp()
        self.graphdouble.step(user="alice", on="instagram", says="Hi")

    async def refused(self, call):
        with self.assertRaises(InstagramApiException) as caught:
            await call
        return caught.exception

    async def test_a_text(self):
        cursor = self.graphdouble.cursor()
        mid = await self.messenger.send_text("Grüß Gott", ALICE)
        self.assertTrue(mid.startswith("aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE"), mid)
        self.assertEqual(self.graphdouble.last_sent("alice", on="shop_ig"), {"text": "Grüß Gott"})
        self.assertEqual(self.graphdouble.calls(cursor), ["POST /me/messages 200"])

    async def test_the_echo_of_a_text(self):
        self.graphdouble.received.clear()
        mid = await self.messenger.send_text("Hello!", ALICE)
        self.graphdouble.step(app="dm", on="instagram", sends="Hello!", to="alice")  # has the call already, and its webhooks
        [(item, _)] = self.items()
        message = item.message
        self.assertEqual((message.mid, message.text, message.is_echo, message.app_id), (mid, "Hello!", True, None))
        self.assertEqual((item.sender.id, item.recipient.id), (ACCOUNT_ID, ALICE))

    async def test_media(self):
        for kind in ("image", "video", "audio", "file"):
            await getattr(self.messenger, f"send_{kind}")(PHOTO, ALICE)
            self.assertEqual(self.graphdouble.last_sent("alice", on="shop_ig")["attachments"][0]["type"], kind)

    async def test_a_sender_action_is_done_although_the_package_misses_the_id_of_a_message(self):
        for action in ("send_typing_indicator", "send_read_receipt"):
            error = await self.refused(getattr(self.messenger, action)(ALICE))
            self.assertEqual((error.status_code, error.response_json), (200, {"recipient_id": ALICE}))

    async def test_the_name_of_a_person(self):
        user = await self.messenger.get_user_data(ALICE)
        self.assertEqual((user.id, user.name), (ALICE, "Alice Archer"))
        self.assertTrue(user.username)

    async def test_a_closed_window(self):
        self.graphdouble.control("/clock", {"advance": "+24h1s"})
        error = await self.refused(self.messenger.send_text("Still there?", ALICE))
        self.assertEqual((error.status_code, error.error_code), (403, "10"))
        self.assertEqual(error.response_json["error"]["error_subcode"], 2534022)
        self.assertEqual(error.response_json["error"]["type"], "IGApiException")

    async def test_the_thread_of_another_app(self):
        self.graphdouble.step(app="desk", takes=True, on="instagram", to="alice")
        error = await self.refused(self.messenger.send_text("Me too", ALICE))
        self.assertEqual((error.status_code, error.error_code), (400, "100"))
        self.assertEqual(error.response_json["error"]["error_subcode"], 2534037)
        self.assertFalse(error.message.startswith("(#100)"), error.message)

    async def test_a_token_of_nobody(self):
        error = await self.refused(InstagramMessenger("IGAAnobody").send_text("Hello!", ALICE))
        self.assertEqual(error.error_code, "190")


class Receiving(HiinstaCase):
    def test_a_text(self):
        [(item, standby)] = self.step(user="alice", on="instagram", says="Hi")
        self.assertEqual((item.event_type, item.message.text, standby), ("message", "Hi", False))
        self.assertEqual((item.sender.id, item.recipient.id), (ALICE, ACCOUNT_ID))

    async def test_what_people_do_in_the_thread(self):
        self.graphdouble.step(user="alice", on="instagram", says="Hi")
        mid = await self.messenger.send_text("Hello!", ALICE)
        self.graphdouble.step(app="dm", on="instagram", sends="Hello!", to="alice")
        [(item, _)] = self.step(user="alice", on="instagram", reads=True)
        self.assertEqual((item.event_type, item.read.mid, item.read.watermark), ("read", mid, None))
        [(item, _)] = self.step(user="alice", on="instagram", reacts="love")
        reaction = item.reaction
        self.assertEqual((reaction.mid, reaction.action, reaction.reaction, reaction.emoji), (mid, "react", "love", "\u2764\ufe0f"))
        [(item, _)] = self.step(user="alice", on="instagram", says="How much?", replies_to="Hello!")
        self.assertEqual((item.message.text, item.message.reply_to.mid), ("How much?", mid))
        own = item.message.mid
        [(item, _)] = self.step(user="alice", on="instagram", edits="How many?")
        self.assertEqual((item.event_type, item.message_edit.mid, item.message_edit.text), ("message_edit", own, "How many?"))
        self.assertEqual(item.message_edit.num_edit, "1")
        [(item, _)] = self.step(user="alice", on="instagram", unsends=True)
        self.assertEqual((item.message.mid, item.message.is_deleted, item.message.text), (own, True, None))

    def test_taps(self):
        [(item, _)] = self.step(user="alice", on="instagram", taps_ice_breaker="Do you deliver?")
        self.assertEqual((item.event_type, item.postback.title, item.postback.payload), ("postback", "Do you deliver?", "DELIVERY"))
        [(item, _)] = self.step(user="alice", on="instagram", opens_link="spring")
        referral = item.referral
        self.assertEqual((referral.ref, referral.source, referral.type), ("spring", "SHORTLINK", "OPEN_THREAD"))

    def test_stories(self):
        [(item, _)] = self.step(user="alice", on="instagram", replies_to_story="Love it")
        story = item.message.reply_to.story
        self.assertTrue(item.message.text == "Love it" and story.id and story.url, item)
        [(item, _)] = self.step(user="alice", on="instagram", mentions_in_story=True)
        [mention] = item.message.attachments
        self.assertTrue(mention.is_story_mention and mention.media_url, mention)

    def test_what_people_share(self):
        for kind in ("post", "reel", "story"):
            [(item, _)] = self.step(user="alice", on="instagram", shares=kind)
            [shared] = item.message.attachments
            self.assertTrue(getattr(shared, {"story": "is_story_share"}.get(kind, f"is_shared_{kind}")), shared)
            self.assertTrue(shared.media_url, shared)
            # The package looks for `id` in a post, where Instagram has `ig_post_media_id`.
            self.assertTrue(shared.media_id or (kind == "post" and shared.payload.ig_post_media_id), shared)

    def test_what_has_no_payload(self):
        for kind in ("ephemeral", "like_heart"):
            [(item, _)] = self.step(user="alice", on="instagram", sends={"attachments": [{"type": kind}]})
            [attachment] = item.message.attachments
            self.assertEqual((attachment.type, attachment.payload), (kind, None))
        [(item, _)] = self.step(user="alice", on="instagram", sends={"attachments": [{"type": "gif"}]})
        self.assertEqual((item.message.is_unsupported, item.message.attachments), (True, None))

    def test_a_comment(self):
        self.assertEqual(self.step(user="bob", on="instagram", comments="Is it warm?"), [])
        [update] = self.updates()
        [(entry, field, value)] = update.iter_changes()
        self.assertEqual((field, value.text, value.from_.id, value.media.media_product_type), ("comments", "Is it warm?", BOB, "FEED"))
        self.assertEqual(entry.time, 1772442000)  # in seconds

    def test_the_edit_that_says_nothing(self):
        self.graphdouble.step(user="alice", on="instagram", says="Hi")
        message, edit = (item for update in self.updates() for item, _ in update.iter_messaging())
        self.assertEqual((edit.message_edit.mid, edit.message_edit.num_edit, edit.message_edit.text), (message.message.mid, "0", None))

    def test_the_handshake(self):
        self.graphdouble.control("/apps/dm/webhook/verify", {})
        params = self.graphdouble.handshakes[-1]
        self.assertEqual(verify_subscription(params, "dm-verify"), params["hub.challenge"])
        self.assertIsNone(verify_subscription(params, "another"))

    def test_a_thread_that_another_app_takes_and_gives_back(self):
        self.step(user="alice", on="instagram", says="Hi")
        [(item, standby)] = self.step(app="desk", on="instagram", takes=True, to="alice", metadata="mine")
        self.assertEqual((item.event_type, standby), ("take_thread_control", False))
        control = item.take_thread_control
        self.assertEqual((control.previous_owner_app_id, control.new_owner_app_id, control.metadata), ("1003", "1002", "mine"))
        [(item, standby)] = self.step(user="alice", on="instagram", says="Who are you?")
        self.assertEqual((item.message.text, standby), ("Who are you?", True))
        [(item, standby)] = self.step(app="desk", on="instagram", passes="dm", to="alice", metadata="done")
        self.assertEqual((item.event_type, standby), ("pass_thread_control", False))
        control = item.pass_thread_control
        self.assertEqual((control.previous_owner_app_id, control.new_owner_app_id, control.metadata), ("1002", "1003", "done"))
        self.assertEqual(self.graphdouble.owner("alice", on="shop_ig"), "dm")


if __name__ == "__main__":
    unittest.main()
