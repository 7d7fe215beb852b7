//! Starting a world over. What apps have set may be kept, message ids are ones that were never seen, and so are the page-scoped ids of
//! people: what a bot says late to somebody from before reaches nobody of now.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::domain::command::{Command, PeopleChange};

use super::active_world::ActiveWorld;
use super::beginning::{Beginning, Keep, MAX_BEGINNING};
use super::clock::{Clock, Mode};
use super::evicted_commands::HistoryTruncated;
use super::history::RecordedInput;
use super::ledger_entry::Actor;
use super::state::WorldState;

/// Whether ids are those of before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdChoice {
    /// The same steps lead to the same ids.
    Same,
    /// No id comes that was ever seen.
    New,
}

/// What a reset keeps.
#[derive(Debug, Clone, Default)]
pub struct ResetOptions {
    /// What apps have set.
    pub keep: Vec<Keep>,
    /// The ids of messages; new ones if this is left out.
    pub messages: Option<IdChoice>,
    /// The page-scoped ids of people that the world does not declare. If this is left out, they are new in front of real apps.
    pub people: Option<IdChoice>,
}

/// Why a world cannot be reset as it was asked for. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReset {
    #[error("what apps have set is not known any more: {0}")]
    Truncated(#[from] HistoryTruncated),
    #[error("apps have changed what is to be kept more than {MAX_BEGINNING} times, which is the limit: keep less")]
    TooMuch,
}

impl ActiveWorld {
    /// Starts over: threads, settings, clock and ledger are as declared, apart from what is kept. What is in flight is forgotten. Webhooks
    /// that were attached stay, because the bots behind them still run. Returns the old state, and whether its people are gone.
    pub fn reset(self: &Arc<Self>, options: &ResetOptions) -> Result<(WorldState, bool), NotReset> {
        let mut guarded = self.lock();
        let declared = self.declared_config();
        let kept = self.kept(&guarded.state, &options.keep)?;
        let epoch = self.new_epoch(&guarded.state);
        let begin = match options.messages {
            Some(IdChoice::Same) => guarded.state.resets,
            Some(IdChoice::New) | None => epoch,
        };
        let (attached, next) = (guarded.state.attached_since(declared), guarded.state.ledger.next_cursor());
        let mut fresh = WorldState::after_resets(declared, self.has_outbox(), begin, next);
        let has_real_apps =
            self.has_outbox() && guarded.state.world.config().apps.iter().any(|app| app.webhook.is_some());
        let wants_new = options.people.map_or(has_real_apps, |choice| choice == IdChoice::New);
        let has_new_people = wants_new && declared.people.has_derived_ids();
        let ids = has_new_people.then_some(Command::People(PeopleChange::GetNewIds(epoch)));
        let webhooks = attached.into_iter().map(|(app, change)| Command::Webhook(app, change));
        for command in webhooks.chain(ids) {
            // It was allowed before, and it has no effect outside.
            drop(fresh.execute(declared.clock, Actor::Script, Arc::new(command)));
        }
        fresh.begin_again(&kept);
        guarded.clock = Clock::new(self.clock_mode(), declared.clock);
        let old = self.replace(&mut guarded, fresh, 0);
        drop(guarded);
        self.wake_everybody();
        Ok((old, has_new_people))
    }

    fn kept(&self, state: &WorldState, keep: &[Keep]) -> Result<Beginning, NotReset> {
        if keep.is_empty() {
            return Ok(Beginning::new(self.declared_config().clone(), Vec::new()));
        }
        let evicted = state.ledger.evicted_commands().inputs()?;
        let inputs = evicted.chain(state.ledger.all().filter_map(RecordedInput::of));
        let kept = Beginning::keeping(self.declared_config().clone(), inputs, keep);
        if kept.is_too_long() { Err(NotReset::TooMuch) } else { Ok(kept) }
    }

    /// A number that no ids of this world were made with.
    pub(super) fn new_epoch(&self, state: &WorldState) -> u64 {
        let used = state.resets.max(state.world.id_epoch());
        let before = self.epochs.fetch_max(used, Ordering::AcqRel).max(used);
        let next = before.saturating_add(1);
        self.epochs.store(next, Ordering::Release);
        next
    }

    /// A world that answers late calls about the people of an old state. It sends nothing.
    pub(super) fn of_retired(&self, old: WorldState) -> Arc<Self> {
        let earlier = Self::new(self.name(), self.declared_config().clone(), Mode::Frozen, None);
        earlier.retire();
        let mut guarded = earlier.lock();
        guarded.clock = Clock::new(Mode::Frozen, old.now);
        drop(earlier.replace(&mut guarded, old, 0));
        drop(guarded);
        Arc::new(earlier)
    }
}
