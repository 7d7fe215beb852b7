//! The knobs of an Instagram account that are about its webhooks.

use crate::domain::model::instagram_knobs::{InstagramKnobs, ShadowEdit};
use crate::language::node::Node;

pub(super) fn read_instagram_knobs(node: &Node) -> InstagramKnobs {
    let default = InstagramKnobs::default();
    let word = |key: &str| node.get(key).and_then(Node::text);
    let is = |key: &str, wanted: &str| word(key) == Some(wanted);
    InstagramKnobs {
        shadow_edit: word("ig_shadow_edit").and_then(ShadowEdit::parse).unwrap_or(default.shadow_edit),
        unreact_webhook: is("ig_unreact", "unreact"),
        plural_link_source: is("ig_me_source", "SHORTLINKS"),
        ice_breaker_without_mid: is("ig_ice_breaker", "no_mid"),
        direct_comments: is("igl_comments", "direct"),
        standby_messages_only: is("standby_items", "messages"),
    }
}
