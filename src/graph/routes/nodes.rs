//! Nodes: what the first part of a path names, and reading it.

use std::sync::Arc;

use hyper::http::Method;
use serde_json::Value;

use crate::domain::model::ids::{AppId, AppKey, AssetKey, ThreadKey, UserKey};
use crate::domain::model::instagram_ids::{app_scoped_id, is_instagram_conversation, is_instagram_message};
use crate::domain::model::labels::Label;
use crate::domain::model::message::Message;
use crate::domain::model::message_template::MessageTemplate;
use crate::domain::model::platform::{Login, Platform};
use crate::engine::Principal;

use super::table::NodeType;
use crate::graph::edges::notification_tokens::NotificationToken;
use crate::graph::edges::publication::PublicationNode;
use crate::graph::edges::{
    account, app, conversation, instagram_person, labels, message_templates, notification_tokens, page, person,
    personas, publication, user,
};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::http::platform_param;
use crate::graph::http::surface::Surface;
use crate::graph::read::fields::Selection;
use crate::graph::read::message;
use crate::text::suggest;

/// A node that the token can see.
pub enum GraphNode {
    Page(AssetKey),
    /// An Instagram account.
    Account(AssetKey),
    App(AppKey),
    User(UserKey),
    Person,
    Conversation(ThreadKey),
    Message(Arc<Message>),
    Label(Label),
    Persona,
    NotificationToken(NotificationToken),
    MessageTemplate(Box<MessageTemplate>),
    Publication(Box<PublicationNode>),
}

impl GraphNode {
    pub fn node_type(&self) -> NodeType {
        match self {
            Self::Page(_) => NodeType::Page,
            Self::Account(_) => NodeType::Account,
            Self::App(_) => NodeType::App,
            Self::User(_) => NodeType::User,
            Self::Person => NodeType::Person,
            Self::Conversation(_) => NodeType::Conversation,
            Self::Message(_) => NodeType::Message,
            Self::Label(_) => NodeType::Label,
            Self::Persona => NodeType::Persona,
            Self::NotificationToken(_) => NodeType::NotificationToken,
            Self::MessageTemplate(_) => NodeType::MessageTemplate,
            Self::Publication(_) => NodeType::Publication,
        }
    }
}

/// The node of a name: `me`, or an id that the token can see.
pub fn resolve(call: &Call, name: &str) -> Fallible<GraphNode> {
    let config = call.config();
    let unknown = || call.unknown_object(name);
    if name == "me" {
        return match call.holder {
            Principal::Asset(asset, app) if config.asset(asset).login_of(app) == Login::Unified => {
                Err(catalogue::NOT_BUILT.with(&[("what", "`me` of Unified Login, which is a system user,")]).into())
            }
            Principal::Asset(..) => call.page().map(|asset| node_of_asset(call, asset)),
            Principal::App(_) => Err(catalogue::NO_CURRENT_USER.error().into()),
            Principal::User(user, _) => Ok(GraphNode::User(user)),
        };
    }
    if name.starts_with("t_") || is_instagram_conversation(name) {
        let thread = conversation::find(call, name)?.ok_or_else(unknown)?;
        platform_param::check_messages_allowed(call, thread.asset)?;
        return Ok(GraphNode::Conversation(thread));
    }
    if name.starts_with("m_") || is_instagram_message(name) {
        let message = message::find(call, name)?.ok_or_else(unknown)?;
        platform_param::check_messages_allowed(call, message.thread.asset)?;
        return Ok(GraphNode::Message(message));
    }
    if let Some(token) = notification_tokens::find(call, name)? {
        return Ok(GraphNode::NotificationToken(token));
    }
    if let Some(page) = config.asset_by_id(name) {
        return own_page(call, page, name);
    }
    if let Some(account) = account_of_app_scoped_id(call, name) {
        return Ok(GraphNode::Account(account));
    }
    match name.bytes().all(|byte| byte.is_ascii_digit()) {
        true => resolve_number(call, name),
        false if config.people.thread_of(name).is_some() => Ok(GraphNode::Person),
        false if publication::is_id(name) => publication::find(call, name).map(Box::new).map(GraphNode::Publication),
        false => {
            call.warn(format!("`{name}` is no id of this world{}", suggest::did_you_mean(name, ["me"])));
            Err(catalogue::UNKNOWN_ALIAS.with(&[("alias", name)]).into())
        }
    }
}

