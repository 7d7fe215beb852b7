//! Handles `GET /{page}/conversations`, `GET /{page}/threads`, `GET /{conversation}` and `GET /{conversation}/messages`.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey};
use crate::domain::model::message::Message;
use crate::domain::model::platform::Platform;
use crate::domain::model::thread::Folder;
use crate::domain::model::time::Moment;
use crate::domain::{World, rules};

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::platform_param;
use crate::graph::http::response::{Result, json as answer};
use crate::graph::read::fields::{SelectedField, Selection};
use crate::graph::read::listing::{Listing, Paging};
use crate::graph::read::message;
use crate::graph::read::message::InboxMessage;
use crate::graph::read::node_kind::{Nested, NodeKind};
use crate::graph::read::participants;
use crate::graph::read::timestamp::graph_time;

/// The fields of a conversation.
pub static CONVERSATION: NodeKind = NodeKind {
    fields: &[
        "id",
        "link",
        "updated_time",
        "is_owner",
        "can_reply",
        "folder",
        "former_participants",
        "is_subscribed",
        "message_count",
        "messages",
        "name",
        "participants",
        "scoped_thread_key",
        "senders",
        "snippet",
        "unread_count",
        "wallpaper",
    ],
    default_fields: &["link", "updated_time", "id"],
    nested: &[
        ("messages", Nested::Edge(&message::MESSAGE)),
        ("participants", Nested::Object(&participants::PARTICIPANT)),
        ("senders", Nested::Object(&participants::PARTICIPANT)),
        ("former_participants", Nested::Object(&participants::PARTICIPANT)),
    ],
    ..NodeKind::new("UnifiedThread")
};
/// The fields of a conversation on Instagram.
static INSTAGRAM_CONVERSATION: NodeKind = NodeKind {
    fields: &["id", "updated_time", "is_owner", "messages", "participants", "name", "unread_count", "message_count"],
    default_fields: &["id", "updated_time"],
    nested: &[
        ("messages", Nested::Edge(&message::INSTAGRAM_MESSAGE)),
        ("participants", Nested::Object(&participants::INSTAGRAM_PARTICIPANT)),
    ],
    ..NodeKind::new("IGThread")
};

fn kind_on(platform: Platform) -> &'static NodeKind {
    match platform {
        Platform::Messenger => &CONVERSATION,
        Platform::Instagram => &INSTAGRAM_CONVERSATION,
    }
}

/// The parameters of the list of conversations.
pub const PARAMS: &[&str] = &["user_id", "folder", "tags", "platform"];
/// Folders that Meta has and that are always empty here.
const EMPTY_FOLDERS: &[&str] = &["other", "pending"];
/// The most conversations in one answer.
const MAX_CONVERSATIONS: usize = 200;
/// The most messages in one answer.
const MAX_MESSAGES: usize = 100;
/// The most characters of a snippet.
const MAX_SNIPPET: usize = 100;

/// The thread of a conversation of the token's page, if anything has happened in it.
pub fn find(call: &Call, id: &str) -> Fallible<Option<ThreadKey>> {
    let page = call.page()?;
    let has_begun = |thread: &ThreadKey| {
        call.world().read(|world, _, _| world.thread(*thread).is_some_and(|thread| thread.updated.is_some()))
    };
    let found = call.thread_of_conversation(id).filter(|thread| call.reaches(page, thread.asset)).filter(has_begun);
    Ok(found.filter(|thread| !is_gone(call, *thread)))
}

/// True for a message request on Instagram that nobody has answered for long.
fn is_gone(call: &Call, key: ThreadKey) -> bool {
    let is_stale =
        call.world().read(|world, _, now| world.thread(key).is_some_and(|thread| thread.is_stale_request(now)));
    let is_gone = is_stale && call.config().platform(key.asset) == Platform::Instagram;
    if is_gone {
        call.record_read(rules::INSTAGRAM_STALE_REQUEST);
    }
    is_gone
}

