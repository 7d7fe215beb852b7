"""What the tests of facebook-business share: its API of each app, and a conversation that alice has begun with the bot."""

import unittest

from facebook_business.adobjects.page import Page
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from graphdouble import Graphdouble

ALICE = "3001"
BOB = "3002"
BOT_ID = "1001"
DESK_ID = "1002"
INBOX_ID = "263902037430900"
PAGE_ID = "2001"
SECRETS = {"bot": (BOT_ID, "bot-secret"), "desk": (DESK_ID, "desk-secret")}


class Case(unittest.TestCase):
    world = "world.yaml"

    @classmethod
    def setUpClass(cls):
        cls.graphdouble = Graphdouble(cls.world)

    @classmethod
    def tearDownClass(cls):
        cls.graphdouble.stop()

    def setUp(self):
        self.graphdouble.reset()
        self.graphdouble.step(user="alice", says="Hi")
        self.bot = self.page_of("bot")
        self.desk = self.page_of("desk")

    def api_of(self, app, token=None, secret=None):
        app_id, app_secret = SECRETS[app]
        session = FacebookSession(app_id, secret or app_secret, token or f"EAA{app}")  # with a proof on every call
        session.GRAPH = self.graphdouble.url  # instead of https://graph.facebook.com
        self.addCleanup(session.requests.close)
        return FacebookAdsApi(session)

    def page_of(self, app, **options):
        return Page(PAGE_ID, api=self.api_of(app, **options))

    def done(self, answer):
        """Of `{"success": true}` the package leaves nothing; had it been false, it had raised."""
        self.assertEqual(answer.export_all_data(), {})

    def refused(self, call, **params):
        with self.assertRaises(FacebookRequestError) as caught:
            call(params=params)
        return caught.exception
