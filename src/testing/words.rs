//! The words of steps and expectations as methods. `UPDATE_DOCS=1 cargo test --test it test_world` writes this file from the vocabulary.

use serde_json::Value;

use super::test_app::TestApp;
use super::test_step::{TestAdmin, TestCall, TestExpectation, TestInbox, TestUser};

/// Makes a method of each word. A word without a value is `true`.
macro_rules! words {
    ($name:ident: $($word:ident $($value:ident)? => $says:literal)*) => {
        impl<'w> $name<'w> {
            $(words! { @method $word $($value)? => $says })*
        }
    };
    (@method $word:ident => $says:literal) => {
        #[doc = $says]
        pub fn $word(self) -> Self {
            self.with(stringify!($word), true)
        }
    };
    (@method $word:ident value => $says:literal) => {
        #[doc = $says]
        pub fn $word(self, value: impl Into<Value>) -> Self {
            self.with(stringify!($word), value)
        }
    };
}

words! {
    TestUser:
    says value => "Writes."
    sends value => "Writes with attachments."
    taps_ad value => "Taps an ad."
    opens_link value => "Opens an m.me link."
    gets_started => "Taps Get Started."
    taps_button value => "Taps a button that was sent, by its label."
    taps_quick_reply value => "Taps a quick reply that was sent, by its label. That for the e-mail address or telephone number has the person's own as label."
    taps_ice_breaker value => "Taps an ice breaker of the newest ad, or of the page or account, by its label."
    taps_menu value => "Taps an item of the persistent menu, by its label."
    replies_to value => "With `says` or `sends`: the text of the message that it answers. With `comments`: the comment that it answers, by its text or its id."
    reacts value => "Reacts to a message: smile, angry, sad, wow, love, like, dislike, or an emoji; on Instagram laugh, angry, sad, wow, love, like, or an emoji. With `on_post` or `on_comment`: like, love, care, haha, wow, sad, angry."
    unreacts => "Takes the reaction back."
    replies_to_story value => "On Instagram: replies to a story of the account with this text."
    mentions_in_story => "On Instagram: mentions the account in a story of their own."
    shares value => "On Instagram: shares something in the thread."
    about_product value => "On Instagram, with `says` or `sends`: the id of the product that they ask about."
    edits value => "Gives a message of theirs this text."
    unsends => "Takes a message of theirs back."
    message value => "With `reacts` or `unreacts`: the text of the message; if left out, the last one of the page or account. With `edits` or `unsends`: that of the person's message; if left out, their last one that they have not taken back."
    opts_in value => "Accepts an opt-in request, or ticks the checkbox plugin of a website. `save: { token: /notification_messages_token }` saves the token."
    stops_messages value => "Stops the notification messages about a topic. The topic is the title of the request."
    resumes_messages value => "Resumes the notification messages about a topic."
    answers_survey value => "Fills in the newest customer feedback template."
    opens_coupon value => "Looks at the code of a coupon with this title."
    comments value => "Comments on a post of the page or account. `save: { comment: /comment_id, post: /post_id }` saves the ids."
    on_post value => "With `comments`, `reacts` or `unreacts`: the post, by its text or its id. A comment without it is on the post that each page has from the beginning."
    on_comment value => "With `reacts` or `unreacts`: the comment, by its text or its id."
    comments_gif => "On Instagram: comments with a GIF."
    on_media value => "On Instagram, with `comments` or `comments_gif`: on which media of the account; on its post if left out. Each account has `post`, `reel`, `story` and `live` from the beginning."
    on_ad value => "On Instagram, with `comments` or `comments_gif`: on this ad."
    posts value => "Writes a post on the page. `save: { post: /post_id }` saves its id."
    edits_comment value => "Gives their comment another text."
    edits_post value => "Gives their post another text."
    removes_comment value => "Removes their comment, which is named by its text or its id."
    removes_post value => "Removes their post, which is named by its text or its id."
    mentions_in_post value => "Mentions the page in a post on another page; on Instagram, the account in a caption."
    mentions_in_comment value => "Mentions the page in a comment on another page; on Instagram, the account in a comment."
    opens_login => "Taps Log In. `save: { token: /account_linking_token }` saves the token that the login page gets."
    links_account value => "Logs in with the Log In button. The value is the authorization_code of the business."
    unlinks_account => "Taps Log Out."
    reads => "Reads everything."
    blocks => "Blocks the page or account."
    unblocks => "Unblocks the page or account."
    within value => "How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s."
    page value => "Which page, or which Instagram account, in a world of several."
    on value => "The same as `page`; also `messenger` or `instagram`, if the world has one of that kind."
    save value => "Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`."
}

