//! Explain: the story of one thread in plain words: who owns it and why, what happened and who was told, and what each app may do now.
//! Reads a world and its ledger, changes nothing. `cli` and `control` enter.

pub mod explanation;
pub mod named;
mod permissions;
mod standing;
mod story;
mod text;
mod thread_of;

use crate::domain::model::ids::ThreadKey;
use crate::engine::ActiveWorld;

use explanation::Explanation;

/// Explains a thread as it is now.
pub fn explain(hosted: &ActiveWorld, thread: ThreadKey) -> Explanation {
    let resets = hosted.resets();
    hosted.read(|world, ledger, now| {
        let (story, forgotten) = story::tell(world, ledger, resets, thread, now);
        let may = permissions::dry_run(world, thread, now);
        let mut explanation =
            Explanation { standing: standing::read(world, thread, now), forgotten, story, may, rules: Vec::new() };
        explanation.state_rules();
        explanation
    })
}
