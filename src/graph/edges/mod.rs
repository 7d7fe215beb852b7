//! Edges room: one file per node or edge. `dispatch` finds the way; an edge reads its parameters, asks the world, and answers.

pub mod activities;
pub mod app;
pub mod attachments;
pub(super) mod conversation;
pub mod custom_user_settings;
pub mod debug_token;
pub mod feature_review;
pub mod insights;
pub mod labels;
pub mod message_templates;
pub mod messages;
pub mod messenger_profile;
pub mod moderation;
pub mod nlp_configs;
pub mod notification_tests;
pub mod notification_tokens;
pub(super) mod oauth;
pub mod other_ids;
pub mod page;
pub mod person;
pub mod personas;
pub mod secondary_receivers;
pub mod subscribed_apps;
pub mod subscriptions;
pub mod thread_control;
pub mod thread_owner;
pub mod unlink_accounts;
pub mod user;

use std::sync::Arc;

use hyper::http::Method;
use serde_json::Value;

use crate::domain::model::ids::{AppKey, PageKey, ThreadKey, UserKey};
use crate::domain::model::labels::Label;
use crate::domain::model::message::Message;
use crate::domain::model::message_template::MessageTemplate;
use crate::engine::{Engine, Principal};

use super::errors::catalogue;
use super::errors::failure::Failure;
use super::http::call::Call;
use super::http::response::{Result, json};
use super::read::fields::Selection;
use super::routes::access;
use crate::text::suggest;

const PAGE_EDGES: &[&str] = &[
    "messages",
    "pass_thread_control",
    "release_thread_control",
    "take_thread_control",
    "request_thread_control",
    "extend_thread_control",
    "pass_thread_metadata",
    "thread_owner",
    "secondary_receivers",
    "subscribed_apps",
    "messenger_profile",
    "custom_user_settings",
    "personas",
    "conversations",
    "threads",
    "message_attachments",
    "custom_labels",
    "moderate_conversations",
    "blocked",
    "messaging_feature_review",
    "nlp_configs",
    "insights",
    "unlink_accounts",
    "notification_message_tokens",
    "notification_messages_dev_support",
    "message_templates",
];
const APP_EDGES: &[&str] = &["subscriptions", "activities", "page_activities"];
const CONVERSATION_EDGES: &[&str] = &["messages"];
const LABEL_EDGES: &[&str] = &["label"];
const PERSON_EDGES: &[&str] = &["custom_labels", "ids_for_pages", "ids_for_apps"];

enum Node {
    Page(PageKey),
    App(AppKey),
    Person,
    Persona,
    User(UserKey),
    Conversation(ThreadKey),
    Message(Arc<Message>),
    Label(Label),
    NotificationToken(notification_tokens::Token),
    MessageTemplate(Box<MessageTemplate>),
}

