//! The words by which faults name calls, like `send` and `take`. They stand in the table of calls.

use hyper::http::Method;

use crate::domain::model::ids::AppId;
use crate::domain::model::instagram_ids::{is_instagram_conversation, is_instagram_message};
use crate::domain::model::platform::Platform;
use crate::engine::Principal;
use crate::engine::fault::ANY;

use super::edge_spellings;
use super::table::{self, EDGES, GraphRoute, NODES, NodeType};
use crate::graph::http::call::Call;

/// The word of a call that has none of its own. Only a fault at `any` call meets it.
const OTHER: &str = "other";

/// All words that a fault may have: `any`, and those of the table, in its order.
pub const WORDS: &[&str] = &{
    let mut words = [ANY; count_words(EDGES) + count_words(NODES) + 1];
    let mut end = 1;
    (words, end) = append_words(words, end, EDGES);
    (words, _) = append_words(words, end, NODES);
    words
};

const fn count_words(routes: &[GraphRoute]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < routes.len() {
        count += routes[at].fault_word_with.is_some() as usize + routes[at].fault_word.is_some() as usize;
        at += 1;
    }
    count
}

const fn append_words<const N: usize>(
    mut words: [&'static str; N],
    mut end: usize,
    routes: &[GraphRoute],
) -> ([&'static str; N], usize) {
    let mut at = 0;
    while at < routes.len() {
        if let Some((_, word)) = routes[at].fault_word_with {
            words[end] = word;
            end += 1;
        }
        if let Some(word) = routes[at].fault_word {
            words[end] = word;
            end += 1;
        }
        at += 1;
    }
    (words, end)
}

/// The word of a call. Only its method and the last part of its path count, so a call to an unknown node has a word, too.
pub fn word(call: &Call) -> &'static str {
    let [.., last] = call.segments.as_slice() else { return OTHER };
    if call.segments.len() == 1 {
        let node = likely_node(call, last).filter(|_| call.method == Method::GET);
        return node.and_then(|node| table::find(node, &Method::GET, "")?.fault_word).unwrap_or(OTHER);
    }
    let edge = edge_spellings::plain(last);
    let rows = EDGES.iter().filter(|route| route.method == call.method && route.edge == edge);
    let mut words = rows.filter_map(|route| match route.fault_word_with {
        Some((param, word)) if call.params.get(param).is_some() => Some(word),
        _ => route.fault_word,
    });
    words.next().unwrap_or(OTHER)
}

fn type_of_asset(platform: Platform) -> NodeType {
    match platform {
        Platform::Messenger => NodeType::Page,
        Platform::Instagram => NodeType::Account,
    }
}

/// The kind of node that a name looks like. The token may not see it, or it may not exist.
fn likely_node(call: &Call, name: &str) -> Option<NodeType> {
    let config = call.config();
    let is_app = name == "app" || name.parse().is_ok_and(|id| config.app_by_id(AppId(id)).is_some());
    match (name, call.holder) {
        ("me", Principal::User(..)) => Some(NodeType::User),
        ("me", Principal::Asset(asset, _)) => Some(type_of_asset(config.platform(asset))),
        ("me", Principal::App(_)) => Some(NodeType::Page),
        _ if config.asset_by_id(name).is_some() => {
            config.asset_by_id(name).map(|asset| type_of_asset(config.platform(asset)))
        }
        _ if config.people.thread_of(name).is_some() => Some(NodeType::Person),
        _ if name.starts_with("t_") || is_instagram_conversation(name) => Some(NodeType::Conversation),
        _ if name.starts_with("m_") || is_instagram_message(name) => Some(NodeType::Message),
        _ if is_app => Some(NodeType::App),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_for_two_kinds_of_call() {
        let mut words = WORDS.to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), WORDS.len());
    }
}
