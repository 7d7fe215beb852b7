//! Explain room: the owners of a thread as they were all along, by obeying once more what was executed. Nothing of who owns what is
//! decided here: a world of its own decides it.

use std::sync::Arc;

use crate::domain::World;
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::domain::rules::RuleId;

/// A thread changed its owner.
#[derive(Debug, Clone, Copy)]
pub struct OwnerChange {
    /// The owner before.
    pub from: Option<AppKey>,
    /// The owner after.
    pub to: Option<AppKey>,
    /// When.
    pub at: Moment,
    /// Why.
    pub rule: RuleId,
}

/// A world in which everything about one thread happens once more.
#[derive(Debug)]
pub struct Replay {
    world: World,
    thread: ThreadKey,
    /// The owner as of the last command, or of the last look.
    owner: Option<AppKey>,
    owner_before_turn: Option<AppKey>,
}

impl Replay {
    /// The world as it was declared. Message ids are those of its generation, for commands point at messages by their ids.
    pub fn new(config: Arc<Config>, generation: u64, thread: ThreadKey) -> Self {
        let clock = config.clock;
        let world = World::after_resets(config, generation);
        let owner = world.ownership(thread, clock).owner;
        Self { world, thread, owner, owner_before_turn: owner }
    }

    /// Lets time pass; returns how the owner changed by that alone.
    pub fn advance(&mut self, now: Moment) -> Option<OwnerChange> {
        let ownership = self.world.ownership(self.thread, now);
        let from = std::mem::replace(&mut self.owner, ownership.owner);
        let change = OwnerChange { from, to: self.owner, at: ownership.since.unwrap_or(now), rule: ownership.because };
        (from != self.owner).then_some(change)
    }

    /// Obeys a command; returns how the owner changed where no event says so: by a change of settings.
    pub fn apply(&mut self, now: Moment, command: &Command) -> Option<OwnerChange> {
        let from = self.owner;
        self.owner_before_turn = from;
        let applied = self.world.apply(now, command).ok()?;
        self.owner = self.world.ownership(self.thread, now).owner;
        let setting = applied.events.iter().find_map(|event| match event {
            Event::SettingChanged { rule, .. } => Some(*rule),
            _ => None,
        });
        setting.filter(|_| from != self.owner).map(|rule| OwnerChange { from, to: self.owner, at: now, rule })
    }

    /// The owner when the last command came.
    pub fn owner_before_turn(&self) -> Option<AppKey> {
        self.owner_before_turn
    }
}
