//! Every word of world files, scenario files and steps, with its meaning. The check of files, the JSON Schemas, the reference and the
//! suggestions read these tables and nothing else.

use super::names::NameKind;
use super::shape::{Object, ObjectKey, Shape, Tagged};
use crate::domain::model::access::{APP_ROLES, Permission, Task, TokenEnd};
use crate::domain::model::account_media::AccountMedia;
use crate::domain::model::knobs::NativeOwner;
use crate::domain::model::platform::{Login, Platform};
use crate::domain::model::sending_knobs::{HumanAgentRefusal, PrivateReplyOwnership, PrivateReplyTwice, TextLimit};
use crate::engine::fault::{ANY, Breakage, Detour};
use crate::graph::routes::call_words;
use crate::lint;
use crate::wire::Signed;

const fn key(name: &'static str, shape: Shape, doc: &'static str) -> ObjectKey {
    ObjectKey { name, shape, doc, needed: false }
}

const fn needed(name: &'static str, shape: Shape, doc: &'static str) -> ObjectKey {
    ObjectKey { name, shape, doc, needed: true }
}

const PAGE: ObjectKey =
    key("page", Shape::Name(NameKind::Asset), "Which page, or which Instagram account, in a world of several.");
const ON: ObjectKey = key(
    "on",
    Shape::Name(NameKind::Asset),
    "The same as `page`; also `messenger` or `instagram`, if the world has one of that kind.",
);
const TO: ObjectKey =
    key("to", Shape::Name(NameKind::Person), "The person whose thread it is, in a world of several people.");
const SAVE: ObjectKey = key(
    "save",
    Shape::MapOf(None, &Shape::Pointer),
    "Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`.",
);

const WITHIN: ObjectKey = key(
    "within",
    Shape::Duration,
    "How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s.",
);

const EVERY: ObjectKey = key(
    "every",
    Shape::Integer,
    "After the first, it meets every one of this many: 3 means each third. 1 if left out.",
);
const CHANCE: ObjectKey = key(
    "chance",
    Shape::Percent,
    "How likely it is to fire each time. The world's seed decides, so a run can be repeated. The fault is `optional` then.",
);
const OPTIONAL: ObjectKey =
    key("optional", Shape::Bool, "True if the scenario passes even when it fires less often; false if left out.");

/// A world file.
pub static WORLD: Object = Object {
    title: "a world",
    keys: &[
        key("clock", Shape::Moment, "The time at the start."),
        key("seed", Shape::Integer, "Ids, tokens and secrets that the file leaves out are derived from it."),
        key("apps", Shape::MapOf(None, &Shape::Object(&APP)), "The apps, by name. Every world also has the inbox."),
        key("pages", Shape::MapOf(None, &Shape::Object(&PAGE_OBJECT)), "The pages, by name."),
        key("instagram", Shape::MapOf(None, &Shape::Object(&ACCOUNT)), "The Instagram accounts, by name."),
        key("ads", Shape::MapOf(None, &Shape::Object(&AD)), "The Click-to-Message ads, by name."),
        key(
            "people",
            Shape::MapOrScalar(&PEOPLE, &Shape::Word(&["any"])),
            "The people, by name. `any` lets an unknown name in a step be a new person; in a map, `any: true` does.",
        ),
        key("users", Shape::MapOf(None, &Shape::Object(&USER_OBJECT)), "The people who administrate pages, by name."),
        key(
            "strict_permissions",
            Shape::Bool,
            "True if calls need the permissions and page tasks that Meta asks for; false if left out.",
        ),
        key("limits", Shape::Object(&LIMITS), "How much the world keeps."),
        key("delivery", Shape::Object(&DELIVERY), "How webhooks are delivered."),
        key(
            "allow_webhooks",
            Shape::List(&Shape::Text),
            "Hosts on which apps may register callback URLs by `POST /{app}/subscriptions`, beside the loopback and the host of their webhook.",
        ),
    ],
};

static DELIVERY: Object = Object {
    title: "delivery",
    keys: &[
        key(
            "give_up_after",
            Shape::Duration,
            "How long a webhook is sent again while the app does not accept it, in the world's time; 36h if left out.",
        ),
        key(
            "timeout",
            Shape::Duration,
            "How long an app has to answer a webhook, in real time. If left out, 20s on a server, as at Meta, and twice `--budget` in a run.",
        ),
        key(
            "batch",
            Shape::Integer,
            "How many webhooks one POST may have, 1 to 1000, if one action causes several for an app; 1 if left out.",
        ),
        key(
            "at_once",
            Shape::Integer,
            "How many POSTs one app gets at the same time, 1 to 10000; 64 if left out. Beyond that, threads wait for one another.",
        ),
    ],
};

static LIMITS: Object = Object {
    title: "limits",
    keys: &[
        key(
            "messages",
            Shape::Integer,
            "The most messages that the world remembers, over all threads; 10000 if left out.",
        ),
        key(
            "message_bytes",
            Shape::Integer,
            "The most bytes of these messages; 67108864 if left out. The oldest messages go first.",
        ),
        key("ledger", Shape::Integer, "The most entries that the ledger keeps; 20000 if left out."),
        key(
            "ledger_bytes",
            Shape::Integer,
            "The most bytes of these entries; 134217728 if left out. The oldest entries go first. A call that uploads a file counts with the whole file.",
        ),
        key(
            "waiting",
            Shape::Integer,
            "The most webhooks of one app on one page that wait to be sent again; 1000 if left out.",
        ),
    ],
};

static APP: Object = Object {
    title: "an app",
    keys: &[
        key("id", Shape::Integer, "Meta's app id."),
        key("secret", Shape::Text, "The app secret that signs its webhooks."),
        key(
            "webhook",
            Shape::MapOrScalar(&Shape::Object(&WEBHOOK), &Shape::Text),
            "Where its webhooks go: a URL, or `later` if the URL comes at run time. An app without it is a puppet, which the scenario plays.",
        ),
        key("instagram", Shape::Object(&INSTAGRAM_APP), "The id and the secret that the app has on Instagram."),
        key("require_proof", Shape::Bool, "True if each call must have appsecret_proof; false if left out."),
        key(
            "mode",
            Shape::Word(&["live", "development"]),
            "An app in development reaches only people who have a role on it; live if left out.",
        ),
        key(
            "permissions",
            Shape::List(&Shape::Word(Permission::WORDS)),
            "The permissions that it has, in a world with strict_permissions; all if left out.",
        ),
        key("human_agent", Shape::Bool, "True if Meta has approved its feature Human Agent; true if left out."),
    ],
};

static INSTAGRAM_APP: Object = Object {
    title: "an app on Instagram",
    keys: &[
        key("id", Shape::Integer, "The Instagram app id, which is `client_id` of Instagram Login."),
        key("secret", Shape::Text, "The Instagram app secret, which signs webhooks of accounts with Instagram Login."),
    ],
};

static WEBHOOK: Object = Object {
    title: "a webhook",
    keys: &[
        needed("url", Shape::Text, "The callback URL, http://… or https://…, or `later`."),
        key("verify_token", Shape::Text, "The token that the verification request has."),
    ],
};