/// Finds the edge of a call and has it answered.
pub async fn dispatch(engine: &Arc<Engine>, call: &Call) -> Result {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let Some((name, path)) = segments.split_first() else {
        return match call.method == Method::GET && call.params.get("ids").is_some() {
            true => json(&several(call)?),
            false => Err(unknown_object(call, "")),
        };
    };
    match (name, path) {
        (&"oauth", ["access_token"]) => return oauth::exchange(engine, call),
        (&"oauth", ["client_code"]) => return oauth::client_code(engine, call),
        (&"oauth", [edge]) => {
            return Err(catalogue::NOT_BUILT.with(&[("what", &format!("the edge oauth/{edge}"))]).into());
        }
        (&"debug_token", []) if call.method == Method::GET => return debug_token::read(engine, call),
        (&"debug_token", []) => return Err(unknown_object(call, name)),
        _ => {}
    }
    let node = resolve(call, name)?;
    guard(call, &node)?;
    match (&node, path) {
        (_, []) if call.method == Method::GET => json(&read(call, &node, name)?),
        (Node::Persona, []) if call.method == Method::DELETE => personas::delete(call, name),
        (Node::Label(label), []) if call.method == Method::DELETE => labels::delete(call, label),
        (_, []) => Err(unknown_object(call, name)),
        (Node::Page(page), ["subscribed_apps"]) if is_departure(call) => subscribed_apps::leave(call, *page),
        (Node::Page(_), [edge]) if PAGE_EDGES.contains(edge) => page_edge(call, name, edge),
        (Node::User(user), [edge]) if user::EDGES.contains(edge) => user::edge(call, *user, edge),
        (Node::User(user), ["permissions", name]) if call.method == Method::DELETE => {
            user::take_back(call, *user, Some(name))
        }
        (Node::User(_), [edge]) if PAGE_EDGES.contains(edge) => Err(access::no_page_token(&call.method, edge)),
        (Node::Page(_), [edge]) if user::EDGES.contains(edge) => Err(user::not_a_user(edge)),
        (Node::Conversation(thread), [edge]) if CONVERSATION_EDGES.contains(edge) => match call.method {
            Method::GET => conversation::messages(call, *thread),
            _ => Err(unknown_object(call, name)),
        },
        (Node::Label(label), [edge]) if LABEL_EDGES.contains(edge) => match call.method {
            Method::POST | Method::DELETE => labels::label(call, label),
            _ => Err(unknown_object(call, name)),
        },
        (Node::Person, [edge]) if PERSON_EDGES.contains(edge) => person_edge(call, name, edge),
        (Node::App(app), ["activities" | "page_activities"]) => match call.method {
            Method::POST => activities::report(call, *app),
            _ => Err(unknown_object(call, name)),
        },
        (Node::App(app), ["subscriptions"]) => subscriptions::answer(engine, call, *app).await,
        _ => Err(unknown_path(call, &node, path)),
    }
}

/// What stands on an edge of a page needs what the edge needs.
fn guard(call: &Call, node: &Node) -> std::result::Result<(), Failure> {
    match node {
        Node::Conversation(_) | Node::Message(_) => access::check_edge(call, "conversations"),
        Node::Label(_) => access::check_edge(call, "custom_labels"),
        Node::Persona => access::check_edge(call, "personas"),
        Node::MessageTemplate(_) => access::check_edge(call, "message_templates"),
        Node::NotificationToken(_) => access::check_edge(call, "notification_message_tokens"),
        Node::Page(_) | Node::App(_) | Node::Person | Node::User(_) => Ok(()),
    }
}

/// A node with the fields that were asked for.
fn read(call: &Call, node: &Node, name: &str) -> std::result::Result<Value, Failure> {
    let selection = Selection::of(&call.params)?;
    match node {
        Node::Page(page) => page::read(call, *page, selection.as_ref()),
        Node::App(app) => app::read(call, *app, selection.as_ref()),
        Node::Person => person::read(call, name, selection.as_ref()),
        Node::Persona => personas::read(call, name, selection.as_ref()),
        Node::User(user) => user::read(call, *user, selection.as_ref()),
        Node::Conversation(thread) => conversation::read(call, *thread, selection.as_ref()),
        Node::Message(message) => crate::graph::read::message::read(call, message, selection.as_ref()),
        Node::Label(label) => labels::read(label, selection.as_ref()),
        Node::NotificationToken(token) => notification_tokens::read(token, selection.as_ref()),
        Node::MessageTemplate(template) => message_templates::read(template, selection.as_ref()),
    }
}

/// Nodes in one call.
const MAX_IDS: usize = 50;

/// `?ids=a,b`: each node under its id. One that cannot be read fails them all, as with Meta.
fn several(call: &Call) -> std::result::Result<Value, Failure> {
    let ids = call.params.list("ids")?.unwrap_or_default();
    if ids.is_empty() || ids.len() > MAX_IDS {
        let error = if ids.is_empty() { &catalogue::TOO_FEW_ELEMENTS } else { &catalogue::TOO_MANY_ELEMENTS };
        return Err(error.with(&[("param", "ids")]).into());
    }
    let mut nodes = serde_json::Map::new();
    for id in ids {
        let node = resolve(call, &id)?;
        guard(call, &node)?;
        let described = read(call, &node, &id)?;
        nodes.insert(id, described);
    }
    Ok(Value::Object(nodes))
}

