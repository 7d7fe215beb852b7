//! The JSON of an attachment. The order of the fields is Meta's.

use serde::Serialize;

use crate::domain::model::message::Attachment;
use crate::domain::model::shared_item::{SharedItem, SharedKind, Sticker, StickerForm};
use crate::domain::model::template::Template;

use super::template_json::{ElementJson, TemplateJson, buttons_without_text, elements_json, media_url, template_json};

/// How a page shows the attachments that Meta has shown in several forms.
#[derive(Debug, Clone, Copy)]
pub(super) struct AttachmentForms {
    pub stickers: StickerForm,
    /// True if title and URL of a shared link stand beside `payload: null`, instead of in it.
    pub link_beside_payload: bool,
    /// True if the ids of reels and posts are text instead of numbers.
    pub ids_as_text: bool,
    /// True if the cards of a template stand in `generic`, and nothing beside them.
    pub cards_in_generic: bool,
}

impl AttachmentForms {
    /// The forms in which people see attachments.
    pub const SHOWN: Self = Self {
        stickers: StickerForm::Sticker,
        link_beside_payload: false,
        ids_as_text: false,
        cards_in_generic: false,
    };
    /// The forms of Instagram.
    pub const INSTAGRAM: Self = Self { ids_as_text: true, cards_in_generic: true, ..Self::SHOWN };
}

#[derive(Serialize)]
pub(super) struct AttachmentJson<'e> {
    /// Meta puts title and URL of a media template and of a place beside it, and the text of a button template as the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'e str>,
    r#type: &'static str,
    /// Absent for what has no content of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<PayloadJson<'e>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PayloadJson<'e> {
    Url(UrlJson<'e>),
    Shared(SharedJson<'e>),
    Location(LocationJson),
    Template(TemplateJson<'e>),
    Story(SharedStoryJson<'e>),
    Cards(CardsJson<'e>),
    /// It is `null`.
    Nothing(()),
}

#[derive(Serialize)]
struct UrlJson<'e> {
    url: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sticker_id: Option<u64>,
}

#[derive(Serialize, Default)]
struct SharedJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reel_video_id: Option<ItemId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<ItemId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ig_post_media_id: Option<ItemId>,
}

/// A number, or text on Instagram.
#[derive(Serialize)]
#[serde(untagged)]
enum ItemId {
    Number(u64),
    Text(String),
}

#[derive(Serialize)]
struct SharedStoryJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    story_media_id: Option<ItemId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    story_media_url: Option<&'e str>,
}

/// Cards on Instagram. What somebody shared and of which Instagram says nothing has none.
#[derive(Serialize, Default)]
struct CardsJson<'e> {
    generic: ElementsJson<'e>,
}

#[derive(Serialize, Default)]
struct ElementsJson<'e> {
    elements: Vec<ElementJson<'e>>,
}

#[derive(Serialize)]
struct LocationJson {
    coordinates: CoordinatesJson,
}

#[derive(Serialize)]
struct CoordinatesJson {
    lat: f64,
    long: f64,
}

/// An attachment, as a webhook has it; a sticker may be two.
pub(super) fn attachments_json(
    attachment: &Attachment,
    forms: AttachmentForms,
) -> impl Iterator<Item = AttachmentJson<'_>> {
    let (first, second) = match (attachment, forms.stickers) {
        (Attachment::Sticker(sticker), StickerForm::Both) => {
            (sticker_json(sticker, "sticker"), Some(sticker_json(sticker, "image")))
        }
        (Attachment::Sticker(sticker), StickerForm::Image) => (sticker_json(sticker, "image"), None),
        (Attachment::Template(Template::Generic { elements, .. }), _) if forms.cards_in_generic => {
            let generic = ElementsJson { elements: elements_json(elements) };
            let payload = Some(PayloadJson::Cards(CardsJson { generic }));
            (AttachmentJson { title: None, url: None, r#type: "template", payload }, None)
        }
        (Attachment::Template(Template::Button { text, buttons }), _) => {
            let payload = Some(PayloadJson::Template(buttons_without_text(buttons)));
            (AttachmentJson { title: Some(text), url: None, r#type: "template", payload }, None)
        }
        _ => (attachment_json(attachment, forms), None),
    };
    [first].into_iter().chain(second)
}

/// An attachment, of which a sticker has only its own type.
pub(super) fn attachment_json(attachment: &Attachment, forms: AttachmentForms) -> AttachmentJson<'_> {
    let plain = |r#type, payload| AttachmentJson { title: None, url: None, r#type, payload: Some(payload) };
    match attachment {
        Attachment::Media { kind, url, .. } => plain(kind.name(), PayloadJson::Url(UrlJson { url, sticker_id: None })),
        Attachment::Location { latitude, longitude, title, url } => {
            let coordinates = CoordinatesJson { lat: *latitude, long: *longitude };
            let payload = Some(PayloadJson::Location(LocationJson { coordinates }));
            AttachmentJson { title: title.as_deref(), url: url.as_deref(), r#type: "location", payload }
        }
        Attachment::Sticker(sticker) => sticker_json(sticker, "sticker"),
        Attachment::Shared(shared) => shared_json(shared, forms),
        Attachment::Template(template) => {
            let url = media_url(template);
            let payload = Some(PayloadJson::Template(template_json(template)));
            AttachmentJson { title: url.map(|_| ""), url, r#type: "template", payload }
        }
    }
}

fn sticker_json<'e>(sticker: &'e Sticker, r#type: &'static str) -> AttachmentJson<'e> {
    let payload = Some(PayloadJson::Url(UrlJson { url: &sticker.url, sticker_id: Some(sticker.id) }));
    AttachmentJson { title: None, url: None, r#type, payload }
}

fn shared_json(shared: &SharedItem, forms: AttachmentForms) -> AttachmentJson<'_> {
    let (title, url, r#type) = (shared.title.as_deref(), shared.url.as_deref(), shared.kind.type_name());
    if shared.kind == SharedKind::Link && forms.link_beside_payload {
        return AttachmentJson { title, url, r#type, payload: Some(PayloadJson::Nothing(())) };
    }
    AttachmentJson { title: None, url: None, r#type, payload: shared_payload(shared, forms) }
}

fn shared_payload(shared: &SharedItem, forms: AttachmentForms) -> Option<PayloadJson<'_>> {
    let id = || shared.id.map(|id| if forms.ids_as_text { ItemId::Text(id.to_string()) } else { ItemId::Number(id) });
    let (title, url) = (shared.title.as_deref(), shared.url.as_deref());
    let plain = SharedJson { url, title, ..SharedJson::default() };
    Some(match shared.kind {
        SharedKind::Link | SharedKind::Permalink | SharedKind::StoryMention => PayloadJson::Shared(plain),
        SharedKind::Reel | SharedKind::InstagramReel => {
            PayloadJson::Shared(SharedJson { reel_video_id: id(), ..plain })
        }
        SharedKind::Post => PayloadJson::Shared(SharedJson { id: id(), ..plain }),
        SharedKind::InstagramPost => PayloadJson::Shared(SharedJson { ig_post_media_id: id(), ..plain }),
        SharedKind::Story => PayloadJson::Story(SharedStoryJson { story_media_id: id(), story_media_url: url }),
        SharedKind::Comment | SharedKind::SharedAd => PayloadJson::Cards(CardsJson::default()),
        SharedKind::Ephemeral | SharedKind::Heart | SharedKind::Gif | SharedKind::Poll | SharedKind::Profile => {
            return None;
        }
    })
}