static PAGE_OBJECT: Object = Object {
    title: "a page",
    keys: &[
        key("id", Shape::Text, "Meta's page id."),
        key(
            "routing",
            Shape::Word(&["conversation_routing", "handover_protocol", "zero_config"]),
            "How threads find their app. If left out, it follows from default_app or primary; without both it is zero_config.",
        ),
        key("rules", Shape::Word(&["2023-09", "2025-09"]), "The generation of Meta's rules; 2023-09 if left out."),
        key("default_app", Shape::Name(NameKind::App), "The default app of Conversation Routing."),
        key(
            "primary",
            Shape::Name(NameKind::App),
            "The primary receiver of the Handover Protocol; the other apps are secondary.",
        ),
        key("apps", Shape::MapOf(Some(NameKind::App), &Shape::Object(&CONNECTION)), "The connected apps."),
        key("links", Shape::MapOf(None, &Shape::Object(&LINK)), "m.me links, by name."),
        key("social", Shape::Name(NameKind::App), "The app of the social/organic route."),
        key("profile", Shape::Object(&PROFILE), "The Messenger profile that the page has from the start."),
        key("category", Shape::Text, "The page's field `category`; Business if left out."),
        key("link", Shape::Text, "The page's field `link`, a URL; one that leads nowhere if left out."),
        key("about", Shape::Text, "The page's field `about`. If left out, it has none."),
        key("username", Shape::Text, "The page's field `username`. If left out, it has none."),
        key("picture", Shape::Text, "The URL of the page's picture; one that leads nowhere if left out."),
        key(
            "knobs",
            Shape::Object(&KNOBS),
            "Switches for what Meta's documentation leaves open. The first word of a switch is its default.",
        ),
    ],
};

static ACCOUNT: Object = Object {
    title: "an Instagram account",
    keys: &[
        key("id", Shape::Text, "The id of the account: 17 digits that begin with 17841."),
        key("page", Shape::Name(NameKind::Page), "The linked page, through which apps with Facebook Login reach it."),
        key(
            "routing",
            Shape::Word(&["conversation_routing", "zero_config"]),
            "How threads find their app. If left out, it is conversation_routing with a default_app, and zero_config without.",
        ),
        key("rules", Shape::Word(&["2023-09", "2025-09"]), "The generation of Meta's rules; 2025-09 if left out."),
        key("default_app", Shape::Name(NameKind::App), "The default app of Conversation Routing on Instagram."),
        key("apps", Shape::MapOf(Some(NameKind::App), &Shape::Object(&ACCOUNT_CONNECTION)), "The connected apps."),
        key("links", Shape::MapOf(None, &Shape::Object(&LINK)), "ig.me links, by name."),
        key("profile", Shape::Object(&ACCOUNT_PROFILE), "The profile that the account has from the start."),
        key(
            "media",
            Shape::MapOf(None, &Shape::Object(&MEDIA)),
            "What it has published, by name, beside the `post`, the `reel`, the `story` and the `live` broadcast that each account has. `${media.ACCOUNT.NAME}` is the id.",
        ),
        key(
            "message_access",
            Shape::Word(&["on", "off"]),
            "The owner's switch \"Allow access to messages\". While it is off, apps get no messages and send none.",
        ),
        key(
            "self",
            Shape::Name(NameKind::Person),
            "The person as whom the account writes to itself. Messages of and to this person are notes to self, with `is_self`.",
        ),
        key("about", Shape::Text, "The biography. If left out, it has none."),
        key("username", Shape::Text, "The username; made from the name if left out."),
        key("picture", Shape::Text, "The URL of the account's picture; one that leads nowhere if left out."),
        key(
            "knobs",
            Shape::Object(&KNOBS),
            "Switches for what Meta's documentation leaves open. The first word of a switch is its default.",
        ),
    ],
};

static MEDIA: Object = Object {
    title: "what an Instagram account has published",
    keys: &[
        key("id", Shape::Text, "Its id, of 17 digits; made from the name if left out."),
        key("type", Shape::Word(AccountMedia::WORDS), "What it is; a post if left out."),
    ],
};

static ACCOUNT_PROFILE: Object = Object {
    title: "the profile of an Instagram account",
    keys: &[
        key(
            "app",
            Shape::Name(NameKind::App),
            "The app that has set it; if left out, the default app or the only app.",
        ),
        key("persistent_menu", Shape::Any, "The menu, as the Graph API takes it, with `locale` and `call_to_actions`."),
        key("ice_breakers", Shape::Any, "The ice breakers, as the Graph API takes them."),
    ],
};

static ACCOUNT_CONNECTION: Object = Object {
    title: "an app on an Instagram account",
    keys: &[
        key(
            "login",
            Shape::Word(Login::WORDS),
            "How the app reaches the account: by the token of the linked page, by an Instagram user token, or by the token of a system user at the account itself. If left out, `facebook` where the account has a page, and else `instagram`.",
        ),
        key(
            "token",
            Shape::Text,
            "Its Instagram user token, with `login: instagram`, or the token of the system user, with `login: unified`.",
        ),
        key(
            "expires",
            Shape::Until,
            "When the token expires: a length of time after the start, or a moment; never if left out.",
        ),
        key(
            "fields",
            Shape::List(&Shape::FieldOn(Platform::Instagram)),
            "The webhook fields that it subscribes to; all if left out.",
        ),
        key(
            "standby",
            Shape::Bool,
            "True if it gets standby webhooks about threads that it does not own; true if left out.",
        ),
        key(
            "take_control",
            Shape::Bool,
            "True if it takes control when it sends into another app's thread; false if left out.",
        ),
    ],
};

static PROFILE: Object = Object {
    title: "a Messenger profile",
    keys: &[
        key(
            "app",
            Shape::Name(NameKind::App),
            "The app that has set it; if left out, the default app, the primary receiver, or the only app of the page.",
        ),
        key("get_started", Shape::Any, "The Get Started button, as the Graph API takes it: `{ payload: GO }`."),
        key(
            "greeting",
            Shape::Any,
            "The greeting, as the Graph API takes it: `[{ locale: default, text: Welcome! }]`.",
        ),
        key("persistent_menu", Shape::Any, "The menu, as the Graph API takes it, with `locale` and `call_to_actions`."),
        key("ice_breakers", Shape::Any, "The ice breakers, as the Graph API takes them."),
        key("whitelisted_domains", Shape::Any, "A list of domains, as the Graph API takes it."),
        key("account_linking_url", Shape::Any, "The URL at which people log in to the business."),
        key("commands", Shape::Any, "The slash commands, as the Graph API takes them."),
    ],
};