/// The node of an id that is a number, and not that of a page.
fn resolve_number(call: &Call, id: &str) -> Fallible<GraphNode> {
    let config = call.config();
    if let Some(user) = config.user_by_id(id).filter(|user| is_visible_user(call, *user)) {
        return Ok(GraphNode::User(user));
    }
    if let Some(app) = id.parse().ok().and_then(|id| config.app_by_id(AppId(id))) {
        return Ok(GraphNode::App(app));
    }
    if let Some(label) = labels::find(call, id) {
        return Ok(GraphNode::Label(label));
    }
    if let Some(template) = message_templates::find(call, id) {
        return Ok(GraphNode::MessageTemplate(Box::new(template)));
    }
    match (config.people.thread_of(id), call.holder) {
        (Some(thread), Principal::Asset(own, _)) if call.reaches(own, thread.asset) => Ok(GraphNode::Person),
        (Some(_), Principal::App(_) | Principal::User(..)) => Ok(GraphNode::Person),
        (None, Principal::Asset(page, _)) if personas::exists(call, page, id) => Ok(GraphNode::Persona),
        _ => Err(call.unknown_object(id)),
    }
}

fn node_of_asset(call: &Call, asset: AssetKey) -> GraphNode {
    match call.config().platform(asset) {
        Platform::Messenger => GraphNode::Page(asset),
        Platform::Instagram => GraphNode::Account(asset),
    }
}

/// The account of the token, if the name is the id that the app has for it. Only graph.instagram.com knows such ids.
fn account_of_app_scoped_id(call: &Call, name: &str) -> Option<AssetKey> {
    let Principal::Asset(account, app) = call.holder else { return None };
    let config = call.config();
    let is_meant = || app_scoped_id(config.seed, &config.asset(account).id, config.app(app).id) == name;
    (call.surface == Surface::Instagram && is_meant()).then_some(account)
}

fn own_page(call: &Call, page: AssetKey, name: &str) -> Fallible<GraphNode> {
    let is_visible = match call.holder {
        Principal::Asset(..) => call.page().map(|own| call.reaches(own, page))?,
        Principal::User(user, _) => {
            let page = call.config().asset(page).linked_page().unwrap_or(page);
            call.world().read(|world, _, _| world.settings().tokens.tasks(world.config(), user, page).is_some())
        }
        Principal::App(_) if removes_itself(call) => true,
        Principal::App(_) => return Err(catalogue::PAGE_TOKEN_NEEDED.error().into()),
    };
    match is_visible {
        true => Ok(node_of_asset(call, page)),
        false => Err(call.unknown_object(name)),
    }
}

/// True for an app that leaves a page with its own token: the one call at a page that needs no token of the page.
pub fn removes_itself(call: &Call) -> bool {
    let at_list = matches!(call.segments.as_slice(), [_, edge] if edge == "subscribed_apps");
    at_list && call.method == Method::DELETE && matches!(call.holder, Principal::App(_))
}

/// A user token sees its own user; an app sees every user.
fn is_visible_user(call: &Call, user: UserKey) -> bool {
    match call.holder {
        Principal::User(own, _) => own == user,
        Principal::App(_) => true,
        Principal::Asset(..) => false,
    }
}

/// Handles `GET /{node}`: the node with the fields that were asked for.
pub fn read(call: &Call, node: &GraphNode, name: &str) -> Fallible<Value> {
    let selection = Selection::of(&call.params)?;
    let selection = selection.as_ref();
    match node {
        GraphNode::Page(page) => page::read(call, *page, selection),
        GraphNode::Account(account) => account::read(call, *account, selection),
        GraphNode::App(app) => app::read(call, *app, selection),
        GraphNode::User(user) => user::read(call, *user, selection),
        GraphNode::Person => read_person(call, name, selection),
        GraphNode::Conversation(thread) => conversation::read(call, *thread, selection),
        GraphNode::Message(message) => message::read(call, message, selection),
        GraphNode::Label(label) => labels::read(label, selection),
        GraphNode::Persona => personas::read(call, name, selection),
        GraphNode::NotificationToken(token) => notification_tokens::read(token, selection),
        GraphNode::MessageTemplate(template) => message_templates::read(template, selection),
        GraphNode::Publication(node) => publication::read(call, node, selection),
    }
}

/// A person has another profile on each platform.
fn read_person(call: &Call, id: &str, selection: Option<&Selection>) -> Fallible<Value> {
    let config = call.config();
    match config.people.thread_of(id).map(|thread| config.platform(thread.asset)) {
        Some(Platform::Instagram) => instagram_person::read(call, id, selection),
        _ => person::read(call, id, selection),
    }
}

/// Nodes in one call.
const MAX_IDS: usize = 50;

/// The ids of `GET /?ids=a,b`.
pub fn ids(call: &Call) -> Fallible<Vec<String>> {
    let ids = call.params.list("ids")?.unwrap_or_default();
    match ids.len() {
        0 => Err(catalogue::TOO_FEW_ELEMENTS.with(&[("param", "ids")]).into()),
        1..=MAX_IDS => Ok(ids),
        _ => Err(catalogue::TOO_MANY_ELEMENTS.with(&[("param", "ids")]).into()),
    }
}
