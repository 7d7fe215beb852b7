//! Explains one thread: who owns it and why, what happened and which apps received it, and what each app may do now.
//!
//! `cli` and `control` use it. It reads a world and its ledger and changes nothing. A new part of an explanation is a type in
//! [`explanation`], a file that fills it, and its lines in [`text`].

pub mod explanation;
mod permissions;
mod story;
pub mod text;
pub mod thread_names;
mod thread_status;

use crate::domain::model::ids::ThreadKey;
use crate::engine::ActiveWorld;

use explanation::Explanation;
use serde_json::{Value, json};

/// Explains a thread as it is now.
pub fn explain(world: &ActiveWorld, thread: ThreadKey) -> Explanation {
    let resets = world.resets();
    let declared = world.declared_config();
    world.read(|world, ledger, now| {
        let (story, forgotten) = story::read(world, ledger, (declared, resets), thread, now);
        let permissions = permissions::of_all_apps(world, thread, now);
        let status = thread_status::read(world, thread, now);
        Explanation::new(status, forgotten, story, permissions)
    })
}

/// An explanation as JSON, with the same as text.
pub fn json_with_text(explanation: &Explanation) -> Value {
    let mut value = explanation.json();
    value["text"] = json!(text::text(explanation, false));
    value
}
