//! Archive: worlds and runs as files, which the same version of graphdouble can replay. `control` takes and puts back snapshots, `cli`
//! writes and replays bundles, `testing` does what `control` does. To keep one more kind of input, add it to `stored_input`.

mod bundle;
mod bytes;
mod envelope;
mod flow_yaml;
mod recorded_actions;
mod recorded_calls;
mod recorded_scenario;
mod snapshot;
mod stored_attempt;
mod stored_fault;
mod stored_input;

pub use bundle::{Bundle, MAX_BUNDLE, MAX_BUNDLE_VALUES};
pub use envelope::ArchiveError;
pub use recorded_scenario::recorded_scenario;
pub use snapshot::{MAX_SNAPSHOT, MAX_SNAPSHOT_VALUES, Restored, SnapshotFile};
