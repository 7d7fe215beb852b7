//! Messages that apps can read: the node `GET /{m_…}`, and the items of lists of messages.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::model::config::Config;
use crate::domain::model::ids::{IdKind, IdStream, ThreadKey};
use crate::domain::model::media::MediaKind;
use crate::domain::model::message::{Attachment, Author, Message};
use crate::domain::model::platform::Platform;
use crate::domain::{World, rules};
use crate::wire::content_json;

use super::fields::Selection;
use super::node_kind::{Nested, NodeKind};
use super::participants;
use super::reaction;
use super::story;
use super::timestamp::graph_time;
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Failure;
use crate::graph::http::call::Call;
use crate::graph::http::params;
use crate::graph::http::params::check_count;

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
        "sticker",
        "story",
        "is_unsupported",
        "reply_to",
    ],
    default_fields: &["created_time", "id"],
    nested: &[
        ("from", Nested::Object(&participants::PARTICIPANT)),
        ("to", Nested::Object(&participants::PARTICIPANT)),
        ("attachments", Nested::Object(&ATTACHMENT)),
        ("tags", Nested::Object(&TAG)),
        ("reply_to", Nested::Object(&REPLY_TO)),
        ("reactions", Nested::Object(&reaction::REACTION)),
        ("shares", Nested::Object(&SHARE)),
        ("story", Nested::Object(&STORY)),
    ],
    ..NodeKind::new("UnifiedMessage")
};
/// A message of Instagram.
pub static INSTAGRAM_MESSAGE: NodeKind = NodeKind {
    fields: &[
        "id",
        "created_time",
        "from",
        "to",
        "message",
        "attachments",
        "reactions",
        "shares",
        "story",
        "is_unsupported",
        "reply_to",
    ],
    default_fields: &["id", "created_time"],
    nested: &[
        ("from", Nested::Object(&participants::INSTAGRAM_PARTICIPANT)),
        ("to", Nested::Object(&participants::INSTAGRAM_PARTICIPANT)),
        ("attachments", Nested::Object(&ATTACHMENT)),
        ("reply_to", Nested::Object(&REPLY_TO)),
        ("reactions", Nested::Object(&reaction::INSTAGRAM_REACTION)),
        ("shares", Nested::Object(&SHARE)),
        ("story", Nested::Object(&STORY)),
    ],
    ..NodeKind::new("IGMessage")
};

/// The fields of a message.
pub fn kind_on(platform: Platform) -> &'static NodeKind {
    match platform {
        Platform::Messenger => &MESSAGE,
        Platform::Instagram => &INSTAGRAM_MESSAGE,
    }
}

static ATTACHMENT: NodeKind = NodeKind {
    fields: &["id", "mime_type", "name", "size", "file_url", "image_data", "video_data", "generic_template"],
    nested: &[
        ("image_data", Nested::Object(&MEDIA)),
        ("video_data", Nested::Object(&MEDIA)),
        ("generic_template", Nested::Object(&CARD)),
    ],
    ..NodeKind::new("MessageAttachment")
};
static MEDIA: NodeKind = NodeKind {
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
/// Only so many of the newest messages of a conversation can be read. Older ones have only an id and a time.
const READABLE: usize = 20;
/// The tags of Meta's inbox. The person's messages are `read` or `unread`, the page's are `sent`.
const TAGS: &[&str] =
    &["inbox", "spam", "page_done", "read", "unread", "sent", "source:chat", "source:web", "source:mobile"];

/// A message with its place in the conversation and its tags in the inbox.
pub struct InboxMessage {
    message: Arc<Message>,
    /// How many messages of the conversation are newer.
    newer: usize,
    tags: Vec<&'static str>,
}

impl InboxMessage {
    /// `newer` messages of the conversation are newer than this one; the person wrote `newer_of_person` of them.
    fn new(world: &World, message: &Arc<Message>, newer: usize, newer_of_person: usize) -> Self {
        let thread = world.thread(message.thread);
        let mut tags = vec![thread.map(|thread| thread.folder).unwrap_or_default().name()];
        // The unread messages are the newest ones that the person wrote.
        let unread = thread.map_or(0, |thread| thread.unread as usize);
        tags.extend_from_slice(match message.author {
            Author::Person if newer_of_person < unread => &["unread", "source:chat"],
            Author::Person => &["read", "source:chat"],
            // A human wrote it.
            Author::App(app) if app == world.config().inbox() => &["read", "sent", "source:web"],
            Author::App(_) | Author::Ad(..) => &["sent", "source:chat"],
        });
        Self { message: message.clone(), newer, tags }
    }

    fn is_readable(&self) -> bool {
        self.newer < READABLE && !self.message.is_unsent
    }

    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|known| known.eq_ignore_ascii_case(tag))
    }
}

