"""The types of the verbs. generate.py makes this file of the schema of a step."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, Protocol, TypedDict

from typing_extensions import Unpack

from .answers import Step

class Named(Protocol):
    """A person, an app or a page, which stands for its name."""
    name: str

Text = str | int | float | bool | Named

UserWords = TypedDict(
    "UserWords",
    {
        "says": Text,
        "sends": Mapping[str, Any],
        "taps_ad": Text,
        "opens_link": Text,
        "gets_started": bool,
        "taps_button": Text,
        "taps_quick_reply": Text,
        "taps_ice_breaker": Text,
        "taps_menu": Text,
        "replies_to": Text,
        "reacts": Text,
        "unreacts": bool,
        "replies_to_story": Mapping[str, Any] | Text,
        "mentions_in_story": bool,
        "shares": Mapping[str, Any] | Literal["post", "reel", "story", "permalink", "comment", "ad", "profile"],
        "about_product": Text,
        "edits": Text,
        "unsends": bool,
        "message": Text,
        "opts_in": Mapping[str, Any],
        "stops_messages": Text,
        "resumes_messages": Text,
        "answers_survey": Mapping[str, Any],
        "opens_coupon": Text,
        "comments": Text,
        "on_post": Text,
        "on_comment": Text,
        "comments_gif": bool,
        "on_media": Text,
        "on_ad": Text,
        "posts": Text,
        "edits_comment": Mapping[str, Any],
        "edits_post": Mapping[str, Any],
        "removes_comment": Text,
        "removes_post": Text,
        "mentions_in_post": Text,
        "mentions_in_comment": Text,
        "opens_login": bool,
        "links_account": Text,
        "unlinks_account": bool,
        "reads": bool,
        "blocks": bool,
        "unblocks": bool,
        "within": str | timedelta,
        "page": Text,
        "on": Text,
        "save": Mapping[str, Any],
    },
    total=False,
)

class UserVerbs:
    def says(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Writes."""
    def sends(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Writes with attachments."""
    def taps_ad(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps an ad."""
    def opens_link(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Opens an m.me link."""
    def gets_started(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Taps Get Started."""
    def taps_button(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps a button that was sent, by its label."""
    def taps_quick_reply(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps a quick reply that was sent, by its label. That for the e-mail address or telephone number has the person's own as label."""
    def taps_ice_breaker(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps an ice breaker of the newest ad, or of the page or account, by its label."""
    def taps_menu(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps an item of the persistent menu, by its label."""
    def reacts(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Reacts to a message: smile, angry, sad, wow, love, like, dislike, or an emoji; on Instagram laugh, angry, sad, wow, love, like, or an emoji. With `on_post` or `on_comment`: like, love, care, haha, wow, sad, angry."""
    def unreacts(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Takes the reaction back."""
    def replies_to_story(self, value: Mapping[str, Any] | Text, /, **beside: Unpack[UserWords]) -> Step:
        """On Instagram: replies to a story of the account with this text."""
    def mentions_in_story(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """On Instagram: mentions the account in a story of their own."""
    def shares(self, value: Mapping[str, Any] | Literal["post", "reel", "story", "permalink", "comment", "ad", "profile"], /, **beside: Unpack[UserWords]) -> Step:
        """On Instagram: shares something in the thread."""
    def edits(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Gives a message of theirs this text."""
    def unsends(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Takes a message of theirs back."""
    def opts_in(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Accepts an opt-in request, or ticks the checkbox plugin of a website. `save: { token: /notification_messages_token }` saves the token."""
    def stops_messages(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Stops the notification messages about a topic. The topic is the title of the request."""
    def resumes_messages(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Resumes the notification messages about a topic."""
    def answers_survey(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Fills in the newest customer feedback template."""
    def opens_coupon(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Looks at the code of a coupon with this title."""
    def comments(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Comments on a post of the page or account. `save: { comment: /comment_id, post: /post_id }` saves the ids."""
    def comments_gif(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """On Instagram: comments with a GIF."""
    def posts(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Writes a post on the page. `save: { post: /post_id }` saves its id."""
    def edits_comment(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Gives their comment another text."""
    def edits_post(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Gives their post another text."""
    def removes_comment(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Removes their comment, which is named by its text or its id."""
    def removes_post(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Removes their post, which is named by its text or its id."""
    def mentions_in_post(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Mentions the page in a post on another page; on Instagram, the account in a caption."""
    def mentions_in_comment(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Mentions the page in a comment on another page; on Instagram, the account in a comment."""
    def opens_login(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Taps Log In. `save: { token: /account_linking_token }` saves the token that the login page gets."""
    def links_account(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Logs in with the Log In button. The value is the authorization_code of the business."""
    def unlinks_account(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Taps Log Out."""
    def reads(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Reads everything."""
    def blocks(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Blocks the page or account."""
    def unblocks(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Unblocks the page or account."""

class AsyncUserVerbs:
    async def says(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Writes."""
    async def sends(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Writes with attachments."""
    async def taps_ad(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps an ad."""
    async def opens_link(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Opens an m.me link."""
    async def gets_started(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Taps Get Started."""
    async def taps_button(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps a button that was sent, by its label."""
    async def taps_quick_reply(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps a quick reply that was sent, by its label. That for the e-mail address or telephone number has the person's own as label."""
    async def taps_ice_breaker(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps an ice breaker of the newest ad, or of the page or account, by its label."""
    async def taps_menu(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Taps an item of the persistent menu, by its label."""
    async def reacts(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Reacts to a message: smile, angry, sad, wow, love, like, dislike, or an emoji; on Instagram laugh, angry, sad, wow, love, like, or an emoji. With `on_post` or `on_comment`: like, love, care, haha, wow, sad, angry."""
    async def unreacts(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Takes the reaction back."""
    async def replies_to_story(self, value: Mapping[str, Any] | Text, /, **beside: Unpack[UserWords]) -> Step:
        """On Instagram: replies to a story of the account with this text."""
    async def mentions_in_story(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """On Instagram: mentions the account in a story of their own."""
    async def shares(self, value: Mapping[str, Any] | Literal["post", "reel", "story", "permalink", "comment", "ad", "profile"], /, **beside: Unpack[UserWords]) -> Step:
        """On Instagram: shares something in the thread."""
    async def edits(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Gives a message of theirs this text."""
    async def unsends(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Takes a message of theirs back."""
    async def opts_in(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Accepts an opt-in request, or ticks the checkbox plugin of a website. `save: { token: /notification_messages_token }` saves the token."""
    async def stops_messages(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Stops the notification messages about a topic. The topic is the title of the request."""
    async def resumes_messages(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Resumes the notification messages about a topic."""
    async def answers_survey(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Fills in the newest customer feedback template."""
    async def opens_coupon(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Looks at the code of a coupon with this title."""
    async def comments(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Comments on a post of the page or account. `save: { comment: /comment_id, post: /post_id }` saves the ids."""
    async def comments_gif(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """On Instagram: comments with a GIF."""
    async def posts(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Writes a post on the page. `save: { post: /post_id }` saves its id."""
    async def edits_comment(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Gives their comment another text."""
    async def edits_post(self, value: Mapping[str, Any], /, **beside: Unpack[UserWords]) -> Step:
        """Gives their post another text."""
    async def removes_comment(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Removes their comment, which is named by its text or its id."""
    async def removes_post(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Removes their post, which is named by its text or its id."""
    async def mentions_in_post(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Mentions the page in a post on another page; on Instagram, the account in a caption."""
    async def mentions_in_comment(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Mentions the page in a comment on another page; on Instagram, the account in a comment."""
    async def opens_login(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Taps Log In. `save: { token: /account_linking_token }` saves the token that the login page gets."""
    async def links_account(self, value: Text, /, **beside: Unpack[UserWords]) -> Step:
        """Logs in with the Log In button. The value is the authorization_code of the business."""
    async def unlinks_account(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Taps Log Out."""
    async def reads(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Reads everything."""
    async def blocks(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Blocks the page or account."""
    async def unblocks(self, value: bool = True, /, **beside: Unpack[UserWords]) -> Step:
        """Unblocks the page or account."""

AppWords = TypedDict(
    "AppWords",
    {
        "sends": Any,
        "passes": Text,
        "releases": bool,
        "takes": bool,
        "requests": bool,
        "extends": str | timedelta,
        "types": bool,
        "marks_seen": bool,
        "stays_silent": str | timedelta,
        "calls": Mapping[str, Any],
        "shows": Literal["messages", "message_echoes", "message_deliveries", "message_reads", "message_reactions", "message_edits", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "messaging_optins", "messaging_optouts", "messaging_account_linking", "messaging_policy_enforcement", "messaging_feedback", "messaging_payments", "messaging_pre_checkouts", "messaging_checkout_updates", "messaging_game_plays", "messaging_appointments", "messaging_customer_information", "messaging_direct_sends", "messaging_fblogin_account_linking", "messaging_in_thread_lead_form_submit", "messaging_integrity", "message_context", "message_mention", "message_template_status_update", "response_feedback", "send_cart", "inbox_labels", "calls", "call_permission_reply", "call_settings_update", "marketing_message_clicks", "marketing_message_deliveries", "marketing_message_delivery_failed", "marketing_message_echoes", "marketing_message_reads", "marketing_messages_subscriber_upload_status", "business_integrity", "user_action", "story_share", "group_feed", "feed", "mention", "leadgen", "conversations", "follow", "messaging_seen", "messaging_referral", "message_edit", "messaging_handover", "comments", "live_comments", "mentions", "story_insights", "story_reactions", "story_poll_response", "share_to_story", "comment_poll_response", "onboarding_welcome_message_series", "creator_marketplace_projects", "creator_marketplace_invited_creator_onboarding", "delta", "all"],
        "tag": Text,
        "thread_control": Any,
        "metadata": Text,
        "refused": Any,
        "response_lost": bool,
        "returns": Any,
        "within": str | timedelta,
        "to": Text,
        "page": Text,
        "on": Text,
        "save": Mapping[str, Any],
    },
    total=False,
)

class AppVerbs:
    def sends(self, value: Any, /, **beside: Unpack[AppWords]) -> Step:
        """Sends: text, or a message of the Send API. Both may have matchers; a puppet says the simplest text that matches."""
    def passes(self, value: Text, /, **beside: Unpack[AppWords]) -> Step:
        """Passes control to an app, or to the default app."""
    def releases(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """Releases control."""
    def takes(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """Takes control."""
    def requests(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """Requests control."""
    def extends(self, value: str | timedelta, /, **beside: Unpack[AppWords]) -> Step:
        """Extends control."""
    def types(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """`true` shows that it types, `false` stops that."""
    def marks_seen(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """Marks the thread as seen."""
    def stays_silent(self, value: str | timedelta, /, **beside: Unpack[AppWords]) -> Step:
        """Sends nothing for this long, in real time. A puppet is always silent."""
    def calls(self, value: Mapping[str, Any], /, **beside: Unpack[AppWords]) -> Step:
        """Makes any Graph call."""
    def shows(self, value: Literal["messages", "message_echoes", "message_deliveries", "message_reads", "message_reactions", "message_edits", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "messaging_optins", "messaging_optouts", "messaging_account_linking", "messaging_policy_enforcement", "messaging_feedback", "messaging_payments", "messaging_pre_checkouts", "messaging_checkout_updates", "messaging_game_plays", "messaging_appointments", "messaging_customer_information", "messaging_direct_sends", "messaging_fblogin_account_linking", "messaging_in_thread_lead_form_submit", "messaging_integrity", "message_context", "message_mention", "message_template_status_update", "response_feedback", "send_cart", "inbox_labels", "calls", "call_permission_reply", "call_settings_update", "marketing_message_clicks", "marketing_message_deliveries", "marketing_message_delivery_failed", "marketing_message_echoes", "marketing_message_reads", "marketing_messages_subscriber_upload_status", "business_integrity", "user_action", "story_share", "group_feed", "feed", "mention", "leadgen", "conversations", "follow", "messaging_seen", "messaging_referral", "message_edit", "messaging_handover", "comments", "live_comments", "mentions", "story_insights", "story_reactions", "story_poll_response", "share_to_story", "comment_poll_response", "onboarding_welcome_message_series", "creator_marketplace_projects", "creator_marketplace_invited_creator_onboarding", "delta", "all"], /, **beside: Unpack[AppWords]) -> Step:
        """Prints the webhooks of this field, or all, that it got since the last acting step, exactly as they are sent."""

class AsyncAppVerbs:
    async def sends(self, value: Any, /, **beside: Unpack[AppWords]) -> Step:
        """Sends: text, or a message of the Send API. Both may have matchers; a puppet says the simplest text that matches."""
    async def passes(self, value: Text, /, **beside: Unpack[AppWords]) -> Step:
        """Passes control to an app, or to the default app."""
    async def releases(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """Releases control."""
    async def takes(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """Takes control."""
    async def requests(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """Requests control."""
    async def extends(self, value: str | timedelta, /, **beside: Unpack[AppWords]) -> Step:
        """Extends control."""
    async def types(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """`true` shows that it types, `false` stops that."""
    async def marks_seen(self, value: bool = True, /, **beside: Unpack[AppWords]) -> Step:
        """Marks the thread as seen."""
    async def stays_silent(self, value: str | timedelta, /, **beside: Unpack[AppWords]) -> Step:
        """Sends nothing for this long, in real time. A puppet is always silent."""
    async def calls(self, value: Mapping[str, Any], /, **beside: Unpack[AppWords]) -> Step:
        """Makes any Graph call."""
    async def shows(self, value: Literal["messages", "message_echoes", "message_deliveries", "message_reads", "message_reactions", "message_edits", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "messaging_optins", "messaging_optouts", "messaging_account_linking", "messaging_policy_enforcement", "messaging_feedback", "messaging_payments", "messaging_pre_checkouts", "messaging_checkout_updates", "messaging_game_plays", "messaging_appointments", "messaging_customer_information", "messaging_direct_sends", "messaging_fblogin_account_linking", "messaging_in_thread_lead_form_submit", "messaging_integrity", "message_context", "message_mention", "message_template_status_update", "response_feedback", "send_cart", "inbox_labels", "calls", "call_permission_reply", "call_settings_update", "marketing_message_clicks", "marketing_message_deliveries", "marketing_message_delivery_failed", "marketing_message_echoes", "marketing_message_reads", "marketing_messages_subscriber_upload_status", "business_integrity", "user_action", "story_share", "group_feed", "feed", "mention", "leadgen", "conversations", "follow", "messaging_seen", "messaging_referral", "message_edit", "messaging_handover", "comments", "live_comments", "mentions", "story_insights", "story_reactions", "story_poll_response", "share_to_story", "comment_poll_response", "onboarding_welcome_message_series", "creator_marketplace_projects", "creator_marketplace_invited_creator_onboarding", "delta", "all"], /, **beside: Unpack[AppWords]) -> Step:
        """Prints the webhooks of this field, or all, that it got since the last acting step, exactly as they are sent."""

AdminWords = TypedDict(
    "AdminWords",
    {
        "sets_default_app": Text,
        "sets_primary": Text,
        "sets_standby": Mapping[str, Any],
        "sets_take_control": Mapping[str, Any],
        "sets_link": Mapping[str, Any],
        "sets_social": Text,
        "connects_app": Text,
        "disconnects_app": Text,
        "sets_handover_apis": Literal["allowed", "blocked"],
        "sets_message_access": Literal["on", "off"],
        "expires_token": Text,
        "revokes_token": Mapping[str, Any],
        "grants": Mapping[str, Any],
        "withdraws": Mapping[str, Any],
        "publishes_app": Text,
        "unpublishes_app": Text,
        "issues_code": Mapping[str, Any],
        "logs_in": Text,
        "posts": Text,
        "edits_post": Mapping[str, Any],
        "removes_post": Text,
        "removes_comment": Text,
        "comments": Mapping[str, Any] | Text,
        "story_ends": Mapping[str, Any],
        "ends_broadcast": Text,
        "presses_test": Literal["messages", "message_echoes", "message_deliveries", "message_reads", "message_reactions", "message_edits", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "messaging_optins", "messaging_optouts", "messaging_account_linking", "messaging_policy_enforcement", "messaging_feedback", "messaging_payments", "messaging_pre_checkouts", "messaging_checkout_updates", "messaging_game_plays", "messaging_appointments", "messaging_customer_information", "messaging_direct_sends", "messaging_fblogin_account_linking", "messaging_in_thread_lead_form_submit", "messaging_integrity", "message_context", "message_mention", "message_template_status_update", "response_feedback", "send_cart", "inbox_labels", "calls", "call_permission_reply", "call_settings_update", "marketing_message_clicks", "marketing_message_deliveries", "marketing_message_delivery_failed", "marketing_message_echoes", "marketing_message_reads", "marketing_messages_subscriber_upload_status", "business_integrity", "user_action", "story_share", "group_feed", "feed", "mention", "leadgen", "conversations", "follow", "messaging_seen", "messaging_referral", "message_edit", "messaging_handover", "comments", "live_comments", "mentions", "story_insights", "story_reactions", "story_poll_response", "share_to_story", "comment_poll_response", "onboarding_welcome_message_series", "creator_marketplace_projects", "creator_marketplace_invited_creator_onboarding", "delta"],
        "save": Mapping[str, Any],
    },
    total=False,
)

class AdminVerbs:
    def sets_default_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Chooses the default app."""
    def sets_primary(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Chooses the primary receiver of the Handover Protocol."""
    def sets_standby(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Sets standby toggles, by app."""
    def sets_take_control(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Sets "Take control of conversations" toggles, by app."""
    def sets_link(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Sets the apps to which links lead."""
    def sets_social(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Sets the social/organic route."""
    def connects_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Connects an app. It subscribes to no webhook field before it calls subscribed_apps."""
    def disconnects_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Disconnects an app."""
    def sets_handover_apis(self, value: Literal["allowed", "blocked"], /, **beside: Unpack[AdminWords]) -> Step:
        """Blocks the calls of the Handover Protocol, as Meta announced, or allows them."""
    def sets_message_access(self, value: Literal["on", "off"], /, **beside: Unpack[AdminWords]) -> Step:
        """Turns the switch "Allow access to messages" of an Instagram account."""
    def expires_token(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Makes an app's page token expire."""
    def revokes_token(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Ends an app's page token early, for a reason. Other tokens of the user who made it may end for the same reason."""
    def grants(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Grants permissions to apps."""
    def withdraws(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Takes permissions back from apps."""
    def publishes_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Publishes an app that was in development."""
    def unpublishes_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Takes a published app back into development."""
    def issues_code(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """A user logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it."""
    def logs_in(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """The owner of an Instagram account logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it."""
    def posts(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Writes a post as the page. `save: { post: /post_id }` saves its id."""
    def edits_post(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Gives a post of the page another text."""
    def removes_post(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Removes a post of the page or of a visitor, which is named by its text or its id."""
    def removes_comment(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Removes a comment, which is named by its text or its id."""
    def comments(self, value: Mapping[str, Any] | Text, /, **beside: Unpack[AdminWords]) -> Step:
        """On Instagram: comments as the account."""
    def story_ends(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """On Instagram: the account's story ends, and apps get its story_insights. Numbers below 5 are written as -1."""
    def ends_broadcast(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """On Instagram: ends a live broadcast, `live` or one that the world declares. Nobody comments on it any more, and its comments are not answered in private."""
    def presses_test(self, value: Literal["messages", "message_echoes", "message_deliveries", "message_reads", "message_reactions", "message_edits", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "messaging_optins", "messaging_optouts", "messaging_account_linking", "messaging_policy_enforcement", "messaging_feedback", "messaging_payments", "messaging_pre_checkouts", "messaging_checkout_updates", "messaging_game_plays", "messaging_appointments", "messaging_customer_information", "messaging_direct_sends", "messaging_fblogin_account_linking", "messaging_in_thread_lead_form_submit", "messaging_integrity", "message_context", "message_mention", "message_template_status_update", "response_feedback", "send_cart", "inbox_labels", "calls", "call_permission_reply", "call_settings_update", "marketing_message_clicks", "marketing_message_deliveries", "marketing_message_delivery_failed", "marketing_message_echoes", "marketing_message_reads", "marketing_messages_subscriber_upload_status", "business_integrity", "user_action", "story_share", "group_feed", "feed", "mention", "leadgen", "conversations", "follow", "messaging_seen", "messaging_referral", "message_edit", "messaging_handover", "comments", "live_comments", "mentions", "story_insights", "story_reactions", "story_poll_response", "share_to_story", "comment_poll_response", "onboarding_welcome_message_series", "creator_marketplace_projects", "creator_marketplace_invited_creator_onboarding", "delta"], /, **beside: Unpack[AdminWords]) -> Step:
        """Presses the Test button of a webhook field in the dashboard. Every app of the page or account gets the example."""

class AsyncAdminVerbs:
    async def sets_default_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Chooses the default app."""
    async def sets_primary(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Chooses the primary receiver of the Handover Protocol."""
    async def sets_standby(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Sets standby toggles, by app."""
    async def sets_take_control(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Sets "Take control of conversations" toggles, by app."""
    async def sets_link(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Sets the apps to which links lead."""
    async def sets_social(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Sets the social/organic route."""
    async def connects_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Connects an app. It subscribes to no webhook field before it calls subscribed_apps."""
    async def disconnects_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Disconnects an app."""
    async def sets_handover_apis(self, value: Literal["allowed", "blocked"], /, **beside: Unpack[AdminWords]) -> Step:
        """Blocks the calls of the Handover Protocol, as Meta announced, or allows them."""
    async def sets_message_access(self, value: Literal["on", "off"], /, **beside: Unpack[AdminWords]) -> Step:
        """Turns the switch "Allow access to messages" of an Instagram account."""
    async def expires_token(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Makes an app's page token expire."""
    async def revokes_token(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Ends an app's page token early, for a reason. Other tokens of the user who made it may end for the same reason."""
    async def grants(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Grants permissions to apps."""
    async def withdraws(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Takes permissions back from apps."""
    async def publishes_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Publishes an app that was in development."""
    async def unpublishes_app(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Takes a published app back into development."""
    async def issues_code(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """A user logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it."""
    async def logs_in(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """The owner of an Instagram account logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it."""
    async def posts(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Writes a post as the page. `save: { post: /post_id }` saves its id."""
    async def edits_post(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """Gives a post of the page another text."""
    async def removes_post(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Removes a post of the page or of a visitor, which is named by its text or its id."""
    async def removes_comment(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """Removes a comment, which is named by its text or its id."""
    async def comments(self, value: Mapping[str, Any] | Text, /, **beside: Unpack[AdminWords]) -> Step:
        """On Instagram: comments as the account."""
    async def story_ends(self, value: Mapping[str, Any], /, **beside: Unpack[AdminWords]) -> Step:
        """On Instagram: the account's story ends, and apps get its story_insights. Numbers below 5 are written as -1."""
    async def ends_broadcast(self, value: Text, /, **beside: Unpack[AdminWords]) -> Step:
        """On Instagram: ends a live broadcast, `live` or one that the world declares. Nobody comments on it any more, and its comments are not answered in private."""
    async def presses_test(self, value: Literal["messages", "message_echoes", "message_deliveries", "message_reads", "message_reactions", "message_edits", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "messaging_optins", "messaging_optouts", "messaging_account_linking", "messaging_policy_enforcement", "messaging_feedback", "messaging_payments", "messaging_pre_checkouts", "messaging_checkout_updates", "messaging_game_plays", "messaging_appointments", "messaging_customer_information", "messaging_direct_sends", "messaging_fblogin_account_linking", "messaging_in_thread_lead_form_submit", "messaging_integrity", "message_context", "message_mention", "message_template_status_update", "response_feedback", "send_cart", "inbox_labels", "calls", "call_permission_reply", "call_settings_update", "marketing_message_clicks", "marketing_message_deliveries", "marketing_message_delivery_failed", "marketing_message_echoes", "marketing_message_reads", "marketing_messages_subscriber_upload_status", "business_integrity", "user_action", "story_share", "group_feed", "feed", "mention", "leadgen", "conversations", "follow", "messaging_seen", "messaging_referral", "message_edit", "messaging_handover", "comments", "live_comments", "mentions", "story_insights", "story_reactions", "story_poll_response", "share_to_story", "comment_poll_response", "onboarding_welcome_message_series", "creator_marketplace_projects", "creator_marketplace_invited_creator_onboarding", "delta"], /, **beside: Unpack[AdminWords]) -> Step:
        """Presses the Test button of a webhook field in the dashboard. Every app of the page or account gets the example."""

InboxWords = TypedDict(
    "InboxWords",
    {
        "replies": Text,
        "from_": Literal["business_suite", "instagram_app"],
        "moves_to_main": bool,
        "moves_to_done": bool,
        "to": Text,
    },
    total=False,
)

class InboxVerbs:
    def replies(self, value: Text, /, **beside: Unpack[InboxWords]) -> Step:
        """Answers the person."""
    def moves_to_main(self, value: bool = True, /, **beside: Unpack[InboxWords]) -> Step:
        """Moves the thread to Main."""
    def moves_to_done(self, value: bool = True, /, **beside: Unpack[InboxWords]) -> Step:
        """Moves the thread to Done."""

class AsyncInboxVerbs:
    async def replies(self, value: Text, /, **beside: Unpack[InboxWords]) -> Step:
        """Answers the person."""
    async def moves_to_main(self, value: bool = True, /, **beside: Unpack[InboxWords]) -> Step:
        """Moves the thread to Main."""
    async def moves_to_done(self, value: bool = True, /, **beside: Unpack[InboxWords]) -> Step:
        """Moves the thread to Done."""