/// Handles `GET /{page}/conversations` and `GET /{page}/threads`, and the same of an account: newest first.
pub fn list(call: &Call, node: AssetKey) -> Result {
    let page = platform_param::asset_meant(call, node)?;
    let selection = Selection::of(&call.params)?;
    kind_on(call.config().platform(page)).selected_fields(selection.as_ref())?;
    let path = format!("{}/conversations", call.config().asset(node).id);
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_CONVERSATIONS)? };
    let conversations = matching(call, page)?;
    call.record_read(rules::CONVERSATIONS_READ);
    answer(&listing.page(call, &conversations, |thread| read(call, *thread, selection.as_ref()))?)
}

/// The value of the page's fields `conversations` and `threads`.
pub fn of_page(call: &Call, page: AssetKey, field: &SelectedField) -> Fallible<Value> {
    CONVERSATION.selected_fields(field.nested.as_ref())?;
    let path = format!("{}/conversations", call.config().asset(page).id);
    let listing = Listing { path: &path, paging: Paging::of_field(field, MAX_CONVERSATIONS)? };
    let conversations = call.world().read(|world, _, _| {
        let is_spam = |key: &ThreadKey| world.thread(*key).is_some_and(|thread| thread.folder == Folder::Spam);
        let mut conversations = world.conversations(page);
        conversations.retain(|key| !is_spam(key));
        conversations
    });
    call.record_read(rules::CONVERSATIONS_READ);
    listing.page_of_field(call, field, &conversations, |thread| read(call, *thread, field.nested.as_ref()))
}

/// The conversations that match the parameters. Spam is left out unless `folder` is `spam`.
fn matching(call: &Call, page: AssetKey) -> Fallible<Vec<ThreadKey>> {
    let folder = folder_filter(call)?;
    let tags = call.params.list("tags")?.unwrap_or_default();
    message::check_tags(&tags)?;
    let of = match call.params.text("user_id")? {
        Some(id) => Some(call.thread_on(page, &id)?),
        None => None,
    };
    let on_instagram = call.config().platform(page) == Platform::Instagram;
    let mut has_gone = false;
    let found = call.world().read(|world, _, now| {
        let mut found = match of {
            Some(thread) => vec![thread],
            None => world.conversations(page),
        };
        found.retain(|key| {
            let Some(thread) = world.thread(*key).filter(|thread| thread.updated.is_some()) else { return false };
            if on_instagram && thread.is_stale_request(now) {
                has_gone = true;
                return false;
            }
            let in_folder = match &folder {
                FolderFilter::NoSpam => thread.folder != Folder::Spam,
                FolderFilter::One(folder) => thread.folder == *folder,
                FolderFilter::Empty => false,
            };
            let has = |tag: &String| message::newest(world, *key).is_some_and(|newest| newest.has_tag(tag));
            in_folder && tags.iter().all(has)
        });
        found
    });
    if has_gone {
        call.record_read(rules::INSTAGRAM_STALE_REQUEST);
    }
    Ok(found)
}

/// The parameter `folder`.
enum FolderFilter {
    NoSpam,
    One(Folder),
    /// A folder that is always empty.
    Empty,
}

fn folder_filter(call: &Call) -> Fallible<FolderFilter> {
    let Some(name) = call.params.text("folder")? else { return Ok(FolderFilter::NoSpam) };
    let known = |wanted: &&str| wanted.eq_ignore_ascii_case(&name);
    if let Some(folder) = Folder::ALL.into_iter().find(|folder| known(&folder.name())) {
        return Ok(FolderFilter::One(folder));
    }
    if EMPTY_FOLDERS.iter().any(known) {
        return Ok(FolderFilter::Empty);
    }
    let names: Vec<&str> =
        Folder::ALL.iter().map(|folder| folder.name()).chain(EMPTY_FOLDERS.iter().copied()).collect();
    let words = [("param", "folder"), ("values", &*names.join(", ")), ("got", &*name)];
    Err(catalogue::PARAM_ONE_OF.with(&words).into())
}

/// A conversation as it is now.
struct ConversationState {
    thread: ThreadKey,
    id: String,
    updated: Moment,
    folder: Folder,
    messages: u32,
    unread: u32,
    newest: Option<Arc<Message>>,
    can_reply: bool,
    /// With Conversation Routing only: true if the calling app owns the thread.
    is_owner: Option<bool>,
}

