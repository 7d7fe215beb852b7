//! An `admin` step: changes of a page's settings and of what apps may do.

use super::public_step::read_page_action;
use super::read_node::{own_text, verbs_of};
use crate::domain::model::access::{Permission, PermissionSet, TokenEnd};
use crate::domain::model::public_action::PageAction;
use crate::language::node::Node;
use crate::language::schema::vocabulary;
use crate::text::diagnostic::Diagnostic;

/// One change. Names are as the file has them.
#[derive(Debug, Clone)]
pub enum AdminChange {
    DefaultApp(Option<String>),
    /// The primary receiver of the Handover Protocol.
    Primary(Option<String>),
    Standby(String, bool),
    TakeControl(String, bool),
    /// A link, and the app that it leads to.
    Link(String, Option<String>),
    Social(Option<String>),
    Connects(String),
    Disconnects(String),
    /// True if the calls of the Handover Protocol are blocked.
    HandoverApis(bool),
    /// The switch of an Instagram account that lets apps have its messages.
    MessageAccess(bool),
    /// A live broadcast of an Instagram account ends.
    EndsBroadcast(String),
    ExpiresToken(String),
    RevokesToken(String, TokenEnd),
    Permits {
        app: String,
        /// False if the permissions are withdrawn.
        granted: bool,
        permissions: PermissionSet,
    },
    /// False if the app goes back into development.
    Publishes(String, bool),
    IssuesCode {
        app: String,
        user: String,
    },
    /// The owner of an Instagram account logs in to an app.
    LogsIn(String),
    /// What the admin does as the page.
    OnPage(PageAction),
}

/// Reads an `admin` step, which may have several changes.
pub(super) fn read_admin_step(node: &Node) -> Result<Vec<AdminChange>, Diagnostic> {
    let entries = node.entries().iter();
    let changes: Vec<AdminChange> =
        entries.flat_map(|(key, value)| read_changes(key.text().unwrap_or_default(), value)).collect();
    if changes.is_empty() {
        let verbs = verbs_of(&vocabulary::ADMIN_STEP, &["admin", "save"]).join(", ");
        return Err(node.mistake("this `admin` step changes nothing").note(format!("it may have: {verbs}")));
    }
    Ok(changes)
}

/// The changes that one key of the step makes.
fn read_changes(verb: &str, value: &Node) -> Vec<AdminChange> {
    let word = own_text(value);
    match verb {
        "sets_default_app" => vec![AdminChange::DefaultApp(name_or_none(value))],
        "sets_primary" => vec![AdminChange::Primary(name_or_none(value))],
        "sets_standby" => by_name(value, |app, on| Some(AdminChange::Standby(app, on.bool().unwrap_or(false)))),
        "sets_take_control" => {
            by_name(value, |app, on| Some(AdminChange::TakeControl(app, on.bool().unwrap_or(false))))
        }
        "sets_link" => by_name(value, |link, app| Some(AdminChange::Link(link, name_or_none(app)))),
        "sets_social" => vec![AdminChange::Social(name_or_none(value))],
        "connects_app" => vec![AdminChange::Connects(word)],
        "disconnects_app" => vec![AdminChange::Disconnects(word)],
        "sets_handover_apis" => vec![AdminChange::HandoverApis(word == "blocked")],
        "sets_message_access" => vec![AdminChange::MessageAccess(word == "on")],
        "ends_broadcast" => vec![AdminChange::EndsBroadcast(word)],
        "expires_token" => vec![AdminChange::ExpiresToken(word)],
        "revokes_token" => {
            by_name(value, |app, end| Some(AdminChange::RevokesToken(app, TokenEnd::parse(end.text()?)?)))
        }
        "grants" => read_permits(value, true),
        "withdraws" => read_permits(value, false),
        "publishes_app" => vec![AdminChange::Publishes(word, true)],
        "unpublishes_app" => vec![AdminChange::Publishes(word, false)],
        "issues_code" => by_name(value, |app, user| Some(AdminChange::IssuesCode { app, user: own_text(user) })),
        "logs_in" => vec![AdminChange::LogsIn(word)],
        verb => read_page_action(verb, value).map(AdminChange::OnPage).into_iter().collect(),
    }
}

/// One change for each entry of a map from names.
fn by_name(value: &Node, change: impl Fn(String, &Node) -> Option<AdminChange>) -> Vec<AdminChange> {
    value.entries().iter().filter_map(|(name, value)| change(own_text(name), value)).collect()
}

fn name_or_none(node: &Node) -> Option<String> {
    Some(own_text(node)).filter(|word| word != "none")
}

fn read_permits(value: &Node, granted: bool) -> Vec<AdminChange> {
    by_name(value, |app, list| {
        let permissions = list.items().iter().filter_map(|one| Permission::parse(one.text()?)).collect();
        Some(AdminChange::Permits { app, granted, permissions })
    })
}