/// The first word of each switch is its default.
static KNOBS: Object = Object {
    title: "the knobs of a page or account",
    keys: &[
        key(
            "field_names",
            Shape::Word(&["strict", "lenient"]),
            "Whether subscribed_apps also accepts singular names (lenient), like messaging_handover.",
        ),
        key("handover_app_id_type", Shape::Word(&["number", "string"]), "The JSON type of app ids in hand-overs."),
        key(
            "handover_fanout",
            Shape::Word(&["target", "subscribed"]),
            "Who gets the webhook of a pass or a take: the app that it concerns, or every app that subscribes to messaging_handovers.",
        ),
        key(
            "hop_context",
            Shape::Word(&["auto", "none", "object", "array"]),
            "The form of hop_context. With auto it is an object beside messages and an array beside hand-overs.",
        ),
        key(
            "standby_postback",
            Shape::Word(&["no_payload", "empty_object"]),
            "What a postback on standby has: mid and title, or nothing.",
        ),
        key("standby_referral", Shape::Bool, "True if standby has referrals; true if left out."),
        key(
            "idle_thread_owner",
            Shape::Word(&["none", "default_app"]),
            "The owner that thread_owner answers while no app has control of the thread. If left out: the default app under the rules of 2023, otherwise none.",
        ),
        key(
            "idle_counts_from",
            Shape::Word(&["person", "control"]),
            "What the 24 hours of silence count from: the last message of the person, or also the last action of thread control. If left out: the person under the rules of 2023, otherwise control.",
        ),
        key(
            "inbox_reply",
            Shape::Word(&["leaves_idle", "holds"]),
            "What a reply from the inbox does with an idle thread of a page or account without a default app: nothing, or the inbox holds it until the person writes, as observed once; `leaves_idle` if left out.",
        ),
        key(
            "native_owner",
            Shape::Word(NativeOwner::WORDS),
            "Who owns a thread of an Instagram account after a reply that is typed in the Instagram app: that app, until the person writes; that app, like any owner; or the owner of before. `until_message` if left out.",
        ),
        key(
            "ig_feature_status",
            Shape::Word(&["also_account", "page_only"]),
            "Where messaging_feature_status can be read: on a page and on an Instagram account, or only on a page; `also_account` if left out.",
        ),
        key(
            "menu_setter",
            Shape::Word(&["any", "default_app"]),
            "Which app may set the persistent menu of a page without roles, or of an account: any, or only the default app; `any` if left out.",
        ),
        key(
            "stickers",
            Shape::Word(&["by_date", "image", "both", "sticker"]),
            "How webhooks show a sticker: as an image with a sticker_id, of type sticker with that image beside it, or of type sticker alone. `by_date` is what Meta does at the world's time: image until June 2026, both until August 30, 2026.",
        ),
        key(
            "shared_link",
            Shape::Word(&["inside", "beside"]),
            "Whether title and url of a shared link stand in the payload, or beside `payload: null`, as recorded.",
        ),
        key(
            "message_request",
            Shape::Word(&["left_out", "accept"]),
            "Whether the first message of a person has `message_request: accept`.",
        ),
        key(
            "unsend",
            Shape::Word(&["silent", "is_deleted"]),
            "Whether apps get a webhook with `is_deleted` when a person takes a message back, as at Instagram.",
        ),
        key(
            "ig_shadow_edit",
            Shape::Word(&["after", "before", "none"]),
            "On Instagram: whether a message_edit with num_edit 0 comes after each new message of a person, or before it, or not at all.",
        ),
        key(
            "ig_unreact",
            Shape::Word(&["none", "unreact"]),
            "On Instagram: whether apps get a webhook when a person removes a reaction, as documented, or none, as observed.",
        ),
        key(
            "ig_me_source",
            Shape::Word(&["SHORTLINK", "SHORTLINKS"]),
            "On Instagram: the `source` of the referral of an ig.me link.",
        ),
        key(
            "ig_ice_breaker",
            Shape::Word(&["mid", "no_mid"]),
            "On Instagram: whether the postback of an ice breaker has a `mid`. Older recordings have none.",
        ),
        key(
            "igl_comments",
            Shape::Word(&["changes", "direct"]),
            "On Instagram: whether apps with Instagram Login get comments in `changes`, or `field` and `value` in the entry itself.",
        ),
        key(
            "standby_items",
            Shape::Word(&["all", "messages"]),
            "On standby of an Instagram account: every item, or messages and echoes alone.",
        ),
        key(
            "ig_echo_field",
            Shape::Word(&["refused", "own"]),
            "Whether `message_echoes` is refused as a field of Instagram, where echoes are among the messages, or apps with Instagram Login get echoes in it alone.",
        ),
        key(
            "ig_rates",
            Shape::Word(&["off", "documented"]),
            "Whether an account may send only as many messages in a second or an hour as Meta documents.",
        ),
        key(
            "ul_fields",
            Shape::Word(&["as_facebook", "listed"]),
            "Which webhook fields Unified Login has: those of Facebook Login, or those of its own list, which has no standby and no messaging_handover.",
        ),
        key(
            "ig_text_limit",
            Shape::Word(TextLimit::WORDS),
            "How long the text of a message on Instagram may be; 1000 bytes of UTF-8 if left out.",
        ),
        key(
            "ig_id_sends",
            Shape::Word(&["same", "refused"]),
            "Whether an app with Instagram Login may send at /{id}/messages as at /me/messages, or is refused there, as one was.",
        ),
        key(
            "ig_window_status",
            Shape::Word(&["403", "400", "500"]),
            "The HTTP status of a message that is sent outside of the window on Instagram; 403 if left out.",
        ),
        key(
            "human_agent_refusal",
            Shape::Word(HumanAgentRefusal::WORDS),
            "How Instagram refuses HUMAN_AGENT of an app without the feature: like a message without a tag, or as a missing permission.",
        ),
        key(
            "private_reply_ownership",
            Shape::Word(PrivateReplyOwnership::WORDS),
            "What a private reply on Instagram has to do with the owner of the thread: nothing, it needs an app that may send into the thread, or it makes its app the owner.",
        ),
        key(
            "private_reply_twice",
            Shape::Word(PrivateReplyTwice::WORDS),
            "How Instagram refuses a second private reply: 100/2534025, 500 with -1/2534023, or 10900.",
        ),
        key(
            "implicit_take_notifies",
            Shape::Bool,
            "True if an app gets a webhook when another app takes the thread by sending; true if left out.",
        ),
        key(
            "control_default",
            Shape::Word(&["release", "pass"]),
            "What thread_control does if it has no control_type.",
        ),
        key(
            "echo_order",
            Shape::Word(&["before_control", "after_control"]),
            "Whether the echo of a message is sent before its thread_control takes effect, or after.",
        ),
        key(
            "referral_timestamp",
            Shape::Word(&["ms", "s"]),
            "The unit of the timestamp of referrals. The timestamp of leads is always in seconds.",
        ),
        key(
            "disabled_error",
            Shape::Object(&DISABLED_ERROR),
            "The HTTP status and the code of the error \"Handover Protocol APIs disabled for this page.\"",
        ),
        key(
            "idle_after",
            Shape::Duration,
            "How long a person may be silent before the app loses control of the thread; 24h if left out.",
        ),
        key("lead_patience", Shape::Duration, "How long a lead-generation ad waits for an answer; 12h if left out."),
        key("extend_max", Shape::Duration, "The longest extension of control; 7d if left out."),
        key(
            "ad_expiration_max_days",
            Shape::Integer,
            "The most days of receiving_app_control_expiration; 30 if left out.",
        ),
        key(
            "consent_error",
            Shape::Word(&["consent", "no_user", "unknown"]),
            "How the profile of a person on Instagram who has not written is refused: with code 230, 9010 or 100.",
        ),
        key(
            "ig_fields",
            Shape::Word(&["account", "app"]),
            "Which fields count on Instagram: those that an app has on the account and at app level, or those at app level alone.",
        ),
        key("metadata_max", Shape::Integer, "The longest metadata of a hand-over, in characters; 1000 if left out."),
    ],
};

static DISABLED_ERROR: Object = Object {
    title: "an error's numbers",
    keys: &[
        key("http", Shape::Integer, "HTTP status; 400 if left out."),
        key("code", Shape::Integer, "Meta's code; 100 if left out."),
    ],
};

static CONNECTION: Object = Object {
    title: "a connected app",
    keys: &[
        key("token", Shape::Text, "Its page access token."),
        key("by", Shape::Name(NameKind::User), "The user who made the token. It ends with the session of the user."),
        key(
            "expires",
            Shape::Until,
            "When the token expires: a length of time after the start, or a moment; never if left out.",
        ),
        key(
            "fields",
            Shape::List(&Shape::FieldOn(Platform::Messenger)),
            "The webhook fields that it subscribes to; all if left out.",
        ),
        key(
            "standby",
            Shape::Bool,
            "True if it gets standby webhooks about threads that it does not own; true if left out.",
        ),
        key(
            "take_control",
            Shape::Bool,
            "True if it takes control when it sends into another app's thread; false if left out.",
        ),
    ],
};

