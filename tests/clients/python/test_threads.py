"""Who owns a thread, told and changed."""

from case import ALICE, DESK_ID, Case

TO_ALICE = {"recipient": {"id": ALICE}}


class Threads(Case):
    def owner_told(self):
        owners = list(self.bot.get_thread_owner(params={"recipient": ALICE}))
        return owners[0]["thread_owner"]["app_id"] if owners else None

    def test_the_owner(self):
        self.assertEqual(self.owner_told(), "1001")

    def test_pass(self):
        answer = self.bot.create_pass_thread_control(params={**TO_ALICE, "target_app_id": DESK_ID, "metadata": "a person"})
        self.done(answer)
        self.assertEqual((self.owner_told(), self.graphdouble.owner("alice")), (DESK_ID, "desk"))

    def test_release(self):
        self.bot.create_pass_thread_control(params={**TO_ALICE, "target_app_id": DESK_ID})
        answer = self.desk.create_release_thread_control(params=TO_ALICE)
        self.done(answer)
        self.assertEqual(self.graphdouble.owner("alice"), "bot")

    def test_extend(self):
        self.bot.create_pass_thread_control(params={**TO_ALICE, "target_app_id": DESK_ID})
        answer = self.desk.create_extend_thread_control(params={**TO_ALICE, "duration": 2 * 24 * 60 * 60})
        self.done(answer)


class Handover(Case):
    world = "world-handover.yaml"

    def test_request_and_take(self):
        self.done(self.desk.create_request_thread_control(params={**TO_ALICE, "metadata": "let me"}))
        self.bot.create_pass_thread_control(params={**TO_ALICE, "target_app_id": DESK_ID})
        self.done(self.bot.create_take_thread_control(params=TO_ALICE))
        self.assertEqual(self.graphdouble.owner("alice"), "bot")
