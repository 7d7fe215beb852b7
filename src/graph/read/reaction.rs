//! The reactions to a message, as its field and its edge `reactions` have them.

use serde_json::{Value, json};

use super::node_kind::{Nested, NodeKind};
use super::participants;
use crate::domain::model::message::Message;
use crate::domain::model::platform::Platform;
use crate::domain::model::reactions::{GivenReaction, Reactor};
use crate::graph::http::call::Call;

/// It has no id.
const REACTION_FIELDS: NodeKind = NodeKind {
    fields: &["reaction", "emoji", "users"],
    default_fields: &["reaction", "emoji", "users"],
    ..NodeKind::new("MessageReaction")
};
/// A reaction.
pub static REACTION: NodeKind =
    NodeKind { nested: &[("users", Nested::Object(&participants::PARTICIPANT))], ..REACTION_FIELDS };

/// A reaction on Instagram.
pub static INSTAGRAM_REACTION: NodeKind =
    NodeKind { nested: &[("users", Nested::Object(&participants::INSTAGRAM_PARTICIPANT))], ..REACTION_FIELDS };

/// The fields of a reaction.
pub fn kind_on(platform: Platform) -> &'static NodeKind {
    match platform {
        Platform::Messenger => &REACTION,
        Platform::Instagram => &INSTAGRAM_REACTION,
    }
}

/// The reactions to a message, oldest first.
pub fn of_message(call: &Call, message: &Message) -> Vec<Value> {
    let given: Vec<GivenReaction> = call.world().read(|world, _, _| {
        let thread = world.thread(message.thread);
        thread.into_iter().flat_map(|thread| thread.reactions_to(&message.mid)).cloned().collect()
    });
    given.iter().map(|given| reaction_json(call, message, given)).collect()
}

fn reaction_json(call: &Call, message: &Message, given: &GivenReaction) -> Value {
    let user = match given.by {
        Reactor::Person => participants::person(call.config(), message.thread),
        Reactor::Page => participants::page(call.config(), message.thread.asset),
    };
    let mut described = json!({ "reaction": given.reaction.name });
    if !given.reaction.emoji.is_empty() {
        described["emoji"] = json!(given.reaction.emoji);
    }
    described["users"] = json!([user]);
    described
}