static LINK: Object = Object {
    title: "a link",
    keys: &[
        needed("ref", Shape::Text, "The `ref` parameter."),
        key("app", Shape::Name(NameKind::App), "The app to which the link leads."),
    ],
};

static AD: Object = Object {
    title: "an ad",
    keys: &[
        key("id", Shape::Text, "Meta's ad id."),
        needed("page", Shape::Name(NameKind::Asset), "The page or account with which it opens a conversation."),
        key("app", Shape::Name(NameKind::App), "The marketing app."),
        key("receiving_app_id", Shape::Text, "Meta's word for `app`: the name of the marketing app, or its id."),
        key("ref", Shape::Text, "The `ref` of the ad."),
        key("title", Shape::Text, "The headline that the referral carries, as ad_title."),
        key("photo_url", Shape::Text, "The picture that the referral carries."),
        key("video_url", Shape::Text, "The video that the referral carries."),
        key("post_id", Shape::Text, "The post of the ad that the referral carries."),
        key("product_id", Shape::Text, "The product that the referral carries."),
        key(
            "receiving_app_control_expiration",
            Shape::Integer,
            "How many days the marketing app keeps the thread, from 1 to 30. Any other number means one day, as at Meta. Only with the rules of 2025.",
        ),
        key("welcome", Shape::Object(&WELCOME), "The message template that greets a person who taps."),
        key(
            "message",
            Shape::Any,
            "Instead of `welcome`: the message template in Ads Manager's JSON, which also has receiving_app_id.",
        ),
        key(
            "lead",
            Shape::Object(&LEAD),
            "Makes it a lead-generation ad, which asks questions before its app gets the thread.",
        ),
    ],
};

static LEAD: Object = Object {
    title: "the questions of a lead-generation ad",
    keys: &[
        needed(
            "questions",
            Shape::List(&LEAD_QUESTION),
            "What it asks, in order. A question is a text, or a map with its choices.",
        ),
        key(
            "interruptible",
            Shape::Bool,
            "True if the ad's app gets the answers and may end the questions by sending; false if left out.",
        ),
        key(
            "summary",
            Shape::Bool,
            "True if the ad's app gets the summary of a complete lead as a message; true if left out.",
        ),
        key("stop_keywords", Shape::List(&Shape::Text), "Texts with which a person ends the questions."),
        key("confirmation", Shape::Text, "What the person sees after a stop keyword."),
    ],
};

static LEAD_QUESTION: Shape = Shape::MapOrScalar(&Shape::Object(&QUESTION), &Shape::Text);

static QUESTION: Object = Object {
    title: "a question",
    keys: &[
        needed("asks", Shape::Text, "The question."),
        key("choices", Shape::List(&LABELLED), "Quick replies with which the person answers."),
        key("disqualified_by", Shape::List(&Shape::Text), "Answers after which the person does not count as a lead."),
    ],
};

static WELCOME: Object = Object {
    title: "a welcome",
    keys: &[
        needed("text", Shape::Text, "The greeting."),
        key("quick_replies", Shape::List(&LABELLED), "Quick replies: labels, or maps with title and payload."),
        key("buttons", Shape::List(&LABELLED), "Buttons: labels, or maps with title and payload."),
        key(
            "ice_breakers",
            Shape::List(&LABELLED),
            "Questions to tap instead of typing: labels, or maps with title and payload.",
        ),
    ],
};

static LABELLED: Shape = Shape::MapOrScalar(&Shape::Object(&LABEL), &Shape::Text);

static LABEL: Object = Object {
    title: "a label with its payload",
    keys: &[
        needed("title", Shape::Text, "The label."),
        key("payload", Shape::Text, "What comes back when it is tapped; the label if left out."),
        key("url", Shape::Text, "The web page that a button opens instead."),
    ],
};

/// The name `any` with the value `true` is no person.
static PEOPLE: Shape = Shape::MapOf(None, &Shape::MapOrScalar(&Shape::Object(&PERSON), &Shape::True));

const FIRST_NAME: ObjectKey = key("first_name", Shape::Text, "First name; the name with a capital if left out.");
const LAST_NAME: ObjectKey = key("last_name", Shape::Text, "Last name.");
const LOCALE: ObjectKey = key("locale", Shape::Text, "Locale, like en_US.");
const TIMEZONE: ObjectKey = key("timezone", Shape::Hours, "Hours from GMT, like -8; from -24 to 24.");
const GENDER: ObjectKey = key("gender", Shape::Text, "Gender.");
const EMAIL: ObjectKey =
    key("email", Shape::Text, "E-mail address, which a tap on a quick reply shares; NAME@example.com if left out.");
const PHONE: ObjectKey =
    key("phone", Shape::Text, "Telephone number, which a tap on a quick reply shares; a made-up one if left out.");
const PSIDS: ObjectKey = key(
    "psids",
    Shape::MapOf(Some(NameKind::Asset), &Shape::Text),
    "Page-scoped ids, by page. Those on Instagram accounts may stand here, too.",
);
const IGSIDS: ObjectKey =
    key("igsids", Shape::MapOf(Some(NameKind::Account), &Shape::Text), "Instagram-scoped ids, by account.");
const ROLES: ObjectKey = key(
    "roles",
    Shape::MapOf(Some(NameKind::App), &Shape::Word(APP_ROLES)),
    "Roles on apps, by app. An app in development reaches only people with a role.",
);
const FOLLOWER_COUNT: ObjectKey =
    key("follower_count", Shape::Integer, "On Instagram: how many people follow this person; 0 if left out.");
const FOLLOWS: ObjectKey =
    key("is_user_follow_business", Shape::Bool, "On Instagram: true if the person follows the accounts.");
const IS_FOLLOWED: ObjectKey =
    key("is_business_follow_user", Shape::Bool, "On Instagram: true if the accounts follow the person.");
const IS_VERIFIED: ObjectKey = key("is_verified_user", Shape::Bool, "On Instagram: true if the person is verified.");

static PERSON: Object = Object {
    title: "a person",
    keys: &[
        key(
            "count",
            Shape::Integer,
            "Makes it a crowd of so many people, who are called NAME.1, NAME.2 and so on. A crowd may also have `locale`, \
             `timezone`, `gender` and `roles`, which all its members share.",
        ),
        FIRST_NAME,
        LAST_NAME,
        LOCALE,
        TIMEZONE,
        GENDER,
        EMAIL,
        PHONE,
        PSIDS,
        IGSIDS,
        ROLES,
        FOLLOWER_COUNT,
        FOLLOWS,
        IS_FOLLOWED,
        IS_VERIFIED,
    ],
};

/// A person who is added while a world runs.
pub static NEW_PERSON: Object = Object {
    title: "a person",
    keys: &[
        key("name", Shape::Text, "The name; a new one if left out."),
        FIRST_NAME,
        LAST_NAME,
        LOCALE,
        TIMEZONE,
        GENDER,
        EMAIL,
        PHONE,
        PSIDS,
        IGSIDS,
        ROLES,
        FOLLOWER_COUNT,
        FOLLOWS,
        IS_FOLLOWED,
        IS_VERIFIED,
    ],
};

/// A crowd that is added while a world runs.
pub static NEW_CROWD: Object =
    Object { title: "a new crowd", keys: &[needed("crowd", Shape::Object(&CROWD), "The crowd.")] };

static CROWD: Object = Object {
    title: "a crowd",
    keys: &[
        key("name", Shape::Text, "The name; `crowd`, or `crowd-2` and so on if left out."),
        needed("count", Shape::Integer, "How many members it has, who are called NAME.1, NAME.2 and so on."),
        LOCALE,
        TIMEZONE,
        GENDER,
        ROLES,
    ],
};

