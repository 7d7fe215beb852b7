//! Control room: `/_control/worlds/{w}/snapshot`: a world as a file, and back.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::archive::{Broken, MAX_SNAPSHOT, Restored, SnapshotFile};
use crate::domain::model::time::Span;
use crate::engine::{ActiveWorld, Engine, NoSnapshot, Quiescence};
use crate::language::world::declared::DeclaredWorld;
use crate::text::units::{DURATION_HELP, parse_duration};

use super::answer::{Answer, Problem};
use super::query::Query;
use super::worlds;

/// How long a snapshot waits for quiet, unless the caller says so.
const WAIT: Duration = Duration::from_secs(2);
/// What whoever takes a snapshot may say.
pub const TAKING: &[&str] = &["wait"];

/// Takes a snapshot once nothing is under way.
pub async fn take(world: &Arc<ActiveWorld>, query: &str) -> Result<Answer, Problem> {
    let query = Query::read(query, TAKING)?;
    let wait = query.parsed("wait", DURATION_HELP, parse_duration)?;
    let wait = wait.map_or(WAIT, |Span(millis)| Duration::from_millis(millis)).min(super::ledger::MAX_WAIT);
    // Whoever is still busy afterwards is told below, where nobody can begin meanwhile.
    world.settle(Duration::ZERO, wait).await;
    let snapshot = world.snapshot().map_err(|error| match error {
        NoSnapshot::InFlightGuard(quiet) => Problem::new(409, busy(&quiet)),
        NoSnapshot::Lost(lost) => Problem::new(409, lost.to_string()),
    })?;
    let file = SnapshotFile::of(world, &snapshot)
        .map_err(|error| Problem::new(409, format!("nobody could make this world again: {error}")))?;
    let bytes = file.write();
    if bytes.len() > MAX_SNAPSHOT {
        let told = format!(
            "the snapshot has {} bytes, and at most {MAX_SNAPSHOT} could be put back: reset the world",
            bytes.len()
        );
        return Err(Problem::new(409, told));
    }
    Ok(Answer::Json(200, bytes))
}

fn busy(quiet: &Quiescence) -> String {
    let mut told = "the world is not quiet, and what is under way is in no snapshot".to_owned();
    if let Quiescence::Exhausted { deliveries, calls } = quiet {
        for busy in deliveries {
            told.push_str(&format!(
                "; app `{}` at {} has not taken a webhook (attempt {})",
                busy.app, busy.url, busy.attempt
            ));
        }
        if *calls > 0 {
            told.push_str(&format!("; {calls} Graph calls are not answered"));
        }
    }
    told + "; `wait=10s` waits longer"
}

/// Puts a snapshot in the place of the world of this name, or makes the world. What cannot be replayed changes nothing.
pub async fn restore(engine: &Engine, name: &str, body: &Bytes, base: &str) -> Result<Answer, Problem> {
    let body = body.clone();
    // Everything that ever came to the world comes once more: that is no work for a thread on which calls are answered.
    let replayed = tokio::task::spawn_blocking(move || SnapshotFile::read(&body)?.replay()).await;
    let replayed: Result<Restored, Broken> = match replayed {
        Ok(replayed) => replayed,
        Err(error) => return Err(Problem::new(400, format!("this snapshot does not replay: {error}"))),
    };
    let restored = replayed.map_err(|broken| Problem::new(400, broken.to_string()))?;
    let Some(world) = engine.world(name) else {
        worlds::check_name(name)?;
        return put_anew(engine, name, restored, base).map(|told| Answer::json(201, &told));
    };
    let declared = DeclaredWorld::of(world.config()).ok();
    if !declared.as_ref().is_some_and(|declared| declared.is_like(&restored.declared)) {
        return Err(Problem::new(409, foreign(name)));
    }
    if declared.as_ref() == Some(&restored.declared) && world.clock_mode() == restored.mode {
        engine.put(&world, restored.replayed, restored.answers);
        return worlds::describe(&world, base);
    }
    // It was declared alike, but began at another time: its moments are not those of the snapshot.
    engine.remove(name);
    put_anew(engine, name, restored, base).map(|told| Answer::json(200, &told))
}

fn foreign(name: &str) -> String {
    format!(
        "this is a snapshot of another world: `{name}` was declared differently. Delete `{name}` first, or put the snapshot under a \
         name that no world has"
    )
}

fn put_anew(engine: &Engine, name: &str, restored: Restored, base: &str) -> Result<serde_json::Value, Problem> {
    let Restored { config, mode, answers, replayed, .. } = restored;
    let world = engine.add(name, config, mode).map_err(|error| Problem::new(409, error.to_string()))?;
    engine.put(&world, replayed, answers);
    Ok(worlds::description(&world, base))
}
