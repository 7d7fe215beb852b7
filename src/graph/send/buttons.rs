//! Buttons of templates, and what opens a web page.

use crate::domain::model::template::{Button, Link, Webview, WebviewHeight};

use crate::graph::errors::catalogue;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Flag, NonEmpty, Object, OneOf, SecureUrl, Special, Text, Url, Word};
use crate::graph::http::param_table::{
    Least, ListOf, ListRule, ParamKey, ParamRule, ParamTable, ParamVariants, SpecialText, needed, optional, required,
};

/// The longest payload, in characters.
pub const MAX_PAYLOAD: usize = 1000;
/// Messenger cuts labels over 20 characters and does not refuse them. This limit only bounds what a world keeps.
pub const MAX_TITLE: usize = 640;
/// The most buttons of a card or of a text.
const MAX_BUTTONS: usize = 3;
const HEIGHTS: &[&str] = &["compact", "tall", "full"];

/// How Messenger shows a page.
pub static WEBVIEW: [ParamKey; 4] = [
    optional("webview_height_ratio", Word(HEIGHTS)),
    optional("messenger_extensions", Flag),
    optional("fallback_url", Url),
    optional("webview_share_button", Word(&["hide"])),
];

pub static WEB_URL: ParamTable = ParamTable::of(&[
    needed("title", NonEmpty(MAX_TITLE), &catalogue::BUTTON_TITLE_NEEDED),
    needed("url", Url, &catalogue::BUTTON_URL_NEEDED),
])
.and(&WEBVIEW);
pub static POSTBACK: ParamTable = ParamTable::of(&[
    needed("title", NonEmpty(MAX_TITLE), &catalogue::BUTTON_TITLE_NEEDED),
    needed("payload", NonEmpty(MAX_PAYLOAD), &catalogue::BUTTON_PAYLOAD_NEEDED),
]);
static PHONE_NUMBER: ParamTable = ParamTable::of(&[
    needed("title", NonEmpty(MAX_TITLE), &catalogue::BUTTON_TITLE_NEEDED),
    required("payload", Special(&PHONE)),
]);
static ACCOUNT_LINK: ParamTable = ParamTable::of(&[required("url", SecureUrl)]);
static ACCOUNT_UNLINK: ParamTable = ParamTable::of(&[]);
static GAME_PLAY: ParamTable = ParamTable::of(&[
    needed("title", NonEmpty(MAX_TITLE), &catalogue::BUTTON_TITLE_NEEDED),
    optional("payload", Text(MAX_PAYLOAD)),
    optional("game_metadata", Object(&GAME_METADATA)),
]);
static GAME_METADATA: ParamTable =
    ParamTable::of(&[optional("player_id", Text(MAX_PAYLOAD)), optional("context_id", Text(MAX_PAYLOAD))])
        .rules(&[ParamRule::AtMostOne(&["player_id", "context_id"], &catalogue::PARAM_ONE_KEY)]);
static PHONE: SpecialText = SpecialText {
    most: MAX_PAYLOAD,
    accepts: is_phone_number,
    error: &catalogue::PARAM_MUST_BE,
    kind: "a phone number that begins with +",
};

static BUTTON: ParamVariants = ParamVariants {
    key: "type",
    tables: &[
        ("web_url", &WEB_URL),
        ("postback", &POSTBACK),
        ("phone_number", &PHONE_NUMBER),
        ("account_link", &ACCOUNT_LINK),
        ("account_unlink", &ACCOUNT_UNLINK),
        ("game_play", &GAME_PLAY),
    ],
    gone: &[],
    unknown: None,
};
/// A template has at most one button to log in.
const ONE_LOGIN: ListRule = ListRule::AtMostOne("type", "account_link", &catalogue::ONE_LOGIN_BUTTON);
/// The buttons of a text.
pub static BUTTONS_OF_TEXT: ListOf = ListOf::of(OneOf(&BUTTON), Least::NonEmpty, MAX_BUTTONS).rule(ONE_LOGIN);
/// The buttons of a card.
pub static BUTTONS_OF_CARD: ListOf = ListOf::of(OneOf(&BUTTON), Least::One, MAX_BUTTONS).rule(ONE_LOGIN);
/// The page that a tap on a card opens: a URL button without a label.
pub static DEFAULT_ACTION: ParamTable =
    ParamTable::of(&[required("type", Word(&["web_url"])), required("url", Url)]).and(&WEBVIEW);

fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// The buttons of a card or of a text.
pub fn buttons(object: &ParamObject<'_>) -> Vec<Button> {
    object.objects("buttons").iter().map(button).collect()
}

fn button(object: &ParamObject<'_>) -> Button {
    let (title, payload) = (object.string("title"), || object.string("payload"));
    match &*object.variant("type") {
        "web_url" => Button::WebUrl { title, link: link(object) },
        "postback" => Button::Postback { title, payload: payload() },
        "phone_number" => Button::PhoneNumber { title, payload: payload() },
        "account_link" => Button::AccountLink { url: object.string("url") },
        "account_unlink" => Button::AccountUnlink,
        _ => {
            let metadata = object.object("game_metadata");
            let text = |key: &str| metadata.as_ref().and_then(|metadata| metadata.text(key));
            let (player_id, context_id) = (text("player_id"), text("context_id"));
            Button::GamePlay { title, payload: object.text("payload"), player_id, context_id }
        }
    }
}

/// The page that a button opens, and how Messenger shows it.
pub fn link(object: &ParamObject<'_>) -> Link {
    let webview = Webview {
        height: object.word("webview_height_ratio", HEIGHTS).and_then(WebviewHeight::parse),
        extensions: object.flag("messenger_extensions"),
        fallback_url: object.text("fallback_url"),
        hides_share_button: object.has("webview_share_button"),
    };
    Link { url: object.string("url"), webview }
}
