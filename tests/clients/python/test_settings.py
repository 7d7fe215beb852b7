"""What is set around the page: language understanding, reviews, features."""

from facebook_business.exceptions import FacebookRequestError

from case import Case


class Settings(Case):
    def test_language_understanding(self):
        self.done(self.bot.create_nlp_config(params={"nlp_enabled": False}))
        with self.assertRaisesRegex(FacebookRequestError, "nlp_enabled true is not built yet"):
            self.bot.create_nlp_config(params={"nlp_enabled": True})

    def test_reviews(self):
        for review in self.bot.get_messaging_feature_review():
            self.assertIn("feature", review)

    def test_features(self):
        features = {"features": [{"feature": "hop_v2", "status": "enabled"}]}
        with self.assertRaisesRegex(FacebookRequestError, "the edge business_messaging_feature_status is not built yet"):
            self.bot.create_business_messaging_feature_status(params=features)
