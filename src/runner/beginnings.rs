//! The worlds of a run before its first step. They exist before the bot starts, so that it can set its menu, its personas and its
//! subscriptions. Each scenario begins with what apps have set in a world that has the same tokens.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::domain::model::config::Config;
use crate::engine::clock::Mode;
use crate::engine::{ActiveWorld, Beginning, Engine, MAX_BEGINNING, Quiescence};
use crate::language::files::Scenario;
use crate::language::world::overrides::WorldOverrides;
use crate::language::world::read_world;

use super::timeouts::Timeouts;

/// The name of the world in which a scenario runs.
const SCENARIO: &str = "scenario";

/// The worlds of a run before its first step.
#[derive(Debug)]
pub struct Beginnings {
    engine: Arc<Engine>,
    starts: Vec<StartWorld>,
}

/// A world that apps may call until the first scenario with its tokens begins.
#[derive(Debug)]
struct StartWorld {
    tokens: BTreeSet<Box<str>>,
    world: Arc<ActiveWorld>,
    /// What apps did in it, once the first scenario has begun.
    taken: Option<Beginning>,
}

impl Beginnings {
    /// Adds a world for each world of the scenarios. Of two worlds that have the same token, the first one answers it.
    pub fn new(engine: &Arc<Engine>, scenarios: &[Scenario], changes: &WorldOverrides) -> Result<Self, String> {
        let mut starts: Vec<StartWorld> = Vec::new();
        let mut known = BTreeSet::new();
        for scenario in scenarios {
            if !known.insert(Arc::as_ptr(&scenario.world)) {
                continue;
            }
            let changes = WorldOverrides { routing: scenario.routing.clone(), ..changes.clone() };
            // A world with mistakes fails its scenario.
            let Ok(config) = read_world::read(&scenario.world, &changes) else { continue };
            let tokens = page_tokens(&config);
            if tokens.iter().all(|token| starts.iter().any(|start| start.tokens.contains(token))) {
                continue;
            }
            let name = format!("start-{}", starts.len() + 1);
            let world = engine.add_sharing(&name, config, Mode::Frozen).map_err(|error| error.to_string())?;
            starts.push(StartWorld { tokens, world, taken: None });
        }
        Ok(Self { engine: engine.clone(), starts })
    }

    /// Waits until no app has called for a short while, in which the bot had its turn.
    pub async fn settle(&self, timeouts: &Timeouts, had_its_turn: impl AsyncFn()) {
        let settled = async {
            loop {
                for start in &self.starts {
                    drop(start.world.settle(timeouts.quiet, timeouts.budget).await);
                }
                let before = self.cursors();
                had_its_turn().await;
                if self.cursors() == before && self.is_quiet().await {
                    break;
                }
            }
        };
        // A bot that never stops calling has begun, too.
        timeout(timeouts.budget, settled).await.unwrap_or_default();
    }

    /// How far each ledger has come.
    fn cursors(&self) -> Vec<u64> {
        self.starts.iter().map(|start| start.world.read(|_, ledger, _| ledger.next_cursor())).collect()
    }

    async fn is_quiet(&self) -> bool {
        for start in &self.starts {
            if start.world.settle(Duration::ZERO, Duration::ZERO).await != Quiescence::Reached {
                return false;
            }
        }
        true
    }

    /// Adds the world of a scenario in place of the one before, which only answers late calls from now on. It begins with what apps set.
    pub(super) async fn add_world(
        &mut self,
        config: Arc<Config>,
        budget: Duration,
    ) -> Result<Arc<ActiveWorld>, String> {
        let tokens = page_tokens(&config);
        let is_concerned = |start: &&mut StartWorld| !start.tokens.is_disjoint(&tokens);
        let mut concerned: Vec<&mut StartWorld> = self.starts.iter_mut().filter(is_concerned).collect();
        let so_far: Vec<Beginning> = concerned.iter().map(|start| start.so_far()).collect();
        self.engine.retire(SCENARIO);
        concerned.iter().for_each(|start| self.engine.retire(start.world.name()));
        let prepare = |world: &Arc<ActiveWorld>| so_far.iter().for_each(|beginning| world.begin_with(beginning));
        let world =
            self.engine.add_prepared(SCENARIO, config, Mode::Frozen, prepare).map_err(|error| error.to_string())?;
        for (start, so_far) in concerned.iter_mut().zip(so_far) {
            let beginning = start.take(so_far, &world, budget).await;
            if beginning.is_too_long() {
                return Err(format!(
                    "apps made more than {MAX_BEGINNING} calls before the first step, which is the limit"
                ));
            }
        }
        Ok(world)
    }
}

impl StartWorld {
    fn so_far(&self) -> Beginning {
        self.taken.clone().unwrap_or_else(|| Beginning::of(&self.world, 0))
    }

    /// Ends the beginning. What came while the first world of a scenario was made is added to it.
    async fn take(&mut self, mut so_far: Beginning, first: &ActiveWorld, budget: Duration) -> &Beginning {
        if self.taken.is_none() {
            drop(self.world.settle(Duration::ZERO, budget).await);
            let newest = so_far.inputs().last().map_or(0, |input| input.cursor);
            let rest = Beginning::of(&self.world, newest);
            first.begin_with(&rest);
            so_far.append(rest);
        }
        self.taken.get_or_insert(so_far)
    }
}

fn page_tokens(config: &Config) -> BTreeSet<Box<str>> {
    config.assets.iter().flat_map(|page| page.connections.iter().map(|connection| connection.token.clone())).collect()
}
