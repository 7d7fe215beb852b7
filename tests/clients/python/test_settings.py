"""What is set around the page: language understanding, reviews, features."""

from case import Case


class Settings(Case):
    def test_language_understanding(self):
        self.done(self.bot.create_nlp_config(params={"nlp_enabled": True}))

    def test_reviews(self):
        for review in self.bot.get_messaging_feature_review():
            self.assertIn("feature", review)

    def test_features(self):
        self.bot.create_business_messaging_feature_status(params={"features": [{"feature": "hop_v2", "status": "enabled"}]})