/// The remembered messages of a conversation, newest first.
pub fn inbox_messages(world: &World, thread: ThreadKey) -> impl Iterator<Item = InboxMessage> {
    let mut of_person = 0;
    world.messages(thread).enumerate().map(move |(newer, message)| {
        let inbox_message = InboxMessage::new(world, message, newer, of_person);
        of_person += usize::from(message.author == Author::Person);
        inbox_message
    })
}

/// The newest message of a conversation.
pub fn newest(world: &World, thread: ThreadKey) -> Option<InboxMessage> {
    inbox_messages(world, thread).next()
}

/// Checks the tags by which a call filters messages.
pub fn check_tags(tags: &[String]) -> Result<(), Failure> {
    check_count(tags.len(), 0, TAGS.len(), "tags")?;
    tags.iter().try_for_each(|tag| params::word("tags", tag, TAGS).map(drop)).map_err(Into::into)
}

/// The message with this id, if it is on the token's page.
pub fn find(call: &Call, mid: &str) -> Result<Option<Arc<Message>>, Failure> {
    let page = call.page()?;
    let message = call.world().read(|world, _, _| world.message(mid).cloned());
    Ok(message.filter(|message| call.reaches(page, message.thread.asset)))
}

/// Answers a read of one message.
pub fn read(call: &Call, message: &Arc<Message>, selection: Option<&Selection>) -> Result<Value, Failure> {
    let found = call.world().read(|world, _, _| {
        inbox_messages(world, message.thread).find(|inbox_message| inbox_message.message.mid == message.mid)
    });
    let inbox_message = found.ok_or_else(|| call.unknown_object(&message.mid))?;
    if !inbox_message.is_readable() {
        let rule = if message.is_unsent { rules::MESSAGE_UNSENT } else { rules::MESSAGES_READABLE };
        return Err(Failure::by_rule(catalogue::MESSAGE_DELETED.error(), rule));
    }
    record_field_rules(call, selection);
    describe(call, &inbox_message, selection)
}

/// Records which rules of single fields the answer to a read rests on, once for all its messages.
pub fn record_field_rules(call: &Call, selection: Option<&Selection>) {
    let is_selected = |name: &str| selection.is_some_and(|fields| fields.0.iter().any(|field| field.name == name));
    for (field, rule) in [("tags", rules::MESSAGE_TAGS), ("reactions", rules::REACTIONS_READ)] {
        if is_selected(field) {
            call.record_read(rule);
        }
    }
}

