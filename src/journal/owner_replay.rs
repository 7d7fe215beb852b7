//! The owners of a thread at every moment, from its commands. A world of its own executes them once more, so that also changes are
//! found that no entry of the ledger says: control that lapsed, and settings that moved a thread.

use std::sync::Arc;

use crate::domain::World;
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;

use super::owner_history::OwnerChange;

/// A world in which the commands are executed once more.
#[derive(Debug)]
pub struct OwnerReplay {
    world: World,
    thread: ThreadKey,
    /// The owner after the last command or the last `advance`.
    owner: Option<AppKey>,
    owner_before_command: Option<AppKey>,
}

impl OwnerReplay {
    /// Begins with the world as it was declared. It needs the same generation, because commands name messages by their ids.
    pub fn new(config: Arc<Config>, generation: u64, thread: ThreadKey) -> Self {
        let clock = config.clock;
        let world = World::after_resets(config, generation);
        let owner = world.ownership(thread, clock).owner;
        Self { world, thread, owner, owner_before_command: owner }
    }

    /// Lets time pass. Returns the change of owner that this causes.
    pub fn advance(&mut self, now: Moment) -> Option<OwnerChange> {
        let ownership = self.world.ownership(self.thread, now);
        let from = std::mem::replace(&mut self.owner, ownership.owner);
        let change = OwnerChange {
            from,
            to: self.owner,
            at: ownership.since.unwrap_or(now),
            rule: ownership.because,
            entry: None,
        };
        (from != self.owner).then_some(change)
    }

    /// Executes a command. Returns a change of owner that no event says, which a change of settings causes.
    pub fn apply(&mut self, now: Moment, command: &Command) -> Option<OwnerChange> {
        let from = self.owner;
        self.owner_before_command = from;
        let applied = self.world.apply(now, command).ok()?;
        self.owner = self.world.ownership(self.thread, now).owner;
        let setting = applied.events.iter().find_map(|event| match event {
            Event::SettingChanged { rule, .. } => Some(*rule),
            _ => None,
        });
        setting.filter(|_| from != self.owner).map(|rule| OwnerChange {
            from,
            to: self.owner,
            at: now,
            rule,
            entry: None,
        })
    }

    /// The owner when the last command came.
    pub fn owner_before_command(&self) -> Option<AppKey> {
        self.owner_before_command
    }
}