fn page_edge(call: &Call, name: &str, edge: &str) -> Result {
    access::check_edge(call, edge)?;
    match (call.method.as_str(), edge) {
        ("POST", "messages") => messages::send(call),
        ("GET", "conversations" | "threads") => conversation::list(call),
        ("GET", "messaging_feature_review") => feature_review::read(call),
        ("POST", "nlp_configs") => nlp_configs::set(call),
        ("GET", "insights") => insights::read(call),
        ("POST", "message_attachments") => attachments::save(call),
        ("POST", "custom_labels") => labels::make(call),
        ("GET", "custom_labels") => labels::of_page(call),
        ("POST", "moderate_conversations") => moderation::moderate(call),
        ("GET", "blocked") => moderation::blocked(call),
        ("POST", "blocked") => moderation::block(call),
        ("DELETE", "blocked") => moderation::unblock(call),
        ("POST", "unlink_accounts") => unlink_accounts::unlink(call),
        ("GET", "notification_message_tokens") => notification_tokens::list(call),
        ("POST", "notification_messages_dev_support") => notification_tests::test(call),
        ("POST", "message_templates") => message_templates::make(call),
        ("GET", "message_templates") => message_templates::list(call),
        ("DELETE", "message_templates") => message_templates::delete(call),
        ("GET", "thread_owner") => thread_owner::read(call),
        ("GET", "secondary_receivers") => secondary_receivers::read(call),
        ("POST", "subscribed_apps") => subscribed_apps::subscribe(call),
        ("GET", "subscribed_apps") => subscribed_apps::read(call),
        ("DELETE", "subscribed_apps") => subscribed_apps::unsubscribe(call),
        ("POST", "messenger_profile") => messenger_profile::set(call),
        ("GET", "messenger_profile") => messenger_profile::read(call),
        ("DELETE", "messenger_profile") => messenger_profile::delete(call),
        ("POST", "custom_user_settings") => custom_user_settings::set(call),
        ("GET", "custom_user_settings") => custom_user_settings::read(call),
        ("DELETE", "custom_user_settings") => custom_user_settings::delete(call),
        ("POST", "personas") => personas::make(call),
        ("GET", "personas") => personas::list(call),
        ("POST", _) if thread_control::knows(edge) => thread_control::answer(call, edge),
        _ => Err(unknown_object(call, name)),
    }
}

fn person_edge(call: &Call, psid: &str, edge: &str) -> Result {
    match (call.method.as_str(), edge) {
        ("GET", "custom_labels") => {
            access::check_edge(call, edge)?;
            labels::of_person(call, psid)
        }
        ("GET", "ids_for_pages") => other_ids::for_pages(call, psid),
        ("GET", "ids_for_apps") => other_ids::for_apps(call, psid),
        _ => Err(unknown_object(call, psid)),
    }
}

