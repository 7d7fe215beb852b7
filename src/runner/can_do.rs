//! Says whether a person can do what a step says, without doing it.

use crate::language::Node;
use crate::language::steps::on_platform::user_mistake;
use crate::language::steps::step::StepKind;
use crate::text::source::SourceText;

use super::session::Session;

impl Session {
    /// True if the step of a person would not be refused now.
    pub fn can_do(&self, step: &serde_json::Value) -> bool {
        self.would_execute(step).unwrap_or(false)
    }

    /// `None` if the step cannot be read, or names what is not there.
    fn would_execute(&self, step: &serde_json::Value) -> Option<bool> {
        let node = Node::parse(&SourceText::inline("offer", &step.to_string())).ok()?;
        let step = self.read_step(&node).ok()?;
        let StepKind::User(user) = &step.kind else { return None };
        let page = user.page_name(step.page.as_deref(), &self.config);
        let thread = self.find_thread(Some(&user.person), page.as_deref(), &step.place).ok()?;
        if user_mistake(&self.config, thread.asset, user).is_some() {
            return Some(false);
        }
        let command = self.user_command(&step, user, thread).ok()?;
        Some(self.world.read(|world, _, now| world.dry_run(now, &command).is_ok()))
    }
}