static USER_OBJECT: Object = Object {
    title: "a user",
    keys: &[
        key("id", Shape::Text, "Meta's user id."),
        key("first_name", Shape::Text, "First name; the name with a capital if left out."),
        key("last_name", Shape::Text, "Last name."),
        key(
            "tokens",
            Shape::MapOf(Some(NameKind::App), &USER_TOKEN),
            "User access tokens, by app; if left out, one for every app.",
        ),
        key(
            "pages",
            Shape::MapOf(Some(NameKind::Page), &Shape::List(&Shape::Word(Task::WORDS))),
            "Tasks on pages, by page.",
        ),
        key("codes", Shape::MapOf(Some(NameKind::App), &Shape::Text), "Login codes for /oauth/access_token, by app."),
    ],
};

static USER_TOKEN: Shape = Shape::MapOrScalar(&Shape::Object(&USER_TOKEN_OBJECT), &Shape::Text);

static USER_TOKEN_OBJECT: Object = Object {
    title: "a user token",
    keys: &[
        key("token", Shape::Text, "The token."),
        key(
            "expires",
            Shape::Until,
            "When it expires: a length of time after the start, or a moment; never if left out.",
        ),
    ],
};

/// A scenario file.
pub static FILE: Object = Object {
    title: "a scenario file",
    keys: &[
        needed(
            "world",
            Shape::MapOrScalar(&Shape::Any, &Shape::Text),
            "The world: a path relative to this file, or the world itself.",
        ),
        needed("scenarios", Shape::List(&Shape::Object(&SCENARIO)), "The scenarios."),
    ],
};

static SCENARIO: Object = Object {
    title: "a scenario",
    keys: &[
        needed("name", Shape::Text, "What it shows."),
        key(
            "strict",
            Shape::BoolOr(&["webhooks", "messages"]),
            "What fails it if no step expects it: `webhooks` (or `true`), or `messages` of real apps; nothing if left out.",
        ),
        key(
            "allow_lints",
            Shape::List(&Shape::Word(&lint::NAMES)),
            "Lints that are not reported, because the scenario causes them on purpose.",
        ),
        key(
            "cases",
            Shape::Any,
            "Runs it once per row. Rows are a list of maps, or a map of lists. The column `routing` changes the pages and accounts, as in `compare`.",
        ),
        needed("steps", Shape::List(&Shape::Tagged(&STEP)), "What happens, in order."),
    ],
};

/// A step.
pub static STEP: Tagged =
    Tagged { title: "a step", objects: &[&USER_STEP, &APP_STEP, &ADMIN_STEP, &INBOX, &CLOCK, &FAULT, &CALL, &EXPECT] };

pub static USER_STEP: Object = Object {
    title: "a `user` step",
    keys: &[
        needed("user", Shape::Name(NameKind::Person), "Who acts."),
        key("says", Shape::Text, "Writes."),
        key("sends", Shape::Object(&USER_SENDS), "Writes with attachments."),
        key("taps_ad", Shape::Name(NameKind::Ad), "Taps an ad."),
        key("opens_link", Shape::Name(NameKind::Link), "Opens an m.me link."),
        key("gets_started", Shape::True, "Taps Get Started."),
        key("taps_button", Shape::Text, "Taps a button that was sent, by its label."),
        key(
            "taps_quick_reply",
            Shape::Text,
            "Taps a quick reply that was sent, by its label. That for the e-mail address or telephone number has the person's own as label.",
        ),
        key(
            "taps_ice_breaker",
            Shape::Text,
            "Taps an ice breaker of the newest ad, or of the page or account, by its label.",
        ),
        key("taps_menu", Shape::Text, "Taps an item of the persistent menu, by its label."),
        key(
            "replies_to",
            Shape::Text,
            "With `says` or `sends`: the text of the message that it answers. With `comments`: the comment that it answers, by its text or its id.",
        ),
        key(
            "reacts",
            Shape::Text,
            "Reacts to a message: smile, angry, sad, wow, love, like, dislike, or an emoji; on Instagram laugh, angry, sad, wow, love, like, or an emoji. With `on_post` or `on_comment`: like, love, care, haha, wow, sad, angry.",
        ),
        key("unreacts", Shape::True, "Takes the reaction back."),
        key(
            "replies_to_story",
            Shape::MapOrScalar(&Shape::Object(&STORY_REPLY), &Shape::Text),
            "On Instagram: replies to a story of the account with this text.",
        ),
        key("mentions_in_story", Shape::True, "On Instagram: mentions the account in a story of their own."),
        key(
            "shares",
            Shape::MapOrScalar(&Shape::Object(&USER_SHARES), &Shape::Word(SHARED)),
            "On Instagram: shares something in the thread.",
        ),
        key(
            "about_product",
            Shape::Text,
            "On Instagram, with `says` or `sends`: the id of the product that they ask about.",
        ),
        key("edits", Shape::Text, "Gives a message of theirs this text."),
        key("unsends", Shape::True, "Takes a message of theirs back."),
        key(
            "message",
            Shape::Text,
            "With `reacts` or `unreacts`: the text of the message; if left out, the last one of the page or account. With `edits` or `unsends`: that of the person's message; if left out, their last one that they have not taken back.",
        ),
        key(
            "opts_in",
            Shape::Object(&OPT_IN),
            "Accepts an opt-in request, or ticks the checkbox plugin of a website. `save: { token: /notification_messages_token }` saves the token.",
        ),
        key(
            "stops_messages",
            Shape::Text,
            "Stops the notification messages about a topic. The topic is the title of the request.",
        ),
        key("resumes_messages", Shape::Text, "Resumes the notification messages about a topic."),
        key("answers_survey", Shape::Object(&SURVEY_REPLY), "Fills in the newest customer feedback template."),
        key("opens_coupon", Shape::Text, "Looks at the code of a coupon with this title."),
        key(
            "comments",
            Shape::Text,
            "Comments on a post of the page or account. `save: { comment: /comment_id, post: /post_id }` saves the ids.",
        ),
        key(
            "on_post",
            Shape::Text,
            "With `comments`, `reacts` or `unreacts`: the post, by its text or its id. A comment without it is on the post that each page has from the beginning.",
        ),
        key("on_comment", Shape::Text, "With `reacts` or `unreacts`: the comment, by its text or its id."),
        key("comments_gif", Shape::True, "On Instagram: comments with a GIF."),
        key(
            "on_media",
            Shape::Name(NameKind::Media),
            "On Instagram, with `comments` or `comments_gif`: on which media of the account; on its post if left out. Each account has `post`, `reel`, `story` and `live` from the beginning.",
        ),
        key("on_ad", Shape::Name(NameKind::Ad), "On Instagram, with `comments` or `comments_gif`: on this ad."),
        key("posts", Shape::Text, "Writes a post on the page. `save: { post: /post_id }` saves its id."),
        key("edits_comment", Shape::Object(&COMMENT_EDIT), "Gives their comment another text."),
        key("edits_post", Shape::Object(&POST_EDIT), "Gives their post another text."),
        key("removes_comment", Shape::Text, "Removes their comment, which is named by its text or its id."),
        key("removes_post", Shape::Text, "Removes their post, which is named by its text or its id."),
        key(
            "mentions_in_post",
            Shape::Text,
            "Mentions the page in a post on another page; on Instagram, the account in a caption.",
        ),
        key(
            "mentions_in_comment",
            Shape::Text,
            "Mentions the page in a comment on another page; on Instagram, the account in a comment.",
        ),
        key(
            "opens_login",
            Shape::True,
            "Taps Log In. `save: { token: /account_linking_token }` saves the token that the login page gets.",
        ),
        key(
            "links_account",
            Shape::Text,
            "Logs in with the Log In button. The value is the authorization_code of the business.",
        ),
        key("unlinks_account", Shape::True, "Taps Log Out."),
        key("reads", Shape::True, "Reads everything."),
        key("blocks", Shape::True, "Blocks the page or account."),
        key("unblocks", Shape::True, "Unblocks the page or account."),
        WITHIN,
        PAGE,
        ON,
        SAVE,
    ],
};