/// What the first part of the path names: `me`, or an id that the token can see.
fn resolve(call: &Call, name: &str) -> std::result::Result<Node, Failure> {
    let config = call.world().config();
    if name == "me" {
        return match call.holder {
            Principal::Page(..) => call.page().map(Node::Page),
            Principal::App(_) => Err(catalogue::NO_CURRENT_USER.error().into()),
            Principal::User(user, _) => Ok(Node::User(user)),
        };
    }
    if name.starts_with("t_") {
        return conversation::find(call, name)?.map(Node::Conversation).ok_or_else(|| unknown_object(call, name));
    }
    if name.starts_with("m_") {
        return crate::graph::read::message::find(call, name)?
            .map(Node::Message)
            .ok_or_else(|| unknown_object(call, name));
    }
    if let Some(token) = notification_tokens::find(call, name)? {
        return Ok(Node::NotificationToken(token));
    }
    if !name.bytes().all(|byte| byte.is_ascii_digit()) && config.page_by_id(name).is_none() {
        if config.people.thread_of(name).is_some() {
            return Ok(Node::Person);
        }
        call.warn(format!("`{name}` is no id of this world{}", suggest::did_you_mean(name, ["me"])));
        return Err(catalogue::UNKNOWN_ALIAS.with(&[("alias", name)]).into());
    }
    if let Some(page) = config.page_by_id(name) {
        return own_page(call, page, name);
    }
    if let Some(user) = config.user_by_id(name).filter(|user| user::visible(call, *user)) {
        return Ok(Node::User(user));
    }
    if let Some(app) = name.parse().ok().and_then(|id| config.app_by_id(crate::domain::model::ids::AppId(id))) {
        return Ok(Node::App(app));
    }
    if let Some(label) = labels::find(call, name) {
        return Ok(Node::Label(label));
    }
    if let Some(template) = message_templates::find(call, name) {
        return Ok(Node::MessageTemplate(Box::new(template)));
    }
    match (config.people.thread_of(name), call.holder) {
        (Some(thread), Principal::Page(page, _)) if thread.page == page => Ok(Node::Person),
        (Some(_), Principal::App(_) | Principal::User(..)) => Ok(Node::Person),
        (None, Principal::Page(page, _)) if personas::knows(call, page, name) => Ok(Node::Persona),
        _ => Err(unknown_object(call, name)),
    }
}

fn own_page(call: &Call, page: PageKey, name: &str) -> std::result::Result<Node, Failure> {
    match call.holder {
        Principal::Page(..) if call.page()? == page => Ok(Node::Page(page)),
        Principal::Page(..) => Err(unknown_object(call, name)),
        Principal::User(user, _) if user::administrates(call, user, page) => Ok(Node::Page(page)),
        Principal::User(..) => Err(unknown_object(call, name)),
        Principal::App(_) if is_departure(call) => Ok(Node::Page(page)),
        Principal::App(_) => Err(catalogue::PAGE_TOKEN_NEEDED.error().into()),
    }
}

/// An app leaves a page with its own token: the one call at a page that needs no token of the page.
fn is_departure(call: &Call) -> bool {
    let at_list = matches!(call.segments.as_slice(), [_, edge] if edge == "subscribed_apps");
    at_list && call.method == Method::DELETE && matches!(call.holder, Principal::App(_))
}

pub fn unknown_object(call: &Call, id: &str) -> Failure {
    call.unknown_object(id)
}

fn unknown_path(call: &Call, node: &Node, path: &[&str]) -> Failure {
    let known = match node {
        Node::Page(_) => PAGE_EDGES,
        Node::App(_) => APP_EDGES,
        Node::Persona | Node::Message(_) | Node::NotificationToken(_) | Node::MessageTemplate(_) => &[],
        Node::User(_) => user::EDGES,
        Node::Conversation(_) => CONVERSATION_EDGES,
        Node::Label(_) => LABEL_EDGES,
        Node::Person => PERSON_EDGES,
    };
    let later = match node {
        Node::Page(_) => crate::graph::routes::not_built::PAGE_EDGES,
        Node::User(_) => crate::graph::routes::not_built::USER_EDGES,
        Node::App(_) => crate::graph::routes::not_built::APP_EDGES,
        _ => &[],
    };
    if let Some(later) = path.first().filter(|edge| later.contains(edge)) {
        return catalogue::NOT_BUILT.with(&[("what", &format!("the edge {later}"))]).into();
    }
    let rest = path.join("/");
    let nearest = suggest::did_you_mean(path.first().unwrap_or(&""), known.iter().copied());
    call.warn(format!("unknown path `/{rest}`{nearest}"));
    catalogue::UNKNOWN_PATH.with(&[("rest", &rest)]).into()
}
