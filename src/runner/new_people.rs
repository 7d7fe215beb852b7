//! New people: in a world with `people: any`, a step may name somebody whom the world does not know yet.

use std::sync::Arc;

use crate::domain::command::{Command, PeopleChange};
use crate::engine::ActiveWorld;
use crate::engine::ledger_entry::Actor;
use crate::language::steps::expectation::{Expectation, ExpectationKind};
use crate::language::steps::step::{Step, StepKind};
use crate::text::diagnostic::Diagnostic;

use super::session::Session;

impl Session {
    /// Fails if a `${name}` of the step is nobody's, before the step makes a new person.
    pub(super) fn refuse_unknown_names(&self, step: &Step) -> Result<(), Diagnostic> {
        let config = self.world.config();
        let is_unknown = |reference: &&String| {
            let name = reference.split('@').next().unwrap_or_default();
            let is_known = self.memory.saved.contains_key(*reference)
                || config.person_by_name(name).is_some()
                || names_in(step).contains(&name);
            // What has a dot was checked when the step was read.
            !is_known && !name.contains('.')
        };
        match step.references.iter().find(is_unknown).filter(|_| config.people.any) {
            Some(unknown) => Err(Diagnostic::new(step.place.clone(), format!("`${{{unknown}}}` is not known here"))),
            None => Ok(()),
        }
    }

    /// Adds the people whom a step names and the world does not know, and takes over those whom others added.
    pub(super) fn meet_people(&mut self, step: &Step) {
        self.config = self.world.config();
        if self.config.people.any {
            names_in(step).into_iter().for_each(|name| meet(&self.world, name));
            self.config = self.world.config();
        }
    }
}

/// Adds a person if the world has no person, app, ad or page of this name.
pub(super) fn meet(world: &Arc<ActiveWorld>, name: &str) {
    let config = world.config();
    let is_known = config.person_by_name(name).is_some()
        || config.app_by_name(name).is_some()
        || config.ad_by_name(name).is_some()
        || config.asset_by_name(name).is_some();
    if !is_known {
        // A refusal, as of one person too many, is in the ledger, and the step finds nobody of this name.
        drop(world.execute(Actor::Script, Command::People(PeopleChange::Meets(name.into()))));
    }
}

/// The names in a step that may be those of people.
fn names_in(step: &Step) -> Vec<&str> {
    match &step.kind {
        StepKind::User(user) => vec![&user.person],
        StepKind::App(app) => app.to.as_deref().into_iter().collect(),
        StepKind::Inbox(inbox) => inbox.to.as_deref().into_iter().collect(),
        StepKind::Fault(fault) => fault.to.as_deref().into_iter().collect(),
        StepKind::Expect(expectations) => expectations.iter().flat_map(names_in_expectation).collect(),
        StepKind::Admin(_) | StepKind::Clock(_) | StepKind::Call(_) => Vec::new(),
    }
}

fn names_in_expectation(expectation: &Expectation) -> impl Iterator<Item = &str> {
    let parties = match &expectation.kind {
        ExpectationKind::Message { from, to, .. } => [from.as_deref(), to.as_deref()],
        _ => [None, None],
    };
    expectation.of.as_deref().into_iter().chain(parties.into_iter().flatten())
}