words! {
    TestApp:
    sends value => "Sends: text, or a message of the Send API. Both may have matchers; a puppet says the simplest text that matches."
    passes value => "Passes control to an app, or to the default app."
    releases => "Releases control."
    takes => "Takes control."
    requests => "Requests control."
    extends value => "Extends control."
    types value => "`true` shows that it types, `false` stops that."
    marks_seen => "Marks the thread as seen."
    stays_silent value => "Sends nothing for this long, in real time. A puppet is always silent."
    calls value => "Makes any Graph call."
    shows value => "Prints the webhooks of this field, or all, that it got since the last acting step, exactly as they are sent."
    tag value => "With `sends`: the message tag."
    thread_control value => "With `sends`: the thread_control parameter."
    metadata value => "With `sends`, `passes`, `takes`, `requests`: the metadata."
    refused value => "The call must fail with an error like this. It may have code, subcode, message, status, and the rule as `because`."
    response_lost => "A fault must keep the answer from the app: no answer comes, or none that can be read."
    returns value => "With `calls`: what the answer must be like, with its HTTP `status`."
    within value => "How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s."
    to value => "The person whose thread it is, in a world of several people."
    page value => "Which page, or which Instagram account, in a world of several."
    on value => "The same as `page`; also `messenger` or `instagram`, if the world has one of that kind."
    save value => "Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`."
}

words! {
    TestAdmin:
    sets_default_app value => "Chooses the default app."
    sets_primary value => "Chooses the primary receiver of the Handover Protocol."
    sets_standby value => "Sets standby toggles, by app."
    sets_take_control value => "Sets \"Take control of conversations\" toggles, by app."
    sets_link value => "Sets the apps to which links lead."
    sets_social value => "Sets the social/organic route."
    connects_app value => "Connects an app. It subscribes to no webhook field before it calls subscribed_apps."
    disconnects_app value => "Disconnects an app."
    sets_handover_apis value => "Blocks the calls of the Handover Protocol, as Meta announced, or allows them."
    sets_message_access value => "Turns the switch \"Allow access to messages\" of an Instagram account."
    expires_token value => "Makes an app's page token expire."
    revokes_token value => "Ends an app's page token early, for a reason. Other tokens of the user who made it may end for the same reason."
    grants value => "Grants permissions to apps."
    withdraws value => "Takes permissions back from apps."
    publishes_app value => "Publishes an app that was in development."
    unpublishes_app value => "Takes a published app back into development."
    issues_code value => "A user logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it."
    logs_in value => "The owner of an Instagram account logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it."
    posts value => "Writes a post as the page. `save: { post: /post_id }` saves its id."
    edits_post value => "Gives a post of the page another text."
    removes_post value => "Removes a post of the page or of a visitor, which is named by its text or its id."
    removes_comment value => "Removes a comment, which is named by its text or its id."
    comments value => "On Instagram: comments as the account."
    story_ends value => "On Instagram: the account's story ends, and apps get its story_insights. Numbers below 5 are written as -1."
    ends_broadcast value => "On Instagram: ends a live broadcast, `live` or one that the world declares. Nobody comments on it any more, and its comments are not answered in private."
    presses_test value => "Presses the Test button of a webhook field in the dashboard. Every app of the page or account gets the example."
    save value => "Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`."
}

words! {
    TestInbox:
    replies value => "Answers the person."
    from value => "With `replies` on an Instagram account: where the answer is typed; `business_suite` if left out."
    moves_to_main => "Moves the thread to Main."
    moves_to_done => "Moves the thread to Done."
    to value => "The person whose thread it is, in a world of several people."
}

words! {
    TestCall:
    returns value => "What the answer must be like: its body, and its `status`."
    page value => "Which page, or which Instagram account, in a world of several."
    on value => "The same as `page`; also `messenger` or `instagram`, if the world has one of that kind."
    save value => "Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`."
}

words! {
    TestExpectation:
    text value => "The text of the message, the comment or the post."
    payload value => "The payload of the button or quick reply."
    title value => "The title of the tapped button."
    referral value => "The referral, wherever in the item it is."
    metadata value => "The metadata of the echo or the hand-over."
    hop_context value => "The hop_context beside the messaging item."
    value value => "The value of a change, as of `feed`."
    body value => "The whole element of `messaging`, `standby` or `changes`."
    because value => "The rule behind it."
    within value => "How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s."
    of value => "The person whose thread it is, in a world of several people."
    page value => "Which page, or which Instagram account, in a world of several."
    on value => "The same as `page`; also `messenger` or `instagram`, if the world has one of that kind."
    save value => "Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`."
}
