"""Conversations and their messages, read over several pages."""

from facebook_business.adobjects.unifiedthread import UnifiedThread

from case import ALICE, PAGE_ID, Case


class Conversations(Case):
    def setUp(self):
        super().setUp()
        self.bot.create_message(params={"recipient": {"id": ALICE}, "message": {"text": "Hello!"}})
        self.graphdouble.step(user="bob", says="Good morning")

    def test_the_list_goes_on_over_the_pages(self):
        threads = list(self.bot.get_conversations(fields=["participants", "updated_time"], params={"limit": 1}))
        people = sorted(thread["participants"]["data"][0]["id"] for thread in threads)
        self.assertEqual(people, ["3001", "3002"])

    def test_threads_are_conversations_too(self):
        ids = lambda threads: [thread["id"] for thread in threads]
        self.assertEqual(ids(self.bot.get_threads()), ids(self.bot.get_conversations()))

    def test_fields_within_fields(self):
        fields = ["participants", "messages{id,message,from,to,created_time}", "is_owner", "can_reply"]
        [thread] = self.bot.get_conversations(fields=fields, params={"user_id": ALICE, "platform": "MESSENGER"})
        self.assertTrue(thread["id"].startswith("t_"))
        self.assertIs(thread["is_owner"], True)
        newest, oldest = thread["messages"]["data"]
        self.assertEqual((newest["message"], oldest["message"]), ("Hello!", "Hi"))
        self.assertEqual(newest["from"]["id"], PAGE_ID)
        self.assertEqual(newest["to"]["data"][0]["id"], ALICE)
        self.assertRegex(newest["created_time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$")

    def test_one_by_its_id(self):
        [thread] = self.bot.get_conversations(params={"user_id": ALICE})
        read = UnifiedThread(thread["id"], api=self.bot.get_api()).api_get(fields=["message_count", "updated_time"])
        self.assertEqual(read["message_count"], 2)

    def test_its_messages(self):
        [thread] = self.bot.get_conversations(params={"user_id": ALICE})
        messages = UnifiedThread(thread["id"], api=self.bot.get_api()).get_messages(fields=["message"], params={"limit": 1})
        self.assertEqual([message["message"] for message in messages], ["Hello!", "Hi"])
