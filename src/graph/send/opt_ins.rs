//! The templates that ask a person for leave to write: for marketing messages, and for one notification.

use crate::domain::model::template::{OptIn, Template};

use super::buttons::MAX_PAYLOAD;
use crate::graph::errors::catalogue;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{List, NonEmpty, Object, Text, Url, Word};
use crate::graph::http::param_table::{Least, ListOf, ParamKey, ParamRule, ParamTable, optional, required};

const MAX_OPT_INS: usize = 5;
/// The longest title of a request.
const MAX_QUESTION: usize = 65;
/// Meta gives no limit for a time zone. This one bounds what a world keeps.
const MAX_TIMEZONE: usize = 640;
const CTA_TEXTS: &[&str] = &["ALLOW", "GET", "GET_UPDATES", "OPT_IN", "SIGN_UP"];
const REOPTIN: &[&str] = &["ENABLED", "DISABLED"];

/// What a request has beside its payload. Meta ignores the frequency now. It is accepted from apps that still send it.
static REQUEST: [ParamKey; 6] = [
    optional("title", Text(MAX_QUESTION)),
    optional("image_url", Url),
    optional("notification_messages_timezone", Text(MAX_TIMEZONE)),
    optional("notification_messages_cta_text", Word(CTA_TEXTS)),
    optional("notification_messages_frequency", Word(&["DAILY", "WEEKLY", "MONTHLY"])),
    optional("notification_messages_reoptin", Word(REOPTIN)),
];
/// One request in the payload itself, or several as a carousel.
pub static OPT_IN: ParamTable =
    ParamTable::of(&[optional("payload", NonEmpty(MAX_PAYLOAD)), optional("elements", List(&REQUESTS))])
        .and(&REQUEST)
        .rules(&[
            ParamRule::AnyOf(&["payload", "elements"], &catalogue::PARAM_REQUIRED),
            ParamRule::Alone("elements", &["payload", "title", "image_url", "notification_messages_cta_text"]),
        ]);
static REQUESTS: ListOf = ListOf::of(Object(&REQUEST_OF_CAROUSEL), Least::One, MAX_OPT_INS);
static REQUEST_OF_CAROUSEL: ParamTable = ParamTable::of(&[required("payload", NonEmpty(MAX_PAYLOAD))]).and(&REQUEST);

pub static ONE_TIME: ParamTable =
    ParamTable::of(&[required("title", NonEmpty(MAX_QUESTION)), required("payload", NonEmpty(MAX_PAYLOAD))]);

pub fn opt_in(payload: &ParamObject<'_>) -> Template {
    match payload.has("elements") {
        true => {
            let requests = payload.objects("elements").iter().map(request).collect();
            Template::OptIn { requests, carousel: true }
        }
        false => Template::OptIn { requests: vec![request(payload)], carousel: false },
    }
}

fn request(object: &ParamObject<'_>) -> OptIn {
    OptIn {
        title: object.text("title"),
        image_url: object.text("image_url"),
        payload: object.string("payload"),
        timezone: object.text("notification_messages_timezone"),
        cta_text: object.word("notification_messages_cta_text", CTA_TEXTS).map(Box::from),
        asks_again: object.word("notification_messages_reoptin", REOPTIN).map(|word| word == "ENABLED"),
    }
}

pub fn one_time(payload: &ParamObject<'_>) -> Template {
    Template::OneTimeOptIn { title: payload.string("title"), payload: payload.string("payload") }
}
