//! The owners of a thread over time. The commands of the ledger are applied again to a new world, which decides the owners. That also
//! finds changes that no entry records: lapses of control, and changes of the page's settings.

use std::sync::Arc;

use crate::domain::World;
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::model::time::Moment;
use crate::journal::owner_history::OwnerChange;

/// A new world to which the commands of a ledger are applied again.
#[derive(Debug)]
pub struct OwnerReplay {
    world: World,
    thread: ThreadKey,
    /// The owner after the last command or the last `advance`.
    owner: Option<AppKey>,
    owner_before_command: Option<AppKey>,
}

impl OwnerReplay {
    /// Starts with the world as it was declared. Commands name messages by id, and ids depend on the generation, so it must be the same.
    pub fn new(config: Arc<Config>, generation: u64, thread: ThreadKey) -> Self {
        let clock = config.clock;
        let world = World::anew(config, generation);
        let owner = world.ownership(thread, clock).owner;
        Self { world, thread, owner, owner_before_command: owner }
    }

    /// Lets time pass. Returns the change of owner that this causes.
    pub fn advance(&mut self, now: Moment) -> Option<OwnerChange> {
        let ownership = self.world.ownership(self.thread, now);
        let from = std::mem::replace(&mut self.owner, ownership.owner);
        let change = OwnerChange { from, to: self.owner, at: ownership.since.unwrap_or(now), rule: ownership.because };
        (from != self.owner).then_some(change)
    }

    /// Applies a command. Returns the change of owner that no event records, which a change of settings causes.
    pub fn apply(&mut self, now: Moment, command: &Command) -> Option<OwnerChange> {
        let from = self.owner;
        self.owner_before_command = from;
        let outcome = self.world.apply(now, command).ok()?;
        self.owner = self.world.ownership(self.thread, now).owner;
        let setting = outcome.events.iter().find_map(|event| match event {
            Event::SettingChanged { rule, .. } => Some(*rule),
            _ => None,
        });
        setting.filter(|_| from != self.owner).map(|rule| OwnerChange { from, to: self.owner, at: now, rule })
    }

    /// The owner just before the last command.
    pub fn owner_before_command(&self) -> Option<AppKey> {
        self.owner_before_command
    }
}
