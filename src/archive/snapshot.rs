//! A world as a file: how it was declared, and all inputs that came to it since. Replayed, it is the same world: the same ids, cursors,
//! times and webhooks follow.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::handlers::people::change_people;
use crate::domain::model::config::Config;
use crate::domain::model::time::Moment;
use crate::engine::clock::Mode;
use crate::engine::{ActiveWorld, KnownKeys, LedgerCursors, Replayed, Snapshot};
use crate::language::world::declared::DeclaredWorld;
use crate::language::world::read_world;
use crate::text::diagnostic::Diagnostic;
use crate::text::units::LAST_MOMENT;

use super::envelope::{ArchiveError, ArchiveKind, TooLarge, unwrap, write};
use super::stored_attempt::StoredPendingRequest;
use super::stored_fault::StoredFault;
use super::stored_input::StoredInput;

/// Bytes of a snapshot. The control API takes no larger body, so no larger snapshot is handed out.
pub const MAX_SNAPSHOT: usize = 16 * 1024 * 1024;
/// Values of a snapshot. A world of calls, messages and clocks has one in sixteen bytes.
pub const MAX_SNAPSHOT_VALUES: usize = 1_000_000;
/// No ledger ever comes so far.
const MAX_CURSOR: u64 = 1 << 53;
/// No world ever arms so many faults.
const MAX_FAULTS_ARMED: u32 = 1 << 30;
const WHAT: &str = "snapshot";
const KIND: ArchiveKind = ArchiveKind { what: WHAT, max_bytes: MAX_SNAPSHOT, max_values: MAX_SNAPSHOT_VALUES };

/// A world as a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct SnapshotFile {
    declared: DeclaredWorld,
    is_frozen: bool,
    resets: u64,
    now: Moment,
    answers: u64,
    faults: Vec<StoredFault>,
    faults_armed: u32,
    pending: Vec<StoredPendingRequest>,
    /// Of the ledger: the first cursor, the oldest that is left, up to where entries were taken, and the next.
    cursors: [u64; 4],
    history: Vec<StoredInput>,
}

/// A world that is ready to be put where it belongs.
#[derive(Debug)]
pub struct Restored {
    /// How it was declared.
    pub declared: DeclaredWorld,
    /// The same, read.
    pub config: Arc<Config>,
    /// How its clock runs.
    pub mode: Mode,
    /// How many Graph calls it had answered.
    pub answers: u64,
    /// All that came to it.
    pub replayed: Replayed,
}

