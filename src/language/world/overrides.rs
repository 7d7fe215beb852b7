//! What a run changes about a world file before the world begins.

use serde::{Deserialize, Serialize};

use crate::domain::model::time::Moment;

/// What a run changes about a world before it begins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WorldOverrides {
    /// Callback URLs of real apps; `None` makes the app a puppet.
    pub apps: Vec<(String, Option<String>)>,
    /// `routing` of every page, or `routing@rules`.
    pub routing: Option<String>,
    /// The seed, even if the file has one.
    pub seed: Option<u64>,
    /// The seed if the file has none.
    pub default_seed: Option<u64>,
    /// The time at the start if the file has none.
    pub default_clock: Option<Moment>,
    /// Part of every derived PSID, so that a bot meets only people whom it does not know.
    pub people_salt: u64,
}