/// A message as JSON with the selected fields.
pub fn describe(call: &Call, inbox_message: &InboxMessage, selection: Option<&Selection>) -> Result<Value, Failure> {
    let (message, config) = (&inbox_message.message, call.config());
    let (page, person) =
        (participants::page(config, message.thread.asset), participants::person(config, message.thread));
    let (from, to) = if message.author == Author::Person { (person, page) } else { (page, person) };
    let platform = config.platform(message.thread.asset);
    let on_instagram = platform == Platform::Instagram;
    kind_on(platform).describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" => Some(json!(message.mid)),
            "created_time" => Some(json!(graph_time(message.at))),
            _ if !inbox_message.is_readable() => None,
            "from" => Some(from.clone()),
            "to" => Some(json!({ "data": [to] })),
            "message" => Some(json!(message.content.text.as_deref().unwrap_or_default())),
            "attachments" => attachments(config, message),
            "tags" => {
                let tags: Vec<Value> = inbox_message.tags.iter().map(|tag| json!({ "name": tag })).collect();
                Some(json!({ "data": tags }))
            }
            "reactions" => {
                let reactions = reaction::of_message(call, message);
                (!reactions.is_empty()).then(|| json!({ "data": reactions }))
            }
            "is_unsupported" => Some(json!(story::is_unsupported(message))),
            "reply_to" => {
                let reply_to = message.reply_to.as_ref();
                reply_to.map(|reply| json!({ "mid": reply.mid, "is_self_reply": reply.is_self_reply }))
            }
            "sticker" => sticker_url(message).map(|url| json!(url)),
            // What people share on Instagram exists only in the webhook.
            "shares" if on_instagram => None,
            "shares" => shares(message),
            "story" => story::of_message(message),
            _ => None,
        })
    })
}

fn sticker_url(message: &Message) -> Option<&str> {
    message.content.attachments.iter().find_map(|attachment| match attachment {
        Attachment::Sticker(sticker) => Some(&*sticker.url),
        _ => None,
    })
}

/// The links, reels and posts that the person shared.
fn shares(message: &Message) -> Option<Value> {
    let shared = message.content.attachments.iter().filter_map(|attachment| match attachment {
        Attachment::Shared(shared) => Some(shared),
        _ => None,
    });
    let described = shared.map(|shared| {
        let mut share = json!({ "link": shared.url, "name": shared.title, "id": shared.id.map(|id| id.to_string()) });
        share.as_object_mut().into_iter().for_each(|share| share.retain(|_, value| !value.is_null()));
        share
    });
    let data: Vec<Value> = described.collect();
    (!data.is_empty()).then(|| json!({ "data": data }))
}

fn attachments(config: &Config, message: &Message) -> Option<Value> {
    let content = content_json(&message.content);
    let shown = content.get("attachments")?.as_array()?;
    let attachments = message.content.attachments.iter().zip(shown).zip(0u64..);
    // What a person shares stands in `shares`.
    let attachments = attachments.filter(|((attachment, _), _)| !matches!(attachment, Attachment::Shared(_)));
    let data = attachments.map(|((attachment, shown), place)| {
        let id = IdStream::named(config.seed, IdKind::Attachment, &message.mid, place).digits(16);
        let mut described = json!({ "id": id.to_string() });
        attachment_fields(attachment, shown).into_iter().for_each(|(key, value)| described[key] = value);
        described
    });
    let data: Vec<Value> = data.collect();
    (!data.is_empty()).then(|| json!({ "data": data }))
}

/// The fields that depend on the kind of attachment. graphdouble never fetches files, so it knows no sizes.
fn attachment_fields(attachment: &Attachment, shown: &Value) -> Vec<(&'static str, Value)> {
    match attachment {
        Attachment::Media { kind, url, .. } => {
            let name = file_name(url);
            let media = json!({ "url": url, "preview_url": url });
            let (key, value) = match kind {
                MediaKind::Image => ("image_data", media),
                MediaKind::Video => ("video_data", media),
                MediaKind::Audio | MediaKind::File => ("file_url", json!(url)),
            };
            vec![("mime_type", json!(mime_type(*kind, name))), ("name", json!(name)), (key, value)]
        }
        Attachment::Sticker(sticker) => {
            let media = json!({ "url": sticker.url, "preview_url": sticker.url, "render_as_sticker": true });
            vec![("mime_type", json!("image/png")), ("image_data", media)]
        }
        _ => match first_card(&shown["payload"]) {
            Some(card) => vec![("generic_template", card)],
            None => vec![("name", shown["type"].clone())],
        },
    }
}

/// The inbox shows the first card of a template.
fn first_card(payload: &Value) -> Option<Value> {
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

/// The type that the file's extension stands for, or else the usual type of this kind of media.
fn mime_type(kind: MediaKind, name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match (extension.as_deref(), kind) {
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