impl SnapshotFile {
    /// A world at rest, as a file.
    ///
    /// # Errors
    /// The world was not made of a text, so that nobody could make it again.
    pub fn of(world: &ActiveWorld, snapshot: &Snapshot) -> Result<Self, serde_json::Error> {
        let Snapshot { resets, now, answers, faults, faults_armed, pending, ledger, history } = snapshot;
        let config = &*world.config();
        Ok(Self {
            declared: DeclaredWorld::of(config)?,
            is_frozen: world.clock_mode() == Mode::Frozen,
            resets: *resets,
            now: *now,
            answers: *answers,
            faults: faults.iter().map(|fault| StoredFault::of(config, fault)).collect(),
            faults_armed: *faults_armed,
            pending: pending.iter().map(StoredPendingRequest::of).collect(),
            cursors: [ledger.first, ledger.oldest, ledger.taken, ledger.next],
            history: history.iter().filter_map(|input| StoredInput::of(config, input)).collect(),
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Nobody could read it again.
    pub fn write(&self) -> Result<Vec<u8>, TooLarge> {
        write(&KIND, self)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It is no snapshot, or none of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, ArchiveError> {
        unwrap(&KIND, bytes)
    }

    /// Makes the world and replays what came to it. That takes as long as it took the first time, but for all the waiting.
    ///
    /// # Errors
    /// It does not come out as it was.
    pub fn replay(self) -> Result<Restored, ArchiveError> {
        let wrong = |why: String| ArchiveError::DoesNotReplay { what: WHAT, why };
        let in_words = |mistakes: Vec<Diagnostic>| {
            let lines: Vec<String> = mistakes.iter().map(Diagnostic::one_line).collect();
            wrong(format!("its world cannot be read: {}", lines.join("; ")))
        };
        let config = read_world::read_declared(&self.declared).map_err(in_words)?;
        let mode = if self.is_frozen { Mode::Frozen } else { Mode::Follow };
        let [first, oldest, taken, next] = self.cursors;
        if self.resets > MAX_CURSOR || self.answers > MAX_CURSOR || self.faults_armed > MAX_FAULTS_ARMED {
            return Err(wrong("its numbers of resets, answers and faults make no sense".to_owned()));
        }
        if first == 0 || oldest < first || next < oldest || next > MAX_CURSOR {
            return Err(wrong("its cursors make no sense".to_owned()));
        }
        if !self.history.iter().all(StoredInput::has_a_cause_before_it) {
            return Err(wrong("its causes make no sense".to_owned()));
        }
        if self.now > LAST_MOMENT || self.history.iter().any(|input| input.at() > self.now) {
            return Err(wrong("its moments make no sense".to_owned()));
        }
        let known = with_added_people(&config, &self.history).map_err(wrong)?;
        self.pending.iter().try_for_each(|pending| KnownKeys::of(&known).check(pending)).map_err(wrong)?;
        let faults =
            self.faults.into_iter().map(|fault| fault.read(&known)).collect::<Result<_, _>>().map_err(wrong)?;
        let history =
            self.history.into_iter().map(|input| input.read(&known)).collect::<Result<_, _>>().map_err(wrong)?;
        let snapshot = Snapshot {
            resets: self.resets,
            now: self.now,
            answers: self.answers,
            faults,
            faults_armed: self.faults_armed,
            pending: self.pending.into_iter().map(StoredPendingRequest::read).collect(),
            ledger: LedgerCursors { first, oldest, taken, next },
            history,
        };
        let replayed = snapshot.replay(&config).map_err(|error| wrong(error.to_string()))?;
        Ok(Restored { declared: self.declared, config, mode, answers: self.answers, replayed })
    }
}

/// The config with the people whom a history adds: faults may name them. Fails if an input names somebody or something that is not there
/// yet.
pub(super) fn with_added_people(config: &Arc<Config>, history: &[StoredInput]) -> Result<Arc<Config>, String> {
    let mut known = config.clone();
    for input in history {
        KnownKeys::of(&known).check(input)?;
        if let Some(Ok((people, _))) = input.people_change().map(|change| change_people(&known.people, change)) {
            Arc::make_mut(&mut known).people = people;
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::{Command, UserAction, UserMessage};
    use crate::domain::model::ids::{AssetKey, PersonKey, ThreadKey};
    use crate::language::Node;
    use crate::language::world::overrides::WorldOverrides;
    use crate::language::world::read_world;
    use crate::text::source::SourceText;

    #[test]
    fn a_key_that_the_world_does_not_have_is_found_wherever_it_stands() {
        let text = "{ apps: { bot: {} }, pages: { shop: { default_app: bot, apps: { bot: {} } } }, people: { alice: {}, bob: {} } }";
        let node = Node::parse(&SourceText::inline("w", text)).expect("YAML");
        let config = read_world::read(&node, &WorldOverrides::default()).expect("a world");
        let says = |page, person| {
            let thread = ThreadKey { asset: AssetKey(page), person: PersonKey(person) };
            Command::Person(thread, UserAction::Says(UserMessage { text: Some("Hi".into()), ..UserMessage::default() }))
        };
        let known = KnownKeys::of(&config);
        let refused = |why: &str| Err(why.to_owned());
        assert_eq!(known.check(&says(0, 1)), Ok(()));
        assert_eq!(known.check(&vec![says(0, 2)]), refused("it names person number 2, and its world has 2"));
        assert_eq!(known.with_any_person().check(&vec![says(0, 2)]), Ok(()));
        assert_eq!(known.check(&Some(says(9, 0))), refused("it names page number 9, and its world has 1"));
    }
}
