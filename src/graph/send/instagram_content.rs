//! `message` of the Send API in the threads of Instagram: text, media, a heart, an own post, quick replies, templates.

use crate::domain::model::ids::AssetKey;
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::{Attachment, Content, QuickReply, QuickReplyKind};
use crate::domain::model::sending_knobs::TextLimit;
use crate::domain::model::shared_item::{SharedItem, SharedKind};

use super::buttons::{MAX_PAYLOAD, MAX_TITLE};
use super::content::{MAX_METADATA, MEDIA, media};
use super::instagram_templates::TEMPLATE;
use super::quick_replies::MAX_QUICK_REPLIES;
use super::templates::{self, PLACEHOLDER};
use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::param_check::ParamResult;
use crate::graph::http::param_object::ParamObject;
use crate::graph::http::param_table::ParamKind::{Bytes, List, ListOrOne, NonEmptyScalar, Object, OneOf, Scalar, Text};
use crate::graph::http::param_table::{
    Least, ListOf, ParamKey, ParamRule, ParamTable, ParamVariants, needed, optional, required,
};
use crate::graph::http::param_value::ParamMap;

const MAX_TEXT: usize = 1000;
/// The limit of Messenger, which one app has seen on Instagram.
const MAX_LONG_TEXT: usize = 2000;
const MAX_IMAGES: usize = 10;
/// Instagram cuts longer labels and does not refuse them.
const SHOWN_TITLE: usize = 20;
/// More digits than the id of a post has.
const MAX_ID: usize = 100;

static BY_BYTES: ParamTable = ParamTable::of(&[optional("text", Bytes(MAX_TEXT))]).and(&KEYS).rules(RULES);
static BY_CHARACTERS: ParamTable = ParamTable::of(&[optional("text", Text(MAX_TEXT))]).and(&KEYS).rules(RULES);
static BY_MORE_CHARACTERS: ParamTable =
    ParamTable::of(&[optional("text", Text(MAX_LONG_TEXT))]).and(&KEYS).rules(RULES);
static KEYS: [ParamKey; 4] = [
    optional("attachment", OneOf(&ATTACHMENT)),
    optional("attachments", ListOrOne(&IMAGES)),
    optional("quick_replies", List(&QUICK_REPLIES)),
    // The echo does not return it.
    optional("metadata", Text(MAX_METADATA)),
];
const RULES: &[ParamRule] = &[
    ParamRule::AnyOf(&["text", "attachment", "attachments"], &catalogue::MESSAGE_EMPTY),
    ParamRule::AtMostOne(&["text", "attachment", "attachments"], &catalogue::TEXT_AND_ATTACHMENT),
    ParamRule::Needs("quick_replies", "text", &catalogue::MESSAGE_DATA_INVALID),
];

static ATTACHMENT: ParamVariants = ParamVariants {
    key: "type",
    tables: &[
        ("image", &OF_MEDIA),
        ("audio", &OF_MEDIA),
        ("video", &OF_MEDIA),
        ("file", &OF_MEDIA),
        ("like_heart", &OF_HEART),
        ("media_share", &OF_POST),
        ("template", &OF_TEMPLATE),
    ],
    gone: &[],
    unknown: Some(&catalogue::ATTACHMENT_TYPE),
};
static IMAGE: ParamVariants = ParamVariants {
    key: "type",
    tables: &[("image", &OF_MEDIA)],
    gone: &[],
    unknown: Some(&catalogue::ATTACHMENTS_TYPE),
};
static IMAGES: ListOf = ListOf::of(OneOf(&IMAGE), Least::One, MAX_IMAGES).too_many(&catalogue::MESSAGE_DATA_INVALID);
static OF_MEDIA: ParamTable = ParamTable::of(&[required("payload", Object(&MEDIA))]);
static OF_HEART: ParamTable = ParamTable::of(&[]);
static OF_POST: ParamTable = ParamTable::of(&[required("payload", Object(&POST))]);
static POST: ParamTable = ParamTable::of(&[required("id", NonEmptyScalar(MAX_ID))]);
/// The payload is checked after the message, as on Messenger.
static OF_TEMPLATE: ParamTable = ParamTable::of(&[required("payload", Object(&ANY_TEMPLATE))]);
static ANY_TEMPLATE: ParamTable = ParamTable::open();

