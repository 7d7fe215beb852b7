//! The table of calls: one row for each method of an edge, or of a node itself, that is built. Dispatch, permissions, the words of faults,
//! "did you mean" and the errors for what is not there read it, and nothing else knows what there is.
//!
//! To add an edge: a handler in a file of `edges/`, and a row here.

use hyper::http::Method;

use crate::domain::model::access::{Permission, Task};
use crate::domain::model::ids::{AppKey, AssetKey, ThreadKey, UserKey};
use crate::domain::model::labels::Label;
use crate::domain::model::message::Message;
use crate::engine::Engine;

use crate::graph::edges::{
    account_subscription, activities, attachments, conversation, custom_user_settings, debug_token, feature_review,
    insights, instagram_login, instagram_messages, labels, message_reactions, message_templates, messages,
    messenger_profile, moderation, nlp_configs, notification_tests, notification_tokens, oauth, other_ids, personas,
    secondary_receivers, subscribed_apps, subscriptions, thread_control, thread_owner, unlink_accounts, user,
    welcome_message_flows,
};
use crate::graph::http::access::PageAccess;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, ResultFuture};

type KnownParams = Option<&'static [&'static str]>;
type FaultWord = Option<&'static str>;

/// A row of the table.
#[derive(Debug)]
pub struct GraphRoute {
    pub node: NodeType,
    pub method: Method,
    /// The name of the edge; empty for the node itself.
    pub edge: &'static str,
    pub access: Access,
    /// The word by which a fault names such calls. Without one, only a fault at `any` call meets them.
    pub fault_word: FaultWord,
    /// A parameter that makes it another kind of call, and the word for that.
    pub fault_word_with: Option<(&'static str, &'static str)>,
    /// The parameters that it takes, beside those of every call. The call is warned of others. `None` where the handler itself says
    /// what it takes, or where nothing is said.
    pub params: KnownParams,
    pub handler: Handler,
}

/// What a call is made to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeType {
    /// The Graph API itself: paths that begin with a word.
    Root,
    Page,
    /// An Instagram account.
    Account,
    App,
    User,
    /// A person, by a PSID.
    Person,
    Conversation,
    Message,
    Label,
    Persona,
    NotificationToken,
    MessageTemplate,
    /// A post or a comment on a page.
    Publication,
}

/// What a token must be good for.
#[derive(Debug, Clone, Copy)]
pub enum Access {
    /// Any token; the handler may look closer.
    Any,
    /// A page token with a permission and a task.
    Page(PageAccess),
    /// A page token. The handler checks permission and task, after the parameters.
    PageByHandler,
    /// As much as the node itself needs, which is checked first.
    AsNode,
    /// The user's own token.
    UserToken,
    /// The app's own token.
    AppToken,
    /// Any token of the app. Others do not see it.
    OfApp,
}

