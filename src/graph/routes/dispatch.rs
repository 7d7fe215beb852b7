//! Dispatch: from the path of a call to its row in the table, through what the row demands, to its handler.

use std::borrow::Cow;

use hyper::http::Method;
use serde_json::{Map, Value};

use crate::engine::Engine;

use super::nodes::{self, GraphNode};
use super::table::{self, Access, GraphRoute, Handler, NodeType};
use crate::graph::errors::catalogue;
use crate::graph::errors::failure::{Failure, Fallible};
use crate::graph::http::access;
use crate::graph::http::call::Call;
use crate::graph::http::path::Version;
use crate::graph::http::response::{Result, json};
use crate::graph::http::surface::Surface;
use crate::graph::read::not_built;
use crate::text::suggest;

/// Has a call answered by its handler.
pub async fn dispatch(engine: &Engine, call: &Call<'_>) -> Result {
    let Some((name, path)) = call.segments.split_first() else { return answer_root(call) };
    match (&**name, path) {
        ("oauth", [edge]) => return answer_word(engine, call, name, &format!("oauth/{edge}")),
        ("access_token" | "refresh_access_token", []) if call.surface == Surface::Instagram => {
            return answer_word(engine, call, name, name);
        }
        ("debug_token", []) => return answer_word(engine, call, name, name),
        _ => {}
    }
    if let (Some(why), [_, ..]) = (Version::unknown(name), path) {
        call.warn(why);
        return Err(catalogue::UNKNOWN_PATH.with(&[("rest", &path.join("/"))]).into());
    }
    let node = nodes::resolve(call, name)?;
    check_node(call, &node)?;
    let node_type = node.node_type();
    let edge = match path {
        [] => "",
        [edge] => edge,
        // `DELETE /{user}/permissions/{permission}`: the handler looks for the third part.
        [edge, _] if node_type == NodeType::User && call.method == Method::DELETE && edge == "permissions" => edge,
        _ => return Err(unknown_path(call, node_type, path)),
    };
    match table::find(node_type, &call.method, edge) {
        Some(route) => {
            check_access(call, &node, name, route)?;
            warn_of_params(call, route);
            run(engine, call, &node, name, route).await
        }
        None if edge.is_empty() && node_type == NodeType::Publication => {
            Err(catalogue::NOT_BUILT.with(&[("what", &format!("{} of a post or a comment", call.method))]).into())
        }
        None if edge.is_empty() => Err(wrong_method(call, name)),
        None => Err(match table::of_edge(node_type, edge).next() {
            Some(route) => unsupported_method(call, &node, name, route),
            None => unknown_edge(call, node_type, edge),
        }),
    }
}

/// A call without a path can only be one for several nodes: each stands under its id. One that cannot be read fails them all, as with Meta.
fn answer_root(call: &Call) -> Result {
    if call.method != Method::GET || call.params.get("ids").is_none() {
        return Err(call.unknown_object(""));
    }
    let mut found = Map::new();
    for id in nodes::ids(call)? {
        let node = nodes::resolve(call, &id)?;
        check_node(call, &node)?;
        let described = nodes::read(call, &node, &id)?;
        found.insert(id, described);
    }
    json(&Value::Object(found))
}

/// A path that begins with a word, and not with a node.
fn answer_word(engine: &Engine, call: &Call, first: &str, path: &str) -> Result {
    match table::find(NodeType::Root, &call.method, path) {
        Some(route @ GraphRoute { handler: Handler::Root(handler), .. }) => {
            warn_of_params(call, route);
            handler(engine, call)
        }
        _ if table::of_edge(NodeType::Root, path).next().is_some() => Err(wrong_method(call, first)),
        _ => Err(catalogue::NOT_BUILT.with(&[("what", &format!("the edge {path}"))]).into()),
    }
}

/// Checks what the node itself needs, whatever is asked of it.
fn check_node(call: &Call, node: &GraphNode) -> Fallible<()> {
    match table::find(node.node_type(), &Method::GET, "").map(|route| route.access) {
        Some(Access::Page(needed)) => access::check_page_edge(call, "", needed),
        _ => Ok(()),
    }
}