static STORY_REPLY: Object = Object {
    title: "a reply to a story",
    keys: &[
        needed("text", Shape::Text, "The text."),
        key("story", Shape::Text, "The id of the story; that of the account's story from the beginning if left out."),
        key("link_sticker_url", Shape::Text, "Where the sticker in the story leads on which they tapped."),
    ],
};

/// What people share on Instagram.
const SHARED: &[&str] = &["post", "reel", "story", "permalink", "comment", "ad", "profile"];

static USER_SHARES: Object = Object {
    title: "what a person shares",
    keys: &[
        needed("type", Shape::Word(SHARED), "What it is. `permalink` is the address of a post or a reel."),
        key("title", Shape::Text, "The caption of a post or a reel."),
        key("url", Shape::Text, "Its URL; one on Instagram's CDN if left out."),
        key("id", Shape::Integer, "Meta's id of a post, a reel or a story; a new one if left out."),
    ],
};

static COMMENT_EDIT: Object = Object {
    title: "an edit of a comment",
    keys: &[
        needed("comment", Shape::Text, "The comment, by its text or its id."),
        needed("text", Shape::Text, "Its new text."),
    ],
};

static POST_EDIT: Object = Object {
    title: "an edit of a post",
    keys: &[
        needed("post", Shape::Text, "The post, by its text or its id."),
        needed("text", Shape::Text, "Its new text."),
    ],
};

static OPT_IN: Object = Object {
    title: "an opt-in",
    keys: &[
        key("to", Shape::Text, "The title of the request; `Updates and promotions` if it has none."),
        key("user_ref", Shape::Text, "The id that the website gave this checkbox. It can be used once."),
        key("ref", Shape::Text, "With `user_ref`: a text that the website passes on."),
    ],
};

static SURVEY_REPLY: Object = Object {
    title: "an answer to a survey",
    keys: &[
        key("score", Shape::Text, "The score: csat has 1 to 5, nps 0 to 10, ces 1 to 7."),
        key("text", Shape::Text, "The person's own words."),
    ],
};

static USER_SENDS: Object = Object {
    title: "a person's message",
    keys: &[
        key("text", Shape::Text, "The text."),
        key("attachments", Shape::List(&Shape::Object(&USER_ATTACHMENT)), "What is attached."),
    ],
};

static USER_ATTACHMENT: Object = Object {
    title: "an attachment",
    keys: &[
        needed(
            "type",
            Shape::Word(&[
                "image",
                "audio",
                "video",
                "file",
                "location",
                "sticker",
                "fallback",
                "reel",
                "ig_reel",
                "post",
                "ig_post",
                "share",
                "ig_story",
                "story_mention",
                "comment",
                "ad",
                "ephemeral",
                "like_heart",
                "gif",
                "poll",
                "profile",
            ]),
            "What it is. `fallback` is a link that the person shares. Those after `ig_post` are Instagram's; `ephemeral` can be seen once.",
        ),
        key(
            "url",
            Shape::Text,
            "Its URL. Only image, audio, video and file need one; on Instagram it is on Instagram's CDN if left out.",
        ),
        key("title", Shape::Text, "The title of a location, link, reel or post."),
        key(
            "id",
            Shape::Integer,
            "Meta's id of a sticker, reel or post; that of Messenger's thumb for a sticker without.",
        ),
        key("lat", Shape::Text, "Degrees north, for a location."),
        key("long", Shape::Text, "Degrees east, for a location."),
    ],
};

static APP_STEP: Object = Object {
    title: "an `app` step",
    keys: &[
        needed("app", Shape::Name(NameKind::App), "Who acts. A step of a real app waits until the app has done it."),
        key(
            "sends",
            Shape::Any,
            "Sends: text, or a message of the Send API. Both may have matchers; a puppet says the simplest text that matches.",
        ),
        key("passes", Shape::NameOr(NameKind::App, "default"), "Passes control to an app, or to the default app."),
        key("releases", Shape::True, "Releases control."),
        key("takes", Shape::True, "Takes control."),
        key("requests", Shape::True, "Requests control."),
        key("extends", Shape::Duration, "Extends control."),
        key("types", Shape::Bool, "`true` shows that it types, `false` stops that."),
        key("marks_seen", Shape::True, "Marks the thread as seen."),
        key("stays_silent", Shape::Duration, "Sends nothing for this long, in real time. A puppet is always silent."),
        key("calls", Shape::Object(&CALLS), "Makes any Graph call."),
        key(
            "shows",
            Shape::FieldOr("all"),
            "Prints the webhooks of this field, or all, that it got since the last acting step, exactly as they are sent.",
        ),
        key("tag", Shape::Text, "With `sends`: the message tag."),
        key("thread_control", Shape::Any, "With `sends`: the thread_control parameter."),
        key("metadata", Shape::Text, "With `sends`, `passes`, `takes`, `requests`: the metadata."),
        key(
            "refused",
            Shape::Matcher,
            "The call must fail with an error like this. It may have code, subcode, message, status, and the rule as `because`.",
        ),
        key(
            "response_lost",
            Shape::True,
            "A fault must keep the answer from the app: no answer comes, or none that can be read.",
        ),
        key("returns", Shape::Matcher, "With `calls`: what the answer must be like, with its HTTP `status`."),
        WITHIN,
        TO,
        PAGE,
        ON,
        SAVE,
    ],
};

static CALLS: Object = Object {
    title: "a call of an app",
    keys: &[
        key(
            "get",
            Shape::TextMatcher,
            "GET of this path, without a version. `/me` is the page or account, by whatever id it is called.",
        ),
        key("post", Shape::TextMatcher, "POST to this path."),
        key("delete", Shape::TextMatcher, "DELETE of this path."),
        key("query", Shape::Matcher, "What the parameters of the query are like."),
        key("body", Shape::Matcher, "What the parameters are like, in JSON, a form or the query."),
    ],
};

