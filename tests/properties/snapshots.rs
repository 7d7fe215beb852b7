//! A world at rest, whatever happened in it: restored, it is the same world, and the same follows.

use std::sync::Arc;

use graphdouble::internals::archive::SnapshotFile;
use graphdouble::internals::domain::command::Command;
use graphdouble::internals::domain::model::time::Span;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::ledger_entry::Actor;
use graphdouble::internals::engine::{ActiveWorld, Engine, IdChoice, ResetOptions};
use graphdouble::internals::language::Node;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world::read;
use graphdouble::internals::text::source;
use proptest::prelude::*;

use crate::{Story, WORLD, entries, story};

/// A world that remembers so many entries.
fn world(story: &Story, ledger: usize) -> (Engine, Arc<ActiveWorld>) {
    let text = format!("{WORLD}limits: {{ ledger: {ledger} }}\n");
    let node = Node::parse(&source::SourceText::inline("world", &text)).expect("YAML");
    let changes = WorldOverrides { routing: Some(story.routing.to_owned()), ..WorldOverrides::default() };
    let engine = Engine::new(None);
    let world = engine.add("w", read(&node, &changes).expect("a world"), Mode::Frozen).expect("a name");
    (engine, world)
}

fn perform(world: &Arc<ActiveWorld>, commands: &[(u64, Command)]) {
    for (hours, command) in commands {
        world.advance_to(world.now() + Span::hours(*hours));
        drop(world.execute(Actor::Script, command.clone()));
    }
}

/// All that is left of what happened.
fn shown(world: &ActiveWorld) -> Vec<String> {
    entries(world).iter().map(|entry| format!("{entry:?}")).collect()
}

/// Everything that may change about a world: what it was declared with has indices, whose order means nothing.
fn state(world: &ActiveWorld) -> String {
    let world = world.read(|world, _, _| format!("{world:?}"));
    world.split_once("settings: ").expect("a world has settings").1.to_owned()
}

fn file(world: &ActiveWorld) -> Vec<u8> {
    let snapshot = world.snapshot().expect("a quiet world");
    SnapshotFile::of(world, &snapshot).expect("a declared world").write().expect("a small world")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_follows_a_restore_is_what_followed_the_snapshot(
        story in story(),
        at in 0usize..60,
        ledger in prop_oneof![Just(20_000usize), 1usize..200],
        taken in prop_oneof![Just(0usize), 0usize..100],
        resets in 0usize..3,
    ) {
        let (before, after) = story.commands.split_at(at.min(story.commands.len()));
        let (engine, once) = world(&story, ledger);
        (0..resets).for_each(|_| engine.reset(&once, &ResetOptions::default()).expect("nothing is kept"));
        perform(&once, before);
        once.take_entries(taken);
        let kept = file(&once);
        let then = shown(&once);
        perform(&once, after);

        let (engine, again) = world(&story, ledger);
        let restored = SnapshotFile::read(&kept).expect("a snapshot").replay().expect("a history");
        engine.put(&again, restored.replayed, restored.answers, IdChoice::Same);
        prop_assert_eq!(shown(&again), then);
        prop_assert_eq!(file(&again), kept);
        perform(&again, after);
        prop_assert_eq!(shown(&again), shown(&once));
        prop_assert_eq!(state(&again), state(&once));
    }
}
