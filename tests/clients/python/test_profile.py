"""The profile of the page, and the menu of one person."""

from case import ALICE, Case

BUTTON = {"type": "postback", "title": "Help", "payload": "HELP"}
MENU = [{"locale": "default", "composer_input_disabled": False, "call_to_actions": [BUTTON]}]


class Profile(Case):
    def profile(self, *fields):
        return {key: value for part in self.bot.get_messenger_profile(fields=fields) for key, value in part.items()}

    def test_it_is_set_read_and_deleted(self):
        wanted = {
            "get_started": {"payload": "START"},
            "persistent_menu": MENU,
            "greeting": [{"locale": "default", "text": "Hello!"}],
            "ice_breakers": [{"call_to_actions": [{"question": "Open?", "payload": "HOURS"}], "locale": "default"}],
            "whitelisted_domains": ["https://shop.example/"],
        }
        self.assertEqual(self.bot.create_messenger_profile(params=wanted)["result"], "success")
        self.assertEqual(self.profile("get_started", "persistent_menu"), {key: wanted[key] for key in ("get_started", "persistent_menu")})
        self.assertEqual(set(self.profile(*wanted)), set(wanted))
        self.bot.delete_messenger_profile(params={"fields": ["PERSISTENT_MENU", "GET_STARTED"]})
        self.assertEqual(self.profile("get_started", "persistent_menu"), {})

    def test_the_platform_is_told_in_capitals(self):
        self.bot.create_messenger_profile(params={"get_started": {"payload": "START"}, "platform": "MESSENGER"})
        self.assertIn("get_started", self.profile("get_started"))

    def test_the_menu_of_one_person(self):
        self.bot.create_messenger_profile(params={"get_started": {"payload": "START"}})
        self.bot.create_custom_user_setting(params={"psid": ALICE, "persistent_menu": MENU})
        [settings] = self.bot.get_custom_user_settings(params={"psid": ALICE})
        self.assertEqual([dict(menu) for menu in settings["user_level_persistent_menu"]], MENU)
        self.bot.delete_custom_user_settings(params={"psid": ALICE, "params": ["PERSISTENT_MENU"]})