pub static ADMIN_STEP: Object = Object {
    title: "an `admin` step",
    keys: &[
        needed(
            "admin",
            Shape::Name(NameKind::Asset),
            "The page or account whose settings change, or as which the admin acts.",
        ),
        key("sets_default_app", Shape::NameOr(NameKind::App, "none"), "Chooses the default app."),
        key(
            "sets_primary",
            Shape::NameOr(NameKind::App, "none"),
            "Chooses the primary receiver of the Handover Protocol.",
        ),
        key("sets_standby", Shape::MapOf(Some(NameKind::App), &Shape::Bool), "Sets standby toggles, by app."),
        key(
            "sets_take_control",
            Shape::MapOf(Some(NameKind::App), &Shape::Bool),
            "Sets \"Take control of conversations\" toggles, by app.",
        ),
        key(
            "sets_link",
            Shape::MapOf(Some(NameKind::Link), &Shape::NameOr(NameKind::App, "none")),
            "Sets the apps to which links lead.",
        ),
        key("sets_social", Shape::NameOr(NameKind::App, "none"), "Sets the social/organic route."),
        key(
            "connects_app",
            Shape::Name(NameKind::App),
            "Connects an app. It subscribes to no webhook field before it calls subscribed_apps.",
        ),
        key("disconnects_app", Shape::Name(NameKind::App), "Disconnects an app."),
        key(
            "sets_handover_apis",
            Shape::Word(&["allowed", "blocked"]),
            "Blocks the calls of the Handover Protocol, as Meta announced, or allows them.",
        ),
        key(
            "sets_message_access",
            Shape::Word(&["on", "off"]),
            "Turns the switch \"Allow access to messages\" of an Instagram account.",
        ),
        key("expires_token", Shape::Name(NameKind::App), "Makes an app's page token expire."),
        key(
            "revokes_token",
            Shape::MapOf(Some(NameKind::App), &Shape::Word(TokenEnd::WORDS)),
            "Ends an app's page token early, for a reason. Other tokens of the user who made it may end for the same reason.",
        ),
        key("grants", Shape::MapOf(Some(NameKind::App), &PERMISSIONS), "Grants permissions to apps."),
        key("withdraws", Shape::MapOf(Some(NameKind::App), &PERMISSIONS), "Takes permissions back from apps."),
        key("publishes_app", Shape::Name(NameKind::App), "Publishes an app that was in development."),
        key("unpublishes_app", Shape::Name(NameKind::App), "Takes a published app back into development."),
        key(
            "issues_code",
            Shape::MapOf(Some(NameKind::App), &Shape::Name(NameKind::User)),
            "A user logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it.",
        ),
        key(
            "logs_in",
            Shape::Name(NameKind::App),
            "The owner of an Instagram account logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it.",
        ),
        key("posts", Shape::Text, "Writes a post as the page. `save: { post: /post_id }` saves its id."),
        key("edits_post", Shape::Object(&POST_EDIT), "Gives a post of the page another text."),
        key(
            "removes_post",
            Shape::Text,
            "Removes a post of the page or of a visitor, which is named by its text or its id.",
        ),
        key("removes_comment", Shape::Text, "Removes a comment, which is named by its text or its id."),
        key(
            "comments",
            Shape::MapOrScalar(&Shape::Object(&ACCOUNT_COMMENT), &Shape::Text),
            "On Instagram: comments as the account.",
        ),
        key(
            "story_ends",
            Shape::Object(&STORY_ENDS),
            "On Instagram: the account's story ends, and apps get its story_insights. Numbers below 5 are written as -1.",
        ),
        key(
            "ends_broadcast",
            Shape::Name(NameKind::Media),
            "On Instagram: ends a live broadcast, `live` or one that the world declares. Nobody comments on it any more, and its comments are not answered in private.",
        ),
        key(
            "presses_test",
            Shape::Field,
            "Presses the Test button of a webhook field in the dashboard. Every app of the page or account gets the example.",
        ),
        SAVE,
    ],
};

static ACCOUNT_COMMENT: Object = Object {
    title: "a comment of an account",
    keys: &[
        needed("text", Shape::Text, "The text."),
        key("on_media", Shape::Name(NameKind::Media), "On which media of the account; on its post if left out."),
        key("on_ad", Shape::Name(NameKind::Ad), "On this ad."),
        key("replies_to", Shape::Text, "The comment that it answers, by its text or its id."),
    ],
};

static STORY_ENDS: Object = Object {
    title: "the numbers of a story",
    keys: &[
        key("impressions", Shape::Integer, "How often it was seen; 0 if left out."),
        key("reach", Shape::Integer, "How many people saw it; 0 if left out."),
        key("taps_forward", Shape::Integer, "How often people went on to the next story; 0 if left out."),
        key("taps_back", Shape::Integer, "How often people went back; 0 if left out."),
        key("exits", Shape::Integer, "How often people left; 0 if left out."),
        key("replies", Shape::Integer, "How often people replied; 0 if left out."),
    ],
};

static PERMISSIONS: Shape = Shape::List(&Shape::Word(Permission::WORDS));

static INBOX: Object = Object {
    title: "an `inbox` step",
    keys: &[
        needed("inbox", Shape::Name(NameKind::Asset), "The page or account in whose inbox somebody acts."),
        key("replies", Shape::Text, "Answers the person."),
        key(
            "from",
            Shape::Word(&["business_suite", "instagram_app"]),
            "With `replies` on an Instagram account: where the answer is typed; `business_suite` if left out.",
        ),
        key("moves_to_main", Shape::True, "Moves the thread to Main."),
        key("moves_to_done", Shape::True, "Moves the thread to Done."),
        TO,
    ],
};

static CLOCK: Object = Object {
    title: "a `clock` step",
    keys: &[needed(
        "clock",
        Shape::MapOrScalar(&Shape::Object(&CLOCK_TO), &Shape::Advance),
        "How far time goes on, or to which moment.",
    )],
};

static CLOCK_TO: Object =
    Object { title: "a moment", keys: &[needed("to", Shape::Moment, "The moment. It must not be past.")] };

static FAULT: Object = Object {
    title: "a `fault` step",
    keys: &[needed("fault", Shape::Tagged(&FAULT_KINDS), "Arms a fault. Later calls or webhooks meet it.")],
};

/// A fault in a step, in the control API and on the command line.
pub static FAULT_KINDS: Tagged = Tagged { title: "a fault", objects: &[&CALL_FAULT, &WEBHOOK_FAULT] };

static CALL_FAULT: Object = Object {
    title: "a fault of calls",
    keys: &[
        needed(
            "at",
            Shape::Word(call_words::WORDS),
            "Which calls it meets. A message is `send`; a sender action is not.",
        ),
        key("app", Shape::Name(NameKind::App), "Only calls of this app."),
        key("to", Shape::Name(NameKind::Person), "Only calls about this person's thread."),
        key("page", Shape::Name(NameKind::Asset), "Only calls with a token of this page or account."),
        ON,
        key("reply", Shape::Error, "The error that is answered instead."),
        key("status", Shape::Integer, "The HTTP status, from 200 to 599, of an answer that you write."),
        key("body", Shape::Any, "With `status`: the body. Text is sent as it is, a map or a list as JSON."),
        key(
            "html",
            Shape::Integer,
            "The HTTP status, from 400 to 599, of the HTML page that Meta's edge shows instead.",
        ),
        key(
            "breaks",
            Shape::Word(Breakage::WORDS),
            "How the answer is broken: no answer comes (hang); the connection is reset or closed before it; its body is cut off on the wire, is half a JSON text, or is empty.",
        ),
        key(
            "latency",
            Shape::Duration,
            "How late the answer is, in real time, up to 60s. A puppet's call uses no socket and is not late.",
        ),
        key(
            "usage",
            Shape::Object(&FAULT_USAGE),
            "How much of its quota the app has used, as the headers of the answer say.",
        ),
        key(
            "after",
            Shape::Bool,
            "True if the call takes effect, so that only its answer is lost or wrong. If left out, it is true for faults that need the answer, such as `half_body`, or that have only `latency` or `usage`; otherwise false.",
        ),
        key(
            "times",
            Shape::IntegerOr(ALWAYS),
            "How many calls it meets, or `always`. If left out, 1, or `always` with `chance`. The scenario fails if it meets fewer.",
        ),
        key("nth", Shape::Integer, "The first call that it meets, counted among the calls that fit; 1 if left out."),
        EVERY,
        CHANCE,
        OPTIONAL,
    ],
};

