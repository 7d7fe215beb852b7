"""Who administrates the page, the tokens that she gets, and how they end."""

from facebook_business.adobjects.page import Page
from facebook_business.adobjects.user import User

from case import ALICE, BOT_ID, PAGE_ID, Case


class Users(Case):
    world = "world-users.yaml"

    def setUp(self):
        super().setUp()
        self.dora = User("me", api=self.api_of("bot", token="EAAdora"))

    def page_of_hers(self):
        [page] = self.dora.get_accounts(fields=["access_token", "name", "tasks"])
        return page

    def debugged(self, token):
        api = self.api_of("bot", token="1001|bot-secret")
        return api.call("GET", ("debug_token",), params={"input_token": token}).json()["data"]

    def test_herself(self):
        self.assertEqual(self.dora.api_get(fields=["first_name"])["first_name"], "Dora")

    def test_her_pages_come_with_tokens(self):
        page = self.page_of_hers()
        self.assertEqual((page["id"], page["name"]), (PAGE_ID, "shop"))
        self.assertIn("MESSAGING", page["tasks"])
        sender = Page(PAGE_ID, api=self.api_of("bot", token=page["access_token"]))
        answer = sender.create_message(params={"recipient": {"id": ALICE}, "message": {"text": "Hello!"}})
        self.assertEqual(answer["recipient_id"], ALICE)

    def test_tokens_tell_of_themselves(self):
        mine = self.debugged("EAAdora")
        self.assertEqual((mine["type"], mine["app_id"], mine["is_valid"]), ("USER", BOT_ID, True))
        pages = self.debugged("EAAbot")
        self.assertEqual((pages["type"], pages["profile_id"]), ("PAGE", PAGE_ID))

    def test_a_longer_life(self):
        params = {"grant_type": "fb_exchange_token", "client_id": BOT_ID, "client_secret": "bot-secret", "fb_exchange_token": "EAAdora"}
        answer = self.dora.get_api().call("GET", ("oauth", "access_token"), params=params).json()
        self.assertEqual(answer["token_type"], "bearer")
        self.assertTrue(self.debugged(answer["access_token"])["is_valid"])

    def test_a_token_that_has_expired(self):
        self.graphdouble.step(admin="shop", expires_token="bot")
        error = self.refused(self.bot.create_message, recipient={"id": ALICE}, message={"text": "Hello!"})
        self.assertEqual((error.http_status(), error.api_error_code(), error.api_error_subcode()), (400, 190, 463))
