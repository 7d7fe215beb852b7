//! Edges room: a message that can be read: the node `GET /{m_…}`, and what stands in lists of messages.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{IdKind, IdStream, ThreadKey};
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::{Attachment, Author, Message};
use crate::domain::{World, rules};
use crate::wire::content_json;

use super::fields::Selection;
use super::node_kind::{Deep, NodeKind};
use super::parties;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::params;
use crate::graph::send::part::check_count;

/// What can be asked of a message.
pub static MESSAGE: NodeKind = NodeKind {
    fields: &[
        "id",
        "created_time",
        "from",
        "to",
        "message",
        "attachments",
        "tags",
        "reactions",
        "shares",
        "story",
        "is_unsupported",
        "reply_to",
    ],
    default: &["created_time", "id"],
    deep: &[
        ("from", Deep::Object(&parties::PARTY)),
        ("to", Deep::Object(&parties::PARTY)),
        ("attachments", Deep::Object(&ATTACHMENT)),
        ("tags", Deep::Object(&TAG)),
        ("reply_to", Deep::Object(&REPLY_TO)),
        ("shares", Deep::Object(&SHARE)),
        ("story", Deep::Object(&STORY)),
    ],
    ..NodeKind::new("UnifiedMessage")
};
static ATTACHMENT: NodeKind = NodeKind {
    fields: &["id", "mime_type", "name", "size", "file_url", "image_data", "video_data", "generic_template"],
    deep: &[
        ("image_data", Deep::Object(&LOOKS)),
        ("video_data", Deep::Object(&LOOKS)),
        ("generic_template", Deep::Object(&CARD)),
    ],
    ..NodeKind::new("MessageAttachment")
};
static LOOKS: NodeKind = NodeKind {
    fields: &["url", "preview_url", "width", "height", "max_width", "max_height", "image_type", "render_as_sticker"],
    ..NodeKind::new("MessageAttachmentData")
};
static CARD: NodeKind =
    NodeKind { fields: &["title", "subtitle", "media_url", "cta"], ..NodeKind::new("MessageAttachmentTemplate") };
static TAG: NodeKind = NodeKind { fields: &["name"], ..NodeKind::new("MessageTag") };
static SHARE: NodeKind =
    NodeKind { fields: &["id", "link", "name", "description", "template"], ..NodeKind::new("MessageShare") };
static STORY: NodeKind = NodeKind { fields: &["mention", "reply_to"], ..NodeKind::new("MessageStory") };
static REPLY_TO: NodeKind = NodeKind { fields: &["mid", "is_self_reply"], ..NodeKind::new("MessageReplyTo") };
/// Messages of a conversation that can be read; of older ones there is only id and time.
const READABLE: usize = 20;
/// What Meta's inbox marks messages with. `read` is on the person's, `sent` on the page's.
const TAGS: &[&str] =
    &["inbox", "spam", "page_done", "read", "unread", "sent", "source:chat", "source:web", "source:mobile"];

type Parsed<T> = Result<T, Failure>;

/// A message, and its place among those of its conversation.
pub struct Placed {
    message: Arc<Message>,
    /// How many are newer.
    newer: usize,
    tags: Vec<&'static str>,
}

impl Placed {
    /// A message, so many of the same conversation being newer, and so many of those the person's.
    fn of(world: &World, message: &Arc<Message>, newer: usize, of_person: usize) -> Self {
        let thread = world.thread(message.thread);
        let mut tags = vec![thread.map(|thread| thread.folder).unwrap_or_default().name()];
        // What the person wrote since the page last looked is the newest of what they wrote.
        let unread = thread.map_or(0, |thread| thread.unread as usize);
        tags.push(match message.author {
            Author::Person if of_person < unread => "unread",
            Author::Person => "read",
            Author::App(_) | Author::Ad(..) => "sent",
        });
        tags.push("source:chat");
        Self { message: message.clone(), newer, tags }
    }

    fn is_readable(&self) -> bool {
        self.newer < READABLE
    }

    /// Whether the inbox marked it so.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|known| known.eq_ignore_ascii_case(tag))
    }
}

/// The remembered messages of a conversation, newest first.
pub fn placed(world: &World, thread: ThreadKey) -> impl Iterator<Item = Placed> {
    let mut of_person = 0;
    let place = move |(newer, message): (usize, &Arc<Message>)| {
        let placed = Placed::of(world, message, newer, of_person);
        of_person += usize::from(message.author == Author::Person);
        placed
    };
    world.messages(thread).enumerate().map(place)
}

/// The newest message of a conversation.
pub fn newest(world: &World, thread: ThreadKey) -> Option<Placed> {
    placed(world, thread).next()
}

/// Tags that a list is asked for by.
pub fn check_tags(tags: &[String]) -> Parsed<()> {
    check_count(tags.len(), 0, TAGS.len(), "tags")?;
    tags.iter().try_for_each(|tag| params::word("tags", tag, TAGS).map(drop)).map_err(Into::into)
}

