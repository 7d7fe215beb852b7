//! The machine of a world: inputs go in, and the ledger and the attempts to send webhooks come out. No runtime, no lock, no clock.

use std::sync::Arc;

use graphdouble::internals::domain::command::{Command, UserAction, UserMessage};
use graphdouble::internals::domain::model::config::Config;
use graphdouble::internals::domain::model::ids::{AppKey, AssetKey, PersonKey, ThreadKey};
use graphdouble::internals::domain::model::time::{Moment, Span};
use graphdouble::internals::engine::ledger_entry::{Actor, DeliveryResult, Record};
use graphdouble::internals::engine::{Effects, Job, WorldState};
use graphdouble::internals::language::Node;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world::read;
use graphdouble::internals::text::source;

const SHOP: &str = r"
apps: { bot: { webhook: { url: 'http://bot/hook' } } }
pages: { shop: { default_app: bot, apps: { bot: {} } } }
people: { alice: {}, bob: {} }
";

pub fn config(world: &str, routing: Option<&str>) -> Arc<Config> {
    let node = Node::parse(&source::SourceText::inline("world", world)).expect("YAML");
    let overrides = WorldOverrides { routing: routing.map(str::to_owned), ..WorldOverrides::default() };
    read(&node, &overrides).expect("a world")
}

fn shop() -> WorldState {
    WorldState::new(&config(SHOP, None), true)
}

fn thread(person: u32) -> ThreadKey {
    ThreadKey { asset: AssetKey(0), person: PersonKey(person) }
}

fn says(person: u32, text: &str) -> Arc<Command> {
    let message = UserMessage { text: Some(text.into()), ..UserMessage::default() };
    Arc::new(Command::Person(thread(person), UserAction::Says(message)))
}

pub fn say(state: &mut WorldState, now: Moment, person: u32, text: &str) -> Effects {
    let (executed, effects) = state.execute(now, Actor::Script, says(person, text));
    executed.expect("a person may write");
    effects
}

fn say_now(state: &mut WorldState, person: u32, text: &str) -> Vec<Job> {
    let now = state.now();
    say(state, now, person, text).jobs
}

fn end(state: &mut WorldState, job: Job, status: u16) -> Effects {
    state.end_attempt(state.now(), job, DeliveryResult::Answered(status).into())
}

/// The status of each attempt in the ledger.
fn statuses(state: &WorldState) -> Vec<u16> {
    let status = |record: &Record| match record {
        Record::DeliveryAttempt(attempt) => match attempt.result {
            DeliveryResult::Answered(status) => Some(status),
            _ => None,
        },
        _ => None,
    };
    state.ledger().all().filter_map(|entry| status(&entry.record)).collect()
}

#[test]
fn a_command_has_its_webhook_as_effect() {
    let mut state = shop();
    let jobs = say_now(&mut state, 0, "hello");
    assert_eq!(jobs.len(), 1);
    let request = &jobs[0].outgoing.request;
    assert_eq!((&*jobs[0].url, jobs[0].outgoing.attempt, request.app), ("http://bot/hook", 1, AppKey(0)));
    let entry = state.ledger().get(request.first.entry).expect("its entry");
    assert!(entry.webhook().is_some(), "the effect names the entry of a webhook");
}

#[test]
fn a_refused_command_has_no_effect() {
    let mut state = shop();
    let (executed, effects) =
        state.execute(state.now(), Actor::Script, Arc::new(Command::Unlink(thread(0), AppKey(0))));
    assert!(executed.is_err() && effects.jobs.is_empty());
    assert_eq!(state.ledger().len(), 1, "the refusal");
}

#[test]
fn an_attempt_that_fails_is_made_again_when_it_is_due() {
    let mut state = shop();
    let job = say_now(&mut state, 0, "hello").remove(0);
    assert!(end(&mut state, job, 500).jobs.is_empty());
    let now = state.now();
    let (turned, effects) = state.turn_clock(now, now + Span::hours(1), |_| true);
    assert_eq!(turned, None, "the second attempt is under way, at its own time");
    assert_eq!(effects.jobs.len(), 1);
    let again = effects.jobs.into_iter().next().expect("an attempt");
    assert_eq!((again.outgoing.attempt, state.now()), (2, now + Span(1_000)));
    end(&mut state, again, 200);
    assert_eq!(statuses(&state), [500, 200]);
    let (turned, effects) = state.turn_clock(state.now(), now + Span::hours(48), |_| true);
    assert!(turned.is_some() && effects.jobs.is_empty(), "nothing is left to send");
}

#[test]
fn the_clock_waits_for_a_delivery_and_goes_on_after_it() {
    let mut state = shop();
    let job = say_now(&mut state, 0, "hello").remove(0);
    let later = state.now() + Span::hours(1);
    let before = state.now();
    assert_eq!(state.turn_clock(before, later, |_| true).0, None);
    assert_eq!(state.now(), before);
    end(&mut state, job, 200);
    let (turned, _) = state.turn_clock(before, later, |_| true);
    assert!(turned.is_some());
    assert_eq!(state.now(), later);
}

#[test]
fn a_webhook_is_sent_again_on_demand_under_a_new_number() {
    let mut state = shop();
    let job = say_now(&mut state, 0, "hello").remove(0);
    let webhook = job.outgoing.request.first.entry;
    let (attempt, effects) = state.redeliver(state.now(), webhook);
    assert_eq!((attempt, effects.jobs.len()), (Ok(2), 1));
    end(&mut state, job, 200);
    effects.jobs.into_iter().for_each(|job| drop(end(&mut state, job, 500)));
    assert!(state.has_no_delivery_in_flight());
    assert_eq!(statuses(&state), [200, 500]);
    let (turned, effects) = state.turn_clock(state.now(), state.now() + Span::hours(1), |_| true);
    assert!(turned.is_some() && effects.jobs.is_empty(), "an attempt on demand is not made again");
}
