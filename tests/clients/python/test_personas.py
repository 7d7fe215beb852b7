"""Personas, and lists that go over several pages."""

from facebook_business.adobjects.persona import Persona

from case import ALICE, Case


class Personas(Case):
    def create(self, name):
        picture = "https://shop.example/john.png"
        return self.bot.create_persona(params={"name": name, "profile_picture_url": picture})

    def test_one_is_created_read_and_deleted(self):
        persona = self.create("John")
        read = Persona(persona["id"], api=self.bot.get_api()).api_get(fields=["name", "profile_picture_url"])
        self.assertEqual(read["name"], "John")
        persona.api_delete()
        self.assertEqual(list(self.bot.get_personas()), [])

    def test_the_list_goes_on_over_the_pages(self):
        names = [f"P{number}" for number in range(7)]
        for name in names:
            self.create(name)
        read = self.bot.get_personas(fields=["name"], params={"limit": 3})
        self.assertEqual(sorted(persona["name"] for persona in read), names)

    def test_one_speaks(self):
        params = {"recipient": {"id": ALICE}, "message": {"text": "John here"}, "persona_id": self.create("John")["id"]}
        self.assertEqual(self.bot.create_message(params=params)["recipient_id"], ALICE)