/// The message of an id, on the token's page.
pub fn find(call: &Call, mid: &str) -> Parsed<Option<Arc<Message>>> {
    let page = call.page()?;
    let message = call.world().read(|world, _, _| world.message(mid).cloned());
    Ok(message.filter(|message| message.thread.page == page))
}

/// Reads one message.
pub fn read(call: &Call, message: &Arc<Message>, selection: Option<&Selection>) -> Parsed<Value> {
    let placed =
        call.world().read(|world, _, _| placed(world, message.thread).find(|placed| placed.message.mid == message.mid));
    let placed = placed.ok_or_else(|| crate::graph::edges::unknown_object(call, &message.mid))?;
    if !placed.is_readable() {
        return Err(Failure::by_rule(catalogue::MESSAGE_DELETED.error(), rules::MESSAGES_READABLE));
    }
    describe(call, &placed, selection)
}

/// A message as it stands in a list.
pub fn describe(call: &Call, placed: &Placed, selection: Option<&Selection>) -> Parsed<Value> {
    let (message, config) = (&placed.message, call.world().config());
    let (page, person) = (parties::page(config, message.thread.page), parties::person(config, message.thread));
    let (from, to) = if message.author == Author::Person { (person, page) } else { (page, person) };
    MESSAGE.describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(message.mid)),
            "created_time" => Some(json!(parties::time(message.at))),
            _ if !placed.is_readable() => None,
            "from" => Some(from.clone()),
            "to" => Some(json!({ "data": [to] })),
            "message" => Some(json!(message.content.text.as_deref().unwrap_or_default())),
            "attachments" => attachments(config, message),
            "tags" => {
                let tags: Vec<Value> = placed.tags.iter().map(|tag| json!({ "name": tag })).collect();
                Some(json!({ "data": tags }))
            }
            "reactions" => return Err(catalogue::NOT_BUILT.with(&[("what", "the field reactions")]).into()),
            "is_unsupported" => Some(json!(false)),
            "reply_to" => {
                let reply_to = message.reply_to.as_ref();
                reply_to.map(|reply| json!({ "mid": reply.mid, "is_self_reply": reply.is_self_reply }))
            }
            // Links that are shown as cards, and stories: nothing here has them.
            _ => None,
        })
    })
}

fn attachments(config: &Config, message: &Message) -> Option<Value> {
    let content = content_json(&message.content);
    let shown = content.get("attachments")?.as_array()?;
    let attachments = message.content.attachments.iter().zip(shown).zip(0u64..);
    let data = attachments.map(|((attachment, shown), place)| {
        let id = IdStream::named(config.seed, IdKind::Attachment, &message.mid, place).digits(16);
        let mut described = json!({ "id": id.to_string() });
        described_as(attachment, shown).into_iter().for_each(|(key, value)| described[key] = value);
        described
    });
    Some(json!({ "data": data.collect::<Vec<_>>() }))
}

/// Nothing is ever fetched, so that sizes are not known.
fn described_as(attachment: &Attachment, shown: &Value) -> Vec<(&'static str, Value)> {
    match attachment {
        Attachment::Media { kind, url, .. } => {
            let name = file_name(url);
            let looks = json!({ "url": url, "preview_url": url });
            let (key, value) = match kind {
                MediaKind::Image => ("image_data", looks),
                MediaKind::Video => ("video_data", looks),
                MediaKind::Audio | MediaKind::File => ("file_url", json!(url)),
            };
            vec![("mime_type", json!(mime_type(*kind, name))), ("name", json!(name)), (key, value)]
        }
        _ => match card(&shown["payload"]) {
            Some(card) => vec![("generic_template", card)],
            None => vec![("name", shown["type"].clone())],
        },
    }
}

/// What the inbox shows of a template: its first card.
fn card(payload: &Value) -> Option<Value> {
    let card = payload.pointer("/elements/0").unwrap_or(payload);
    let title = card.get("title").or_else(|| card.get("text"))?;
    let mut shown = json!({ "title": title });
    for (key, value) in [("subtitle", card.get("subtitle")), ("media_url", card.get("image_url"))] {
        if let Some(value) = value {
            shown[key] = value.clone();
        }
    }
    if let Some(button) = card.pointer("/buttons/0") {
        shown["cta"] = button.clone();
    }
    Some(shown)
}

fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// By the ending of its name; the usual one of its kind where that says nothing.
fn mime_type(kind: MediaKind, name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match (ending.as_deref(), kind) {
        (Some("png"), _) => "image/png",
        (Some("gif"), _) => "image/gif",
        (Some("webp"), _) => "image/webp",
        (Some("wav"), _) => "audio/wav",
        (Some("webm"), _) => "video/webm",
        (Some("pdf"), _) => "application/pdf",
        (Some("jpg" | "jpeg"), _) | (_, MediaKind::Image) => "image/jpeg",
        (Some("mp3"), _) | (_, MediaKind::Audio) => "audio/mpeg",
        (Some("mp4"), _) | (_, MediaKind::Video) => "video/mp4",
        (_, MediaKind::File) => "application/octet-stream",
    }
}