/// The function that answers, by what it is called with.
#[derive(Debug)]
pub enum Handler {
    /// Reads the node with the fields that were asked for: `nodes::read`.
    Read,
    Root(fn(&Engine, &Call) -> Result),
    Page(fn(&Call, AssetKey) -> Result),
    App(fn(&Call, AppKey) -> Result),
    /// The only one that waits, and so the only one that pays for a future on the heap.
    AppAsync(for<'c> fn(&'c Engine, &'c Call, AppKey) -> ResultFuture<'c>),
    User(fn(&Call, UserKey) -> Result),
    Person(fn(&Call, ThreadKey) -> Result),
    Conversation(fn(&Call, ThreadKey) -> Result),
    Message(fn(&Call, &Message) -> Result),
    Label(fn(&Call, &Label) -> Result),
    /// With the id of the persona.
    Persona(fn(&Call, &str) -> Result),
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const DELETE: Method = Method::DELETE;

const MESSAGING: Access = Access::Page(PageAccess::new(Permission::PagesMessaging, Task::Messaging));
const ENGAGEMENT: Access = Access::Page(PageAccess::ENGAGEMENT);
const METADATA: Access = Access::Page(PageAccess::new(Permission::PagesManageMetadata, Task::Messaging));
const METADATA_MODERATE: Access = Access::Page(subscribed_apps::ACCESS);
const METADATA_ANY_TASK: Access = Access::Page(PageAccess { permission: Permission::PagesManageMetadata, task: None });
const UTILITY: Access = Access::Page(PageAccess::new(Permission::PagesUtilityMessaging, Task::Messaging));

/// Every edge that is built. The order is that of the words of faults in schemas and documentation; the most frequent call comes first.
/// Where a method is missing, the first row of the edge says what a call needs to learn that.
#[rustfmt::skip]
pub const EDGES: &[GraphRoute] = &[
    page(POST,   "messages",                MESSAGING,  Some("send"),                Some(messages::PARAMS), messages::send)
        .word_with("sender_action", "sender_action"),

    page(POST,   "pass_thread_control",     MESSAGING,  Some("pass"),                Some(thread_control::PARAMS), thread_control::pass),
    // A fault knows a call by method and name: the words are those of the rows of pages.
    account(POST, "messages",               MESSAGING,  Some(instagram_messages::PARAMS), instagram_messages::send),
    // Instagram Login has these two and no other call of thread control.
    account(POST, "passthreadcontrol",      MESSAGING,  Some(thread_control::PARAMS), thread_control::pass),
    account(POST, "releasethreadcontrol",   MESSAGING,  Some(thread_control::PARAMS), thread_control::release),

    page(POST,   "release_thread_control",  MESSAGING,  Some("release"),             Some(thread_control::PARAMS), thread_control::release),
    page(POST,   "take_thread_control",     MESSAGING,  Some("take"),                Some(thread_control::PARAMS), thread_control::take),
    page(POST,   "request_thread_control",  MESSAGING,  Some("request"),             Some(thread_control::PARAMS), thread_control::request),
    page(POST,   "extend_thread_control",   MESSAGING,  Some("extend"),              Some(thread_control::PARAMS), thread_control::extend),
    page(POST,   "pass_thread_metadata",    MESSAGING,  Some("metadata"),            Some(thread_control::PARAMS), thread_control::pass_metadata),
    page(GET,    "thread_owner",            MESSAGING,  Some("thread_owner"),        Some(&["recipient", "platform"]), thread_owner::read),
    page(GET,    "secondary_receivers",     MESSAGING,  Some("secondary_receivers"), Some(&["fields", "platform"]), secondary_receivers::list),

    page(POST,   "messenger_profile",       MESSAGING,  Some("messenger_profile_set"),    None, messenger_profile::set),
    page(GET,    "messenger_profile",       MESSAGING,  Some("messenger_profile_read"),   None, messenger_profile::read),
    page(DELETE, "messenger_profile",       MESSAGING,  Some("messenger_profile_delete"), None, messenger_profile::delete),
    account(POST,   "messenger_profile",    MESSAGING,                              None, messenger_profile::set),
    account(GET,    "messenger_profile",    MESSAGING,                              None, messenger_profile::read),
    account(DELETE, "messenger_profile",    MESSAGING,                              None, messenger_profile::delete),
    page(POST,   "custom_user_settings",    MESSAGING,  Some("user_settings_set"),        Some(&["psid", "persistent_menu"]), custom_user_settings::set),
    page(GET,    "custom_user_settings",    MESSAGING,  Some("user_settings_read"),       Some(&["psid"]), custom_user_settings::read),
    page(DELETE, "custom_user_settings",    MESSAGING,  Some("user_settings_delete"),     Some(&["psid", "params"]), custom_user_settings::delete),
    page(POST,   "personas",                MESSAGING,  Some("persona_make"),             Some(&["name", "profile_picture_url"]), personas::create),
    page(GET,    "personas",                MESSAGING,  Some("personas_read"),            Some(&[]), personas::list),

    page(POST,   "welcome_message_flows",   MESSAGING,  None,                        Some(welcome_message_flows::PARAMS), welcome_message_flows::set),
    page(GET,    "welcome_message_flows",   MESSAGING,  None,                        Some(&["flow_id"]), welcome_message_flows::list),
    page(DELETE, "welcome_message_flows",   MESSAGING,  None,                        Some(&["flow_id"]), welcome_message_flows::delete),
    account(POST,   "welcome_message_flows", MESSAGING, Some(welcome_message_flows::PARAMS), welcome_message_flows::set),
    account(GET,    "welcome_message_flows", MESSAGING, Some(&["flow_id"]), welcome_message_flows::list),
    account(DELETE, "welcome_message_flows", MESSAGING, Some(&["flow_id"]), welcome_message_flows::delete),

    page(GET,    "conversations",           ENGAGEMENT, Some("conversations_read"),  Some(conversation::PARAMS), conversation::list),
    account(GET, "conversations",           ENGAGEMENT,                        Some(conversation::PARAMS), conversation::list),
    page(GET,    "threads",                 ENGAGEMENT, Some("threads_read"),        Some(conversation::PARAMS), conversation::list),
    conversation(GET, "messages",                       Some("messages_read"),       Some(&["source"]), conversation::messages),
    route(NodeType::Message, GET, "reactions", Access::AsNode, Handler::Message(message_reactions::list)).params(Some(&[])),
    page(POST,   "message_attachments",     MESSAGING,  Some("attachment_save"),     Some(attachments::PARAMS), attachments::save),
    account(POST, "message_attachments",    MESSAGING,  Some(attachments::PARAMS), attachments::save),
    account(POST, "messageattachments",     MESSAGING,  Some(attachments::PARAMS), attachments::save),

    page(POST,   "custom_labels",           METADATA,   Some("label_make"),          Some(&["page_label_name", "name"]), labels::create),
    page(GET,    "custom_labels",           METADATA,   Some("labels_read"),         Some(&[]), labels::of_page),
    // A fault knows a call by method and name: the word is that of the row above.
    person(GET,  "custom_labels",           METADATA,   Some(&[]), labels::of_person),
    label(POST,  "label",                               Some("label_put"),           Some(&["user"]), labels::put_on),
    label(DELETE, "label",                              Some("label_take"),          Some(&["user"]), labels::take_off),

    page(POST,   "moderate_conversations",  MESSAGING,  Some("moderate"),            Some(&["user_ids", "actions"]), moderation::moderate),
    account(POST, "moderate_conversations", MESSAGING,                         Some(&["user_ids", "actions"]), moderation::moderate),
    page(POST,   "blocked",                 MESSAGING,  Some("block"),               Some(moderation::BLOCKED_PARAMS), moderation::block),
    page(DELETE, "blocked",                 MESSAGING,  Some("unblock"),             Some(moderation::BLOCKED_PARAMS), moderation::unblock),
    page(GET,    "blocked",                 MESSAGING,  Some("blocked_read"),        Some(moderation::BLOCKED_PARAMS), moderation::list_blocked),

    page(GET,    "notification_message_tokens", MESSAGING, Some("notification_tokens_read"),
        Some(&["do_not_return_duplicates", "custom_audience_ids"]), notification_tokens::list),
    page(POST,   "notification_messages_dev_support", MESSAGING, None,               Some(&["recipient", "developer_action"]), notification_tests::test),
    page(POST,   "message_templates",       UTILITY,    Some("template_make"),       Some(message_templates::PARAMS), message_templates::create),
    page(GET,    "message_templates",       UTILITY,    Some("templates_read"),      Some(message_templates::FILTERS), message_templates::list),
    page(DELETE, "message_templates",       UTILITY,    Some("template_delete"),     Some(&["name", "hsm_id", "template_id"]), message_templates::delete),
    page(POST,   "unlink_accounts",         MESSAGING,  Some("unlink"),              Some(&["psid"]), unlink_accounts::unlink),
    page(GET,    "messaging_feature_review", MESSAGING, None,                        Some(&[]), feature_review::read),
    page(POST,   "nlp_configs",             METADATA,   None,                        Some(nlp_configs::PARAMS), nlp_configs::set),
    page(GET,    "insights",                MESSAGING,  None,                        Some(insights::PARAMS), insights::read),

    person(GET,  "ids_for_pages",           Access::Any, Some(&["page"]), other_ids::for_pages),
    person(GET,  "ids_for_apps",            Access::Any, Some(&["app"]), other_ids::for_apps),

    user(GET,    "accounts",                            Some("accounts_read"),       Some(&["limit", "after", "before", "summary"]), user::accounts),
    user(GET,    "permissions",                         None,                        Some(&[]), user::permissions),
    user(DELETE, "permissions",                         None,                        Some(&["permission"]), user::revoke),

    page(POST,   "subscribed_apps",         Access::PageByHandler, Some("subscribe"),          Some(&["subscribed_fields"]), subscribed_apps::subscribe),
    page(DELETE, "subscribed_apps",         METADATA_MODERATE, Some("unsubscribe"),        Some(&[]), subscribed_apps::unsubscribe),
    page(GET,    "subscribed_apps",         METADATA_ANY_TASK, Some("subscriptions_read"), Some(&[]), subscribed_apps::list),

    account(POST,   "subscribed_apps",      METADATA_MODERATE, Some(&["subscribed_fields"]), account_subscription::subscribe),
    account(DELETE, "subscribed_apps",      METADATA_MODERATE, Some(&[]), account_subscription::unsubscribe),
    account(GET,    "subscribed_apps",      METADATA_ANY_TASK, Some(&[]), account_subscription::list),

    app(POST,    "subscriptions",           Access::AppToken,  Some("app_subscribe"),
        Some(&["object", "callback_url", "verify_token", "fields", "include_values"]), Handler::AppAsync(subscriptions::subscribe)),
    app(DELETE,  "subscriptions",           Access::AppToken,  Some("app_unsubscribe"),        Some(&["object", "fields"]), Handler::App(subscriptions::unsubscribe)),
    app(GET,     "subscriptions",           Access::AppToken,  Some("app_subscriptions_read"), None, Handler::App(subscriptions::read)),
    app(POST,    "activities",              Access::OfApp,     None, Some(activities::PARAMS), Handler::App(activities::report)),
    app(POST,    "page_activities",         Access::OfApp,     None, Some(activities::PARAMS), Handler::App(activities::report)),

    root(GET,    "debug_token",             Some(&["input_token"]), debug_token::read),
    root(GET,    "oauth/access_token",      Some(oauth::EXCHANGE_PARAMS), oauth::exchange),
    root(POST,   "oauth/access_token",      Some(oauth::EXCHANGE_PARAMS), oauth::exchange),
    root(GET,    "access_token",            Some(instagram_login::PARAMS), instagram_login::exchange),
    root(GET,    "refresh_access_token",    Some(instagram_login::PARAMS), instagram_login::refresh),
    root(GET,    "oauth/client_code",       Some(oauth::CLIENT_CODE_PARAMS), oauth::client_code),
    root(POST,   "oauth/client_code",       Some(oauth::CLIENT_CODE_PARAMS), oauth::client_code),

];

/// The nodes themselves. What stands on an edge of a page needs what that edge needs.
#[rustfmt::skip]
pub const NODES: &[GraphRoute] = &[
    read(NodeType::Person,            Access::Any, Some("profile_read")),
    read(NodeType::Page,              Access::Any, Some("page_read")),
    read(NodeType::Account,           Access::Any, Some("account_read")),
    read(NodeType::App,               Access::Any, Some("app_read")),
    read(NodeType::User,              Access::Any, Some("user_read")),
    read(NodeType::Conversation,      ENGAGEMENT,  Some("conversation_read")),
    read(NodeType::Message,           ENGAGEMENT,  Some("message_read")),
    read(NodeType::Label,             METADATA,    None),
    read(NodeType::Persona,           MESSAGING,   None),
    read(NodeType::NotificationToken, MESSAGING,   None),
    read(NodeType::MessageTemplate,   UTILITY,     None),
    read(NodeType::Publication,       ENGAGEMENT,  None),
    route(NodeType::Label, DELETE, "", Access::AsNode, Handler::Label(labels::delete)),
    route(NodeType::Persona, DELETE, "", Access::AsNode, Handler::Persona(personas::delete)),
];

const fn route(node: NodeType, method: Method, edge: &'static str, access: Access, handler: Handler) -> GraphRoute {
    GraphRoute { node, method, edge, access, fault_word: None, fault_word_with: None, params: None, handler }
}

const fn read(node: NodeType, access: Access, word: FaultWord) -> GraphRoute {
    route(node, GET, "", access, Handler::Read).word(word)
}

const fn root(
    method: Method,
    path: &'static str,
    params: KnownParams,
    handler: fn(&Engine, &Call) -> Result,
) -> GraphRoute {
    route(NodeType::Root, method, path, Access::Any, Handler::Root(handler)).params(params)
}

const fn page(
    method: Method,
    edge: &'static str,
    access: Access,
    word: FaultWord,
    params: KnownParams,
    handler: fn(&Call, AssetKey) -> Result,
) -> GraphRoute {
    route(NodeType::Page, method, edge, access, Handler::Page(handler)).word(word).params(params)
}

const fn account(
    method: Method,
    edge: &'static str,
    access: Access,
    params: KnownParams,
    handler: fn(&Call, AssetKey) -> Result,
) -> GraphRoute {
    route(NodeType::Account, method, edge, access, Handler::Page(handler)).params(params)
}

const fn app(
    method: Method,
    edge: &'static str,
    access: Access,
    word: FaultWord,
    params: KnownParams,
    handler: Handler,
) -> GraphRoute {
    route(NodeType::App, method, edge, access, handler).word(word).params(params)
}

const fn user(
    method: Method,
    edge: &'static str,
    word: FaultWord,
    params: KnownParams,
    handler: fn(&Call, UserKey) -> Result,
) -> GraphRoute {
    route(NodeType::User, method, edge, Access::UserToken, Handler::User(handler)).word(word).params(params)
}

const fn person(
    method: Method,
    edge: &'static str,
    access: Access,
    params: KnownParams,
    handler: fn(&Call, ThreadKey) -> Result,
) -> GraphRoute {
    route(NodeType::Person, method, edge, access, Handler::Person(handler)).params(params)
}

const fn conversation(
    method: Method,
    edge: &'static str,
    word: FaultWord,
    params: KnownParams,
    handler: fn(&Call, ThreadKey) -> Result,
) -> GraphRoute {
    route(NodeType::Conversation, method, edge, Access::AsNode, Handler::Conversation(handler))
        .word(word)
        .params(params)
}

const fn label(
    method: Method,
    edge: &'static str,
    word: FaultWord,
    params: KnownParams,
    handler: fn(&Call, &Label) -> Result,
) -> GraphRoute {
    route(NodeType::Label, method, edge, Access::AsNode, Handler::Label(handler)).word(word).params(params)
}

impl GraphRoute {
    const fn word(mut self, word: FaultWord) -> Self {
        self.fault_word = word;
        self
    }

