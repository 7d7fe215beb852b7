//! Handles `GET /{post}` and `GET /{comment}`: what the page and people have published on a page.

use serde_json::{Value, json};

use crate::domain::model::ids::{AssetKey, ThreadKey};
use crate::domain::model::publication::{PublicAuthor, Publication, PublicationKind};
use crate::domain::rules;
use crate::engine::Principal;

use crate::graph::errors::catalogue;
use crate::graph::errors::failure::Fallible;
use crate::graph::http::call::Call;
use crate::graph::read::fields::Selection;
use crate::graph::read::node_kind::{Nested, NodeKind};
use crate::graph::read::timestamp::graph_time;
use crate::graph::read::{not_built, participants};

/// A post or a comment on the page of the token.
pub struct PublicationNode {
    page: AssetKey,
    id: Box<str>,
    publication: Publication,
}

static AUTHOR: NodeKind =
    NodeKind { fields: &["id", "name"], default_fields: &["name", "id"], ..NodeKind::new("Profile") };
static POST: NodeKind = NodeKind {
    fields: &["id", "created_time", "from", "message"],
    default_fields: &["created_time", "message", "id"],
    nested: &[("from", Nested::Object(&AUTHOR))],
    not_built: &[not_built::POST_FIELDS, not_built::PUBLICATION_EDGES],
    ..NodeKind::new("Post")
};
static COMMENT: NodeKind = NodeKind {
    fields: &["id", "created_time", "from", "message", "parent"],
    default_fields: &["created_time", "from", "message", "id"],
    nested: &[("from", Nested::Object(&AUTHOR)), ("parent", Nested::Object(&PARENT))],
    not_built: &[not_built::COMMENT_FIELDS, not_built::PUBLICATION_EDGES],
    ..NodeKind::new("Comment")
};
static PARENT: NodeKind = NodeKind {
    fields: &["id", "created_time", "from", "message"],
    default_fields: &["created_time", "from", "message", "id"],
    nested: &[("from", Nested::Object(&AUTHOR))],
    ..NodeKind::new("Comment")
};

/// True for two numbers like those of a post or a comment.
pub fn is_id(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    name.split_once('_').is_some_and(|(of, number)| is_number(of) && is_number(number))
}

/// The post or comment with this id, on the page of the token. Other tokens see none.
pub fn find(call: &Call, id: &str) -> Fallible<PublicationNode> {
    let on = |page| {
        let publication = call.world().read(|world, _, _| world.publication(page, id));
        publication.map(|publication| PublicationNode { page, id: id.into(), publication })
    };
    match call.holder {
        Principal::Asset(..) => on(call.page()?).ok_or_else(|| call.unknown_object(id)),
        Principal::App(_) | Principal::User(..) => {
            let pages = (0..call.config().assets.len()).map(|place| AssetKey(place as u16));
            let is_there = pages.filter_map(on).next().is_some();
            Err(if is_there { catalogue::PAGE_TOKEN_NEEDED.error().into() } else { call.unknown_object(id) })
        }
    }
}

/// The node with the fields that were asked for.
pub fn read(call: &Call, node: &PublicationNode, selection: Option<&Selection>) -> Fallible<Value> {
    let kind = match node.publication.kind {
        PublicationKind::Post => &POST,
        PublicationKind::Comment => &COMMENT,
    };
    kind.selected_fields(selection)?;
    call.record_read(rules::PUBLICATION_READ);
    kind.describe(selection, |field| Ok(value_of(call, node, &field.name)))
}

fn value_of(call: &Call, node: &PublicationNode, field: &str) -> Option<Value> {
    let PublicationNode { page, id, publication } = node;
    match field {
        "id" => Some(json!(id)),
        "created_time" => Some(json!(graph_time(publication.at))),
        "from" => Some(author(call, *page, publication.by)),
        "message" => (!publication.text.is_empty()).then(|| json!(publication.text)),
        "parent" => parent(call, node),
        _ => None,
    }
}

/// The comment that a comment answers. A comment on a post has none.
fn parent(call: &Call, node: &PublicationNode) -> Option<Value> {
    let id = node.publication.parent.as_ref().filter(|parent| **parent != node.publication.post)?;
    let publication = call.world().read(|world, _, _| world.publication(node.page, id))?;
    let parent = PublicationNode { page: node.page, id: id.clone(), publication };
    let fields = PARENT.default_fields.iter();
    Some(fields.filter_map(|field| Some(((*field).to_owned(), value_of(call, &parent, field)?))).collect())
}

fn author(call: &Call, page: AssetKey, by: PublicAuthor) -> Value {
    let config = call.config();
    match by {
        PublicAuthor::Page => json!({ "name": config.asset(page).name, "id": config.asset(page).id }),
        PublicAuthor::Person(person) => {
            let thread = ThreadKey { asset: page, person };
            json!({ "name": participants::person_name(config, thread), "id": config.psid(thread).to_string() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_two_numbers() {
        assert!(is_id("2001_77") && is_id("1_2"));
        assert!(!["2001", "_1", "1_", "a_1", "1_b", "1_2_3", "t_5"].into_iter().any(is_id));
    }
}
