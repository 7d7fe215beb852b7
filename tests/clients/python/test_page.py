"""The page, its people and the apps that it tells."""

from facebook_business.adobjects.application import Application
from facebook_business.adobjects.user import User

from case import ALICE, BOT_ID, PAGE_ID, Case


class ThePage(Case):
    def test_its_fields(self):
        page = self.bot.api_get(fields=["id", "name"])
        self.assertEqual((page["id"], page["name"]), (PAGE_ID, "shop"))

    def test_its_routing(self):
        status = self.bot.api_get(fields=["messaging_feature_status"])["messaging_feature_status"]
        self.assertEqual(dict(status), {"hop_v2": False, "msgr_multi_app": True, "ig_multi_app": False})

    def test_a_person(self):
        person = User(ALICE, api=self.bot.get_api()).api_get(fields=["first_name", "last_name"])
        self.assertEqual((person["first_name"], person["last_name"]), ("Alice", "Archer"))

    def test_what_has_not_changed_is_not_sent_again(self):
        api = self.bot.get_api()
        first = api.call("GET", (PAGE_ID,), params={"fields": "name"})
        again = api.call("GET", (PAGE_ID,), params={"fields": "name"}, headers={"If-None-Match": first.etag()})
        self.assertEqual((again.status(), again.body()), (304, ""))

    def test_a_field_that_is_none(self):
        page = self.bot
        error = self.refused(lambda params: page.api_get(fields=["no_such_field"]))
        self.assertEqual(error.api_error_code(), 100)
        self.assertIn("nonexisting field", error.api_error_message())


class Subscriptions(Case):
    def subscribed(self):
        return {app["id"]: app["subscribed_fields"] for app in self.bot.get_subscribed_apps()}

    def test_of_the_page(self):
        fields = ["messages", "messaging_postbacks", "messaging_handovers", "standby"]
        self.done(self.bot.create_subscribed_app(params={"subscribed_fields": fields}))
        self.assertEqual(sorted(self.subscribed()[BOT_ID]), sorted(fields))
        self.bot.delete_subscribed_apps()
        self.assertNotIn(BOT_ID, self.subscribed())

    def test_of_the_app(self):
        app = Application(BOT_ID, api=self.api_of("bot", token="1001|bot-secret"))
        wanted = {"object": "page", "callback_url": self.graphdouble.webhook_url, "verify_token": "open-sesame"}
        app.create_subscription(params={**wanted, "fields": ["messages", "messaging_postbacks"]})
        [subscription] = app.get_subscriptions()
        self.assertEqual(subscription["callback_url"], self.graphdouble.webhook_url)
        self.assertIs(subscription["active"], True)
