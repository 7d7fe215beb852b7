//! A person can only tap what there is. If the label, the message or the menu is not there yet and a real app may still send it, the step
//! waits.

use std::time::Duration;

use crate::domain::World;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::engine::Topic;
use crate::language::steps::step::{Step, StepKind};
use crate::text::diagnostic::Diagnostic;

use super::session::Session;
use super::timeouts::format_real_time;

/// How the wait for an offer ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum WaitEnd {
    InTime,
    TimeUp(Duration),
}

impl Session {
    /// Adds to the failure of a step how long it waited, and what apps did instead.
    pub(super) fn note_wait(&self, end: WaitEnd, failure: Diagnostic) -> Diagnostic {
        match end {
            WaitEnd::InTime => failure,
            WaitEnd::TimeUp(within) => {
                self.note_calls(failure.note(format!("the step waited {} for it", format_real_time(within))))
            }
        }
    }

    /// Waits until the person can do what the step says. If the time is up, the step is performed nevertheless, and fails.
    pub(super) async fn wait_for_offer(&self, step: &Step, thread: Option<ThreadKey>) -> Result<WaitEnd, Diagnostic> {
        let (StepKind::User(user), Some(thread), true) = (&step.kind, thread, self.has_real_apps()) else {
            return Ok(WaitEnd::InTime);
        };
        let command = self.user_command(step, user, thread)?;
        let apps = (0..self.config.apps.len()).map(|app| AppKey(app as u16)).filter(|app| self.is_real(Some(*app)));
        let topics: Vec<Topic> = [Topic::Thread(thread)].into_iter().chain(apps.map(Topic::App)).collect();
        let is_there = |world: &World, now| !world.dry_run(now, &command).is_err_and(|refusal| refusal.may_pass());
        let wait = self
            .wait_on_apps(&topics, step.within, |world, _, now| (self.is_over() || is_there(world, now)).then_some(()));
        Ok(if wait.await.is_some() { WaitEnd::InTime } else { WaitEnd::TimeUp(self.within(step.within)) })
    }
}
