//! The knobs of an Instagram account that are about its webhooks.

use crate::domain::model::instagram_knobs::{InstagramKnobs, ShadowEdit};
use crate::domain::model::sending_knobs::{HumanAgentRefusal, PrivateReplyOwnership, PrivateReplyTwice, TextLimit};
use crate::language::node::Node;

pub(super) fn read_instagram_knobs(node: &Node) -> InstagramKnobs {
    let default = InstagramKnobs::default();
    let word = |key: &str| node.get(key).and_then(Node::text);
    let is = |key: &str, wanted: &str| word(key) == Some(wanted);
    InstagramKnobs {
        text_limit: word("ig_text_limit").and_then(TextLimit::parse).unwrap_or(default.text_limit),
        id_sends_refused: is("ig_id_sends", "refused"),
        window_status: word("ig_window_status").and_then(|status| status.parse().ok()).unwrap_or(default.window_status),
        human_agent_refusal: word("human_agent_refusal")
            .and_then(HumanAgentRefusal::parse)
            .unwrap_or(default.human_agent_refusal),
        private_reply_ownership: word("private_reply_ownership")
            .and_then(PrivateReplyOwnership::parse)
            .unwrap_or(default.private_reply_ownership),
        private_reply_twice: word("private_reply_twice")
            .and_then(PrivateReplyTwice::parse)
            .unwrap_or(default.private_reply_twice),
        shadow_edit: word("ig_shadow_edit").and_then(ShadowEdit::parse).unwrap_or(default.shadow_edit),
        unreact_webhook: is("ig_unreact", "unreact"),
        plural_link_source: is("ig_me_source", "SHORTLINKS"),
        ice_breaker_without_mid: is("ig_ice_breaker", "no_mid"),
        direct_comments: is("igl_comments", "direct"),
        standby_messages_only: is("standby_items", "messages"),
        echo_field: is("ig_echo_field", "own"),
        rates: is("ig_rates", "documented"),
        unified_fields_listed: is("ul_fields", "listed"),
    }
}