/// Checks what a row needs.
fn check_access(call: &Call, node: &GraphNode, name: &str, route: &GraphRoute) -> Fallible<()> {
    match (route.access, node) {
        (Access::Page(_), GraphNode::Page(_)) if nodes::removes_itself(call) => {}
        (Access::Page(needed), _) if !route.edge.is_empty() => access::check_page_edge(call, route.edge, needed)?,
        (Access::PageByHandler, _) => access::check_page_token(call, route.edge).map(drop)?,
        (Access::UserToken, GraphNode::User(user)) => access::check_user_token(call, *user)?,
        (Access::AppToken, GraphNode::App(app)) => access::check_app_token(call, *app)?,
        (Access::OfApp, GraphNode::App(app)) if call.app() != *app => {
            return Err(call.unknown_object(&call.config().app(*app).id.to_string()));
        }
        _ => {}
    }
    match route.handler {
        // The person must be one of the token's page.
        Handler::Person(_) => call.thread(name).map(drop),
        _ => Ok(()),
    }
}

fn warn_of_params(call: &Call, route: &GraphRoute) {
    if let Some(params) = route.params {
        call.warn_about_unknown_params(params);
    }
}

/// Calls the handler with what it wants.
async fn run(engine: &Engine, call: &Call<'_>, node: &GraphNode, name: &str, route: &GraphRoute) -> Result {
    match (&route.handler, node) {
        (Handler::Read, node) => json(&nodes::read(call, node, name)?),
        (Handler::Page(handler), GraphNode::Page(asset) | GraphNode::Account(asset)) => handler(call, *asset),
        (Handler::App(handler), GraphNode::App(app)) => handler(call, *app),
        (Handler::AppAsync(handler), GraphNode::App(app)) => handler(engine, call, *app).await,
        (Handler::User(handler), GraphNode::User(user)) => handler(call, *user),
        (Handler::Person(handler), GraphNode::Person) => handler(call, call.thread(name)?),
        (Handler::Conversation(handler), GraphNode::Conversation(thread)) => handler(call, *thread),
        (Handler::Message(handler), GraphNode::Message(message)) => handler(call, message),
        (Handler::Label(handler), GraphNode::Label(label)) => handler(call, label),
        (Handler::Persona(handler), GraphNode::Persona) => handler(call, name),
        // A test of the table holds that this does not happen.
        _ => Err(catalogue::INTERNAL.error().into()),
    }
}

/// The error for an edge without the method. Who may not use the edge does not learn that much.
fn unsupported_method(call: &Call, node: &GraphNode, name: &str, route: &GraphRoute) -> Failure {
    let checked = match node {
        GraphNode::Person => Ok(()),
        _ => check_access(call, node, name, route),
    };
    match (checked, node) {
        (Err(failure), _) => failure,
        (Ok(()), GraphNode::User(_)) => {
            catalogue::NOT_BUILT.with(&[("what", &format!("{} of {}", call.method, route.edge))]).into()
        }
        (Ok(()), _) => wrong_method(call, name),
    }
}

/// The error for a method that is not there. Each host has its own.
fn wrong_method(call: &Call, name: &str) -> Failure {
    match call.surface {
        Surface::Instagram => {
            let method = call.method.as_str().to_ascii_lowercase();
            catalogue::UNSUPPORTED_METHOD.with(&[("method", &method)]).into()
        }
        _ => call.unknown_object(name),
    }
}

/// The error for an edge that the node has not.
fn unknown_edge(call: &Call, node: NodeType, edge: &str) -> Failure {
    let is_of = |other| table::of_edge(other, edge).next().is_some();
    match node {
        NodeType::User if is_of(NodeType::Page) => access::page_token_needed(&call.method, edge),
        NodeType::Page if is_of(NodeType::User) => {
            catalogue::UNKNOWN_FIELD.with(&[("field", edge), ("node", "Page")]).into()
        }
        _ => unknown_path(call, node, &[edge.into()]),
    }
}

/// The error for a path that leads nowhere.
fn unknown_path(call: &Call, node: NodeType, path: &[Cow<'_, str>]) -> Failure {
    let first = path.first().map_or("", |first| &**first);
    let missing = match node {
        NodeType::Page => not_built::PAGE_EDGES,
        NodeType::User => not_built::USER_EDGES,
        NodeType::App => not_built::APP_EDGES,
        NodeType::Publication => not_built::PUBLICATION_EDGES,
        NodeType::Account => not_built::ACCOUNT_EDGES,
        _ => "",
    };
    if not_built::has(&[missing], first) {
        return catalogue::NOT_BUILT.with(&[("what", &format!("the edge {first}"))]).into();
    }
    let rest = path.join("/");
    call.warn(format!("unknown path `/{rest}`{}", suggest::did_you_mean(first, table::edge_names(node))));
    catalogue::UNKNOWN_PATH.with(&[("rest", &rest)]).into()
}