static WEBHOOK_FAULT: Object = Object {
    title: "a fault of webhooks",
    keys: &[
        needed(
            "webhook",
            Shape::FieldOr(ANY),
            "Which webhooks it meets: those of a field (`standby` is one), or `any`.",
        ),
        key("app", Shape::Name(NameKind::App), "Only webhooks to this app."),
        key("to", Shape::Name(NameKind::Person), "Only webhooks about this person's thread."),
        key("page", Shape::Name(NameKind::Asset), "Only webhooks of this page or account."),
        ON,
        key(
            "goes",
            Shape::Word(Detour::WORDS),
            "What happens to it. It is lost and nobody knows; it is delivered twice; or it is delivered after the app's next webhook about the same thread, or after a second without one.",
        ),
        key("late", Shape::Duration, "How late it is sent, in the world's time."),
        key(
            "fails",
            Shape::IntegerOr(TIMEOUT),
            "It fails as if the app had answered with this HTTP status, from 300 to 599, or not in time (`timeout`). It is sent again like any other.",
        ),
        key(
            "signed",
            Shape::Word(Signed::WORDS),
            "How it is signed: with a secret that is not the app's, only with SHA-1, or not at all.",
        ),
        key(
            "re_encoded",
            Shape::True,
            "The JSON is written again on its way, with spaces and without escapes, so that the signature is one of other bytes.",
        ),
        key(
            "batch",
            Shape::Integer,
            "How many webhooks to the app, 2 to 1000, leave in one POST. After a second they leave anyway. The field and `to` choose only the first of them; any others to the app join it, of its other pages too.",
        ),
        key(
            "times",
            Shape::IntegerOr(ALWAYS),
            "How many attempts it meets, or `always`. If left out, 1, or `always` with `chance`. The scenario fails if it meets fewer.",
        ),
        key(
            "nth",
            Shape::Integer,
            "The first attempt that it meets, counted among the attempts that fit; 1 if left out.",
        ),
        EVERY,
        CHANCE,
        OPTIONAL,
    ],
};

/// The value of `fails` for an app that does not answer in time.
pub const TIMEOUT: &str = "timeout";

/// The value of `times` for a fault without an end.
pub const ALWAYS: &str = "always";

static FAULT_USAGE: Object = Object {
    title: "usage",
    keys: &[
        key("call_count", Shape::Integer, "Calls that are used up, in percent; 0 if left out."),
        key("total_cputime", Shape::Integer, "Processor time that is used up, in percent; 0 if left out."),
        key("total_time", Shape::Integer, "Time that is used up, in percent; 0 if left out."),
        key(
            "estimated_time_to_regain_access",
            Shape::Duration,
            "How long until the app may call again, in whole minutes; 0m if left out. Only answers to calls with a page token have it.",
        ),
    ],
};

static CALL: Object = Object {
    title: "a `call` step",
    keys: &[
        needed("call", Shape::Object(&CALL_BODY), "A raw Graph call."),
        key("returns", Shape::Matcher, "What the answer must be like: its body, and its `status`."),
        PAGE,
        ON,
        SAVE,
    ],
};

static CALL_BODY: Object = Object {
    title: "a call",
    keys: &[
        key("as", Shape::Name(NameKind::App), "The app whose page token the call has; if left out, it has no token."),
        key(
            "page",
            Shape::Name(NameKind::Asset),
            "The page or account of that token, in a world of several. It may also stand beside `call`.",
        ),
        ON,
        key("get", Shape::Text, "GET of this path."),
        key("post", Shape::Text, "POST to this path."),
        key("delete", Shape::Text, "DELETE of this path."),
        key("body", Shape::Any, "The JSON body. Text is sent as it is."),
        key("token", Shape::Text, "A token to use instead of the app's."),
        key("headers", Shape::MapOf(None, &Shape::Text), "Headers."),
    ],
};

static EXPECT: Object = Object {
    title: "an `expect` step",
    keys: &[
        needed(
            "expect",
            Shape::List(&Shape::Tagged(&EXPECTATION)),
            "What must have happened since the last acting step.",
        ),
        WITHIN,
        PAGE,
        ON,
    ],
};

/// An expectation.
pub static EXPECTATION: Tagged =
    Tagged { title: "an expectation", objects: &[&GETS, &OWNER, &NOTHING, &WINDOW, &MESSAGE, &RULE] };

const OF: ObjectKey =
    key("of", Shape::Name(NameKind::Person), "The person whose thread it is, in a world of several people.");
const BECAUSE: ObjectKey = key("because", Shape::Rule, "The rule behind it.");

static GETS: Object = Object {
    title: "an expectation of an app",
    keys: &[
        needed("app", Shape::Name(NameKind::App), "The app that gets a webhook, or does not."),
        key("gets", Shape::FieldOr("nothing"), "The field of the webhook (`standby` is one), or `nothing`."),
        key("gets_no", Shape::Field, "The field of which it gets no webhook."),
        key(
            "delivery",
            Shape::Matcher,
            "What an attempt to deliver is like. It may have `field`, `attempt`, `status` or `failure`, `said`, `fault`, and `together`: how many webhooks leave in one POST.",
        ),
        key("text", Shape::TextMatcher, "The text of the message, the comment or the post."),
        key("payload", Shape::TextMatcher, "The payload of the button or quick reply."),
        key("title", Shape::TextMatcher, "The title of the tapped button."),
        key("referral", Shape::Matcher, "The referral, wherever in the item it is."),
        key("metadata", Shape::TextMatcher, "The metadata of the echo or the hand-over."),
        key("hop_context", Shape::Matcher, "The hop_context beside the messaging item."),
        key("value", Shape::Matcher, "The value of a change, as of `feed`."),
        key("body", Shape::Matcher, "The whole element of `messaging`, `standby` or `changes`."),
        BECAUSE,
        WITHIN,
        OF,
        PAGE,
        ON,
        SAVE,
    ],
};

static OWNER: Object = Object {
    title: "an expectation of the owner",
    keys: &[
        needed("owner", Shape::NameOr(NameKind::App, "nobody"), "Who owns the thread."),
        BECAUSE,
        WITHIN,
        OF,
        PAGE,
        ON,
    ],
};

static NOTHING: Object = Object {
    title: "an expectation of silence",
    keys: &[
        needed(
            "nothing",
            Shape::Word(&["webhooks", "messages"]),
            "`webhooks`: there is none beside those that expectations matched. `messages`: no app sent one since the last acting step that no step has asked for.",
        ),
        key(
            "within",
            Shape::Duration,
            "With `messages`: how long the apps must be quiet, in real time. If left out, `--within` while a person waits for an answer, otherwise twice the longest time that an app has taken to answer.",
        ),
        OF,
        PAGE,
        ON,
    ],
};

static WINDOW: Object = Object {
    title: "an expectation of the messaging window",
    keys: &[needed("window", Shape::Word(&["open", "closed"]), "Whether the standard window is open."), OF, PAGE, ON],
};

static MESSAGE: Object = Object {
    title: "an expectation of a message",
    keys: &[
        needed("message", Shape::Object(&MESSAGE_BODY), "What the person sees in the thread."),
        WITHIN,
        OF,
        PAGE,
        ON,
        SAVE,
    ],
};

static RULE: Object = Object {
    title: "an expectation of a rule",
    keys: &[needed("rule", Shape::Rule, "A rule that was applied since the last acting step."), WITHIN],
};

static MESSAGE_BODY: Object = Object {
    title: "a message",
    keys: &[
        key("from", Shape::Text, "The app, the person, or the ad whose welcome it is."),
        key("to", Shape::Text, "The person, or the page or account."),
        key("text", Shape::TextMatcher, "Its text."),
        key("attachments", Shape::Matcher, "Its attachments."),
        key("quick_replies", Shape::Matcher, "Its quick replies."),
        key("metadata", Shape::TextMatcher, "Its metadata."),
    ],
};
