//! Archive: worlds and runs as files: what came to a world, as JSON that this version of graphdouble can replay. `control` answers and
//! takes snapshots, `cli` writes and replays bundles.

mod bundle;
pub mod envelope;
mod snapshot;
mod stored;
mod stored_delivery;

pub use self::envelope::Broken;
pub use bundle::{Bundle, MAX_BUNDLE};
pub use snapshot::{MAX_SNAPSHOT, Restored, SnapshotFile};
