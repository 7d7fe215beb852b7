"""Whom the page shuts out."""

from case import ALICE, Case


class Moderation(Case):
    def test_moderation(self):
        params = {"user_ids": [{"id": ALICE}], "actions": ["BLOCK_USER"]}
        self.bot.create_moderate_conversation(params=params)
        error = self.refused(self.bot.create_message, recipient={"id": ALICE}, message={"text": "Hello!"})
        self.assertEqual(error.http_status(), 400)
        self.bot.create_moderate_conversation(params={**params, "actions": ["UNBLOCK_USER"]})

    def test_the_list_of_the_blocked(self):
        self.bot.create_blocked(params={"psid": [ALICE]})
        self.assertEqual([person["id"] for person in self.bot.get_blocked()], [ALICE])
        self.bot.delete_blocked(params={"psid": ALICE})
        self.assertEqual(list(self.bot.get_blocked()), [])
