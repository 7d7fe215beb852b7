"""Labels."""

from facebook_business.adobjects.pageusermessagethreadlabel import PageUserMessageThreadLabel
from facebook_business.adobjects.user import User

from case import ALICE, Case


class Labels(Case):
    def labels(self):
        return [label["page_label_name"] for label in self.bot.get_custom_labels(fields=["page_label_name"])]

    def test_one_is_created_put_on_a_person_and_deleted(self):
        created = self.bot.create_custom_label(params={"page_label_name": "regulars"})
        label = PageUserMessageThreadLabel(created["id"], api=self.bot.get_api())
        self.assertEqual(label.api_get(fields=["page_label_name"])["page_label_name"], "regulars")
        self.assertEqual(self.labels(), ["regulars"])
        label.create_label(params={"user": ALICE})
        worn = self.bot.get_api().call("GET", (ALICE, "custom_labels"), params={"fields": "page_label_name"}).json()
        self.assertEqual([item["page_label_name"] for item in worn["data"]], ["regulars"])
        label.delete_label(params={"user": ALICE})
        label.api_delete()
        self.assertEqual(self.labels(), [])
