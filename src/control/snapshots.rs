//! `/_control/worlds/{world}/snapshot`: a world as a file, and back; `…/scenario`: what happened in it, as a scenario.

use std::sync::Arc;
use std::time::Duration;

use crate::archive::{ArchiveError, Restored, SnapshotFile, recorded_scenario};
use crate::engine::{ActiveWorld, Engine, IdChoice, NoSnapshot, Quiescence};
use crate::language::world::declared::DeclaredWorld;

use super::answer::{ControlAnswer, Problem};
use super::call::ControlCall;
use super::ledger::MAX_WAIT;
use super::route::Handled;
use super::worlds::{check_name, described};

/// How long a snapshot waits for quiet if the caller does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(2);

/// Handles `GET …/scenario`.
pub fn scenario(call: &ControlCall<'_>) -> Handled {
    let text = recorded_scenario(&*call.world()?).map_err(|error| Problem::new(409, error.to_string()))?;
    Ok(ControlAnswer::Yaml(text))
}

/// Handles `GET …/snapshot`, once nothing is under way.
pub async fn take(call: &ControlCall<'_>) -> Handled {
    let world = call.world()?;
    let wait = call.query.wait()?.unwrap_or(DEFAULT_WAIT).min(MAX_WAIT);
    // The result does not matter: `snapshot` looks again, under the lock, where nothing can begin meanwhile.
    world.settle(Duration::ZERO, wait).await;
    let snapshot = world.snapshot().map_err(|error| match error {
        NoSnapshot::NotQuiet(quiescence) => Problem::new(409, not_quiet(&quiescence)),
        NoSnapshot::Lost(lost) => Problem::new(409, lost.to_string()),
    })?;
    let file = SnapshotFile::of(&world, &snapshot)
        .map_err(|error| Problem::new(409, format!("nobody could make this world again: {error}")))?;
    let bytes = file.write().map_err(|error| Problem::new(409, format!("{error}: reset the world")))?;
    Ok(ControlAnswer::Json(200, bytes))
}

fn not_quiet(quiescence: &Quiescence) -> String {
    let mut text = "the world is not quiet, and what is under way is in no snapshot".to_owned();
    if let Quiescence::Exhausted { deliveries, calls } = quiescence {
        for delivery in deliveries {
            text.push_str(&format!(
                "; app `{}` at {} has not taken a webhook (attempt {})",
                delivery.app, delivery.url, delivery.attempt
            ));
        }
        if *calls > 0 {
            text.push_str(&format!("; {calls} Graph calls are not answered"));
        }
    }
    text + "; `wait=10s` waits longer"
}

/// Handles `PUT …/snapshot`: puts the world back, or makes it. A snapshot that does not replay changes nothing.
pub async fn restore(call: &ControlCall<'_>) -> Handled {
    let (engine, name) = (&*call.state.engine, call.path_value("world"));
    let ids = call.query.parsed("ids", "`new` or `same`", |word| match word {
        "new" => Some(IdChoice::New),
        "same" => Some(IdChoice::Same),
        _ => None,
    })?;
    let ids = ids.unwrap_or(IdChoice::New);
    let body = call.body.clone();
    // Everything that ever came to the world comes once more, which must not block a thread on which calls are answered.
    let replayed = tokio::task::spawn_blocking(move || SnapshotFile::read(&body)?.replay()).await;
    let replayed: Result<Restored, ArchiveError> =
        replayed.map_err(|error| Problem::new(400, format!("this snapshot does not replay: {error}")))?;
    let restored = replayed.map_err(|error| Problem::new(400, error.to_string()))?;
    let (status, world) = put_back(engine, name, (restored, ids))?;
    call.state.forget_sessions(name);
    Ok(ControlAnswer::json(status, &described(call, &world)))
}

/// The world, and the status that says whether it was made.
fn put_back(
    engine: &Engine,
    name: &str,
    (restored, ids): (Restored, IdChoice),
) -> Result<(u16, Arc<ActiveWorld>), Problem> {
    let Some(world) = engine.world(name) else {
        check_name(name)?;
        return Ok((201, make_world(engine, name, (restored, ids))?));
    };
    let declared = DeclaredWorld::of(world.declared_config()).ok();
    if !declared.as_ref().is_some_and(|declared| declared.is_like(&restored.declared)) {
        return Err(Problem::new(409, other_world(name)));
    }
    if declared.as_ref() == Some(&restored.declared) && world.clock_mode() == restored.mode {
        engine.put(&world, restored.replayed, restored.answers, ids);
        return Ok((200, world));
    }
    // It is declared alike but began at another time, so its moments are not those of the snapshot.
    engine.remove(name);
    let made = make_world(engine, name, (restored, ids));
    made.map(|world| (200, world)).map_err(|problem| problem.note(&format!("the world `{name}` was removed for it")))
}

fn other_world(name: &str) -> String {
    format!(
        "this is a snapshot of another world: `{name}` was declared differently. Delete `{name}` first, or put the snapshot under a \
         name that no world has"
    )
}

fn make_world(engine: &Engine, name: &str, (restored, ids): (Restored, IdChoice)) -> Result<Arc<ActiveWorld>, Problem> {
    let Restored { config, mode, answers, replayed, .. } = restored;
    let world = engine.add(name, config, mode).map_err(|error| Problem::new(409, error.to_string()))?;
    engine.put(&world, replayed, answers, ids);
    Ok(world)
}