    const fn word_with(mut self, param: &'static str, word: &'static str) -> Self {
        self.fault_word_with = Some((param, word));
        self
    }

    const fn params(mut self, params: KnownParams) -> Self {
        self.params = params;
        self
    }
}

/// The row of a call.
pub fn find(node: NodeType, method: &Method, edge: &str) -> Option<&'static GraphRoute> {
    of_edge(node, edge).find(|route| route.method == *method)
}

/// The rows of an edge, or of the node itself: one for each method.
pub fn of_edge(node: NodeType, edge: &str) -> impl Iterator<Item = &'static GraphRoute> {
    let rows = if edge.is_empty() { NODES } else { EDGES };
    rows.iter().filter(move |route| route.node == node && route.edge == edge)
}

/// The names of a node's edges; one with several methods comes several times.
pub fn edge_names(node: NodeType) -> impl Iterator<Item = &'static str> {
    EDGES.iter().filter(move |route| route.node == node).map(|route| route.edge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_one_row() {
        let rows: Vec<&GraphRoute> = EDGES.iter().chain(NODES).collect();
        for (index, route) in rows.iter().enumerate() {
            let same = |other: &&&GraphRoute| {
                (other.node, &other.method, other.edge) == (route.node, &route.method, route.edge)
            };
            assert_eq!(rows[index + 1..].iter().find(same).map(|other| other.edge), None);
        }
    }

    #[test]
    fn a_handler_fits_its_node() {
        for route in EDGES.iter().chain(NODES) {
            let node = match route.handler {
                Handler::Read => route.node,
                Handler::Root(_) => NodeType::Root,
                Handler::Page(_) if route.node == NodeType::Account => NodeType::Account,
                Handler::Page(_) => NodeType::Page,
                Handler::App(_) | Handler::AppAsync(_) => NodeType::App,
                Handler::User(_) => NodeType::User,
                Handler::Person(_) => NodeType::Person,
                Handler::Conversation(_) => NodeType::Conversation,
                Handler::Message(_) => NodeType::Message,
                Handler::Label(_) => NodeType::Label,
                Handler::Persona(_) => NodeType::Persona,
            };
            assert_eq!(node, route.node, "{} {}", route.method, route.edge);
        }
    }

    #[test]
    fn every_edge_of_a_page_names_its_permission() {
        for route in EDGES.iter().filter(|route| route.node == NodeType::Page) {
            assert!(matches!(route.access, Access::Page(_) | Access::PageByHandler), "{} {}", route.method, route.edge);
        }
    }

    #[test]
    fn the_same_permission_is_needed_for_every_method_of_an_edge() {
        for route in EDGES {
            let permission = |route: &GraphRoute| match route.access {
                Access::Page(needed) => Some(needed.permission),
                Access::PageByHandler => Some(subscribed_apps::ACCESS.permission),
                _ => None,
            };
            let mut others = of_edge(route.node, route.edge);
            // A handler may ask for more than one permission itself.
            let is_same = |other| permission(other).zip(permission(route)).is_none_or(|(one, two)| one == two);
            assert!(others.all(is_same), "{}", route.edge);
        }
    }

    #[test]
    fn what_is_built_is_not_among_what_is_not_built() {
        use crate::graph::read::not_built;
        for (node, missing) in [
            (NodeType::Page, not_built::PAGE_EDGES),
            (NodeType::User, not_built::USER_EDGES),
            (NodeType::App, not_built::APP_EDGES),
            (NodeType::Publication, not_built::PUBLICATION_EDGES),
            (NodeType::Account, not_built::ACCOUNT_EDGES),
        ] {
            assert_eq!(edge_names(node).find(|edge| not_built::has(&[missing], edge)), None);
        }
    }
}