static QUICK_REPLY: ParamVariants = ParamVariants {
    key: "content_type",
    tables: &[("text", &OF_TEXT), ("user_phone_number", &OF_PERSON), ("user_email", &OF_PERSON)],
    gone: &[],
    unknown: Some(&catalogue::PARAM_VALUE_INVALID),
};
static QUICK_REPLIES: ListOf =
    ListOf::of(OneOf(&QUICK_REPLY), Least::One, MAX_QUICK_REPLIES).too_many(&catalogue::MESSAGE_DATA_INVALID);
static OF_TEXT: ParamTable = ParamTable::of(&[
    needed("title", Text(MAX_TITLE), &catalogue::QUICK_REPLY_TITLE_NEEDED),
    needed("payload", Scalar(MAX_PAYLOAD), &catalogue::QUICK_REPLY_PAYLOAD_NEEDED),
])
.rules(&[
    ParamRule::AnyOf(&["title"], &catalogue::QUICK_REPLY_TITLE_NEEDED),
    ParamRule::AnyOf(&["payload"], &catalogue::QUICK_REPLY_PAYLOAD_NEEDED),
]);
/// Instagram writes the label itself.
static OF_PERSON: ParamTable =
    ParamTable::of(&[optional("title", Text(MAX_TITLE)), optional("payload", Scalar(MAX_PAYLOAD))]);

/// The content of a message in a thread of the account.
pub fn read(call: &Call, account: AssetKey, message: &ParamMap<'_>) -> ParamResult<Content> {
    let table = match call.config().asset(account).knobs.instagram.text_limit {
        TextLimit::Bytes => &BY_BYTES,
        TextLimit::Characters => &BY_CHARACTERS,
        TextLimit::LongCharacters => &BY_MORE_CHARACTERS,
    };
    let message = ParamObject::check(message, table, "message")?;
    let attachments = match message.object("attachment") {
        Some(object) => vec![attachment(call, account, &object)?],
        None => images(call, account, &message)?,
    };
    Ok(Content {
        text: message.text("text").filter(|text| !text.is_empty()),
        attachments,
        quick_replies: message.objects("quick_replies").iter().map(quick_reply).collect(),
    })
}

fn attachment(call: &Call, account: AssetKey, object: &ParamObject<'_>) -> ParamResult<Attachment> {
    let payload = object.object("payload").unwrap_or_default();
    match &*object.variant("type") {
        "like_heart" => Ok(shared(SharedKind::Heart, None)),
        "media_share" => own_post(&payload),
        "template" => {
            payload.check_variant(&TEMPLATE, PLACEHOLDER)?;
            templates::read(call, &payload).map(Attachment::Template)
        }
        kind => media(call, account, MediaKind::parse(kind).unwrap_or(MediaKind::Image), &payload),
    }
}

/// Several images of one message. None of them is saved.
fn images(call: &Call, account: AssetKey, message: &ParamObject<'_>) -> ParamResult<Vec<Attachment>> {
    let image = |object: &ParamObject<'_>| match attachment(call, account, object)? {
        Attachment::Media { kind: kind @ MediaKind::Image, url, .. } => {
            Ok(Attachment::Media { kind, url, reusable: false })
        }
        _ => Err(catalogue::ATTACHMENT_TYPE.error()),
    };
    message.objects_or_one("attachments").iter().map(image).collect()
}

/// A post of the account. The domain knows which there are.
fn own_post(payload: &ParamObject<'_>) -> ParamResult<Attachment> {
    let id = payload.string("id").parse().map_err(|_| catalogue::MESSAGE_DATA_INVALID.error())?;
    Ok(shared(SharedKind::InstagramPost, Some(id)))
}

fn shared(kind: SharedKind, id: Option<u64>) -> Attachment {
    Attachment::Shared(SharedItem { kind, title: None, url: None, id })
}

fn quick_reply(object: &ParamObject<'_>) -> QuickReply {
    let content_type = object.variant("content_type");
    match QuickReplyKind::parse(&content_type).unwrap_or_default() {
        QuickReplyKind::Text => {
            let title: String = object.string("title").chars().take(SHOWN_TITLE).collect();
            QuickReply { title: title.into(), payload: object.string("payload"), ..QuickReply::default() }
        }
        kind => QuickReply { kind, title: content_type.into(), ..QuickReply::default() },
    }
}
