"""Several calls in one."""

from facebook_business.adobjects.page import Page

from case import ALICE, Case


class Batch(Case):
    def setUp(self):
        super().setUp()
        self.batch = self.bot.get_api().new_batch()
        self.told = []

    def call(self, name):
        succeeded = lambda response: self.told.append((name, response.status(), response.json()))
        failed = lambda response: self.told.append((name, response.status(), response.error().api_error_subcode()))
        return {"batch": self.batch, "success": succeeded, "failure": failed}

    def test_each_call_is_answered(self):
        send = lambda psid, text: self.bot.create_message(
            params={"recipient": {"id": psid}, "message": {"text": text}}, **self.call(text)
        )
        send(ALICE, "one")
        send("999", "nobody")
        self.bot.get_thread_owner(params={"recipient": ALICE}, **self.call("owner"))
        self.bot.api_get(fields=["name"], **self.call("page"))
        self.batch.execute()

        answers = {name: (status, answer) for name, status, answer in self.told}
        self.assertEqual(answers["one"][0], 200)
        self.assertEqual(answers["one"][1]["recipient_id"], ALICE)
        self.assertEqual(answers["nobody"], (400, 2018001))
        self.assertEqual(answers["owner"][1]["data"][0]["thread_owner"]["app_id"], "1001")
        self.assertEqual(answers["page"], (200, {"name": "shop", "id": "2001"}))
        self.assertEqual(self.graphdouble.last_sent("alice"), {"text": "one"})

    def test_a_call_by_hand(self):
        self.batch.add("GET", ("2001",), params={"fields": "id"}, success=lambda response: self.told.append(response.json()))
        self.batch.execute()
        self.assertEqual(self.told, [{"id": "2001"}])