impl ConversationState {
    fn of(world: &World, key: ThreadKey, app: AppKey, now: Moment) -> Self {
        let thread = world.thread(key).cloned().unwrap_or_default();
        let has_owner = world.asset(key.asset).ruleset.multi_app;
        Self {
            thread: key,
            id: world.config().conversation_id(key),
            updated: thread.updated.unwrap_or(thread.last_timestamp),
            folder: thread.folder,
            messages: thread.messages,
            unread: thread.unread,
            newest: world.messages(key).next().cloned(),
            can_reply: world.window_is_open(key, now) && !thread.blocked && !thread.shut_out.is_any(),
            is_owner: has_owner.then(|| world.ownership(key, now).owner == Some(app)),
        }
    }

    fn snippet(&self) -> String {
        let text = self.newest.as_ref().and_then(|message| message.content.text.as_deref());
        text.unwrap_or_default().chars().take(MAX_SNIPPET).collect()
    }
}

/// Handles `GET /{conversation}`.
pub fn read(call: &Call, thread: ThreadKey, selection: Option<&Selection>) -> Fallible<Value> {
    let state = call.world().read(|world, _, now| ConversationState::of(world, thread, call.app(), now));
    let config = call.config();
    let both = || json!({ "data": [participants::person(config, thread), participants::page(config, thread.asset)] });
    kind_on(config.platform(thread.asset)).describe(selection, |field| {
        Ok(match field.name.as_str() {
            "id" | "scoped_thread_key" => Some(json!(state.id)),
            "link" => {
                let digits = state.id.trim_start_matches("t_");
                Some(json!(format!("/{}/inbox/{digits}/?section=messages", config.asset(thread.asset).id)))
            }
            "updated_time" => Some(json!(graph_time(state.updated))),
            "is_owner" => {
                let owner = state.is_owner.map(Value::Bool);
                owner.inspect(|_| call.record_read(rules::CONVERSATION_OWNER))
            }
            "can_reply" => Some(json!(state.can_reply)),
            "folder" => Some(json!(state.folder.name())),
            "former_participants" => Some(json!({ "data": [] })),
            "is_subscribed" => Some(json!(true)),
            "message_count" => Some(json!(state.messages)),
            "messages" => Some(messages_field(call, &state, field)?),
            "participants" | "senders" => Some(both()),
            "snippet" => Some(json!(state.snippet())),
            "unread_count" => Some(json!(state.unread)),
            _ => None,
        })
    })
}

/// The value of the field `messages`.
fn messages_field(call: &Call, state: &ConversationState, field: &SelectedField) -> Fallible<Value> {
    message::kind_on(call.config().platform(state.thread.asset)).selected_fields(field.nested.as_ref())?;
    let path = format!("{}/messages", state.id);
    let listing = Listing { path: &path, paging: Paging::of_field(field, MAX_MESSAGES)? };
    let messages = inbox_messages(call, state.thread);
    message::record_field_rules(call, field.nested.as_ref());
    listing.page_of_field(call, field, &messages, |message| message::describe(call, message, field.nested.as_ref()))
}

fn inbox_messages(call: &Call, thread: ThreadKey) -> Vec<InboxMessage> {
    call.world().read(|world, _, _| message::inbox_messages(world, thread).collect())
}

/// Handles `GET /{conversation}/messages`: newest first.
pub fn messages(call: &Call, thread: ThreadKey) -> Result {
    call.params.word("source", &["ALL", "PARTICIPANTS"])?;
    let selection = Selection::of(&call.params)?;
    message::kind_on(call.config().platform(thread.asset)).selected_fields(selection.as_ref())?;
    let path = format!("{}/messages", call.config().conversation_id(thread));
    let listing = Listing { path: &path, paging: Paging::of_call(call, MAX_MESSAGES)? };
    let messages = inbox_messages(call, thread);
    call.record_read(rules::CONVERSATIONS_READ);
    message::record_field_rules(call, selection.as_ref());
    answer(&listing.page(call, &messages, |message| message::describe(call, message, selection.as_ref()))?)
}
