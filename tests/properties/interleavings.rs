//! The machine under shuffled inputs: commands of several threads, results of deliveries, the clock, faults. Whatever comes in whatever
//! order, the order within a thread holds, nothing is lost or sent twice, and the same inputs lead to the same ledger.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use graphdouble::internals::domain::command::Command;
use graphdouble::internals::domain::event::{Decision, DeliveryState, Event, Scope};
use graphdouble::internals::domain::model::config::Config;
use graphdouble::internals::domain::model::ids::AppKey;
use graphdouble::internals::domain::model::time::Span;
use graphdouble::internals::engine::fault::{
    Detour, FakedFailure, Fault, FaultEffect, FaultSite, Schedule, WebhookFault,
};
use graphdouble::internals::engine::ledger_entry::{Actor, DeliveryResult, Record};
use graphdouble::internals::engine::{Effects, Job, WorldState};
use proptest::prelude::*;

use crate::commands::command;
use crate::machine::{config, say};
use crate::{ROUTINGS, WORLD};

/// The apps that get webhooks.
const REAL: [AppKey; 2] = [AppKey(0), AppKey(1)];

/// What may come next.
#[derive(Debug, Clone)]
enum Input {
    Command(Command),
    /// An attempt ends: of all threads with one, the thread at this place.
    Ends(usize, Ending),
    /// The clock is turned by so many seconds, until something leaves.
    Turns(u64),
    Arms(Fault),
    Disarms,
    /// The webhook at this place is sent again.
    SendsAgain(usize),
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    Status(u16),
    NoAnswer,
}

impl From<Ending> for DeliveryResult {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Status(status) => Self::Answered(status),
            Ending::NoAnswer => Self::Failed("no answer".into()),
        }
    }
}

/// What is in flight, in order for each app and thread, as the sender of webhooks keeps it.
#[derive(Default)]
pub struct Queues {
    queues: BTreeMap<(AppKey, Scope), VecDeque<Job>>,
    keys: BTreeSet<(u64, u32)>,
    /// Every job that ever came.
    seen: Vec<(AppKey, Scope, u64, u32)>,
}

impl Queues {
    pub fn take(&mut self, effects: Effects) {
        for job in effects.jobs {
            let (app, first, attempt) = (job.outgoing.request.app, &job.outgoing.request.first, job.outgoing.attempt);
            let scope = first.event.scope;
            assert!(self.keys.insert((first.entry, attempt)), "an attempt is made twice");
            self.seen.push((app, scope, first.entry, attempt));
            self.queues.entry((app, scope)).or_default().push_back(job);
        }
    }

    /// The oldest job of the queue at this place.
    pub fn next(&mut self, place: usize) -> Option<Job> {
        let queue = *self.queues.keys().nth(place % self.queues.len().max(1))?;
        let jobs = self.queues.get_mut(&queue)?;
        let job = jobs.pop_front();
        if jobs.is_empty() {
            self.queues.remove(&queue);
        }
        job
    }

    pub fn len(&self) -> usize {
        self.queues.values().map(VecDeque::len).sum()
    }

    /// First attempts come in the order of their webhooks, for each app and thread.
    pub fn check_order(&self) {
        let mut newest = BTreeMap::new();
        for (app, scope, webhook, _) in self.seen.iter().filter(|(.., attempt)| *attempt == 1) {
            let before = newest.insert((*app, *scope), *webhook);
            assert!(before < Some(*webhook), "{webhook} comes after {before:?}");
        }
    }
}

struct Run {
    state: WorldState,
    queues: Queues,
}

impl Run {
    fn new(config: &Arc<Config>) -> Self {
        Self { state: WorldState::new(config, true), queues: Queues::default() }
    }

    fn input(&mut self, input: &Input) {
        let now = self.state.now();
        let state = &mut self.state;
        let effects = match input {
            Input::Command(command) => state.execute(now, Actor::Script, Arc::new(command.clone())).1,
            Input::Ends(place, ending) => match self.queues.next(*place) {
                Some(job) => state.end_attempt(now, job, DeliveryResult::from(*ending).into()),
                None => Effects::default(),
            },
            Input::Turns(seconds) => state.turn_clock(now, now + Span(seconds * 1_000), |_| true).1,
            Input::Arms(fault) => {
                state.arm(now, vec![fault.clone()]).expect("room for it");
                Effects::default()
            }
            Input::Disarms => {
                state.disarm(now, None);
                Effects::default()
            }
            Input::SendsAgain(place) => {
                let webhooks: Vec<u64> = webhooks(state).collect();
                let chosen = webhooks.get(place % webhooks.len().max(1)).copied();
                chosen.map(|webhook| state.redeliver(now, webhook).1).unwrap_or_default()
            }
        };
        self.queues.take(effects);
    }

    /// All bots take everything from now on, until nothing is left.
    fn drain(&mut self) {
        self.input(&Input::Disarms);
        for _ in 0..100 {
            while self.queues.len() > 0 {
                self.input(&Input::Ends(0, Ending::Status(200)));
            }
            self.input(&Input::Turns(3_600));
        }
        assert!(self.state.has_no_delivery_in_flight());
    }

    fn ledger(&self) -> Vec<String> {
        self.state.ledger().all().map(|entry| format!("{entry:?}")).collect()
    }
}

/// The webhooks that go to apps which really get some.
fn webhooks(state: &WorldState) -> impl Iterator<Item = u64> {
    let delivered = |record: &Record| {
        record.webhook().is_some_and(|(_, decision)| {
            matches!(decision.decision, Decision::Deliver(..)) && REAL.contains(&decision.app)
        })
    };
    state.ledger().all().filter(move |entry| delivered(&entry.record)).map(|entry| entry.cursor)
}

/// How often each webhook was taken, and which were given up.
fn ends(state: &WorldState) -> (BTreeMap<u64, usize>, BTreeSet<u64>) {
    let (mut taken, mut given_up) = (BTreeMap::new(), BTreeSet::new());
    for entry in state.ledger().all() {
        match &entry.record {
            Record::DeliveryAttempt(attempt) if attempt.result.is_success() => {
                for webhook in attempt.request.items() {
                    *taken.entry(webhook.entry).or_default() += 1;
                }
            }
            Record::DeliveryAttempt(attempt) if attempt.result == DeliveryResult::Lost => {
                given_up.extend(attempt.request.items().map(|webhook| webhook.entry));
            }
            // The domain knows the first webhook of a request. The others share its fate.
            Record::Happened(Event::Delivery { news: DeliveryState::GivenUp { webhooks }, .. }) => {
                given_up.extend(webhooks);
            }
            _ => {}
        }
    }
    (taken, given_up)
}

fn real_world(routing: &str) -> Arc<Config> {
    let apps = "apps: { a: { webhook: { url: 'http://a/' } }, b: { webhook: { url: 'http://b/' } }, c: {} }";
    let world = WORLD.replace("apps: { a: {}, b: {}, c: {} }", apps);
    assert_ne!(world, WORLD);
    config(&world, Some(routing))
}

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![3 => Just(Ending::Status(200)), 2 => Just(Ending::Status(500)), 1 => Just(Ending::NoAnswer)]
}

fn plain() -> BoxedStrategy<Input> {
    let own = |command: &Command| matches!(command, Command::Delivery(..));
    prop_oneof![
        6 => command().prop_filter("the engine's own", move |command| !own(command)).prop_map(Input::Command),
        6 => (0usize..8, ending()).prop_map(|(place, ending)| Input::Ends(place, ending)),
        2 => prop_oneof![0u64..30, 60u64..4_000, Just(90_000)].prop_map(Input::Turns),
    ]
    .boxed()
}

fn fault() -> impl Strategy<Value = Fault> {
    let effect = prop_oneof![
        Just(WebhookFault::Detour(Detour::Lost)),
        Just(WebhookFault::Detour(Detour::Twice)),
        Just(WebhookFault::Detour(Detour::Behind)),
        Just(WebhookFault::Late(Span(5_000))),
        (2usize..4).prop_map(WebhookFault::Batch),
        Just(WebhookFault::Fails(FakedFailure::Timeout)),
    ];
    let app = prop_oneof![Just(None), Just(Some(AppKey(0))), Just(Some(AppKey(2)))];
    (effect, app, 1u32..4).prop_map(|(effect, app, times)| Fault {
        at: FaultSite::Webhook(None),
        app,
        page: None,
        person: None,
        schedule: Schedule::next(times),
        optional: true,
        effect: FaultEffect::Webhook(effect),
    })
}

fn faulty() -> impl Strategy<Value = Input> {
    prop_oneof![
        8 => plain(),
        2 => fault().prop_map(Input::Arms),
        1 => Just(Input::Disarms),
        1 => (0usize..50).prop_map(Input::SendsAgain),
    ]
}

fn inputs(of: impl Strategy<Value = Input>) -> impl Strategy<Value = (&'static str, Vec<Input>)> {
    (0..ROUTINGS.len(), proptest::collection::vec(of, 1..80)).prop_map(|(place, inputs)| (ROUTINGS[place], inputs))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn webhooks_keep_their_order_and_come_exactly_once((routing, inputs) in inputs(plain())) {
        let mut run = Run::new(&real_world(routing));
        inputs.iter().for_each(|input| run.input(input));
        run.drain();
        run.queues.check_order();
        let (taken, given_up) = ends(&run.state);
        for webhook in webhooks(&run.state) {
            let times = taken.get(&webhook).copied().unwrap_or(0);
            prop_assert!(times <= 1, "{} was taken {} times", webhook, times);
            prop_assert!(times == 1 || given_up.contains(&webhook), "{} was lost", webhook);
        }
    }

    #[test]
    fn the_same_inputs_lead_to_the_same_and_replay_to_the_same((routing, inputs) in inputs(faulty())) {
        let config = real_world(routing);
        let play = || {
            let mut run = Run::new(&config);
            inputs.iter().for_each(|input| run.input(input));
            run.drain();
            run
        };
        let (once, again) = (play(), play());
        prop_assert_eq!(once.ledger(), again.ledger());
        prop_assert_eq!(once.queues.seen, again.queues.seen);
        let snapshot = again.state.snapshot(again.state.now(), 0).expect("a short history");
        let replayed = Run { state: snapshot.replay(&config).expect("a history").state(), queues: Queues::default() };
        prop_assert_eq!(replayed.ledger(), once.state.ledger().all().map(|entry| format!("{entry:?}")).collect::<Vec<_>>());
    }
}

/// The dice of the bot: the same for the same webhook and attempt.
fn dice(webhook: u64, attempt: u32) -> u64 {
    let mixed = (webhook ^ (u64::from(attempt) << 48)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32
}

/// One of three attempts fails. Nothing is lost, nothing comes twice, and the order within a thread holds.
#[test]
fn a_bot_that_fails_a_third_of_the_time_gets_everything_once() {
    const PEOPLE: u32 = 500;
    const UNDER_WAY: usize = 64;
    let events = if cfg!(debug_assertions) { 10_000 } else { 100_000 };
    let people: Vec<String> = (0..PEOPLE).map(|person| format!("p{person}: {{}}")).collect();
    let world = format!(
        "apps: {{ bot: {{ webhook: {{ url: 'http://bot/' }} }} }}\n\
         pages: {{ shop: {{ default_app: bot, apps: {{ bot: {{ fields: [messages] }} }} }} }}\n\
         people: {{ {} }}\nlimits: {{ ledger: 1000 }}\n",
        people.join(", ")
    );
    let mut state = WorldState::new(&config(&world, None), true);
    let (mut queues, mut taken, mut failed) = (Queues::default(), BTreeSet::new(), 0);
    let mut sent = BTreeSet::new();
    let mut answer = |state: &mut WorldState, queues: &mut Queues, place: u64| {
        let Some(job) = queues.next(place as usize) else { return };
        let (webhook, attempt) = (job.outgoing.request.first.entry, job.outgoing.attempt);
        let fails = dice(webhook, attempt).is_multiple_of(3);
        if fails {
            failed += 1;
        } else {
            assert!(taken.insert(webhook), "{webhook} came twice");
        }
        let status = if fails { 500 } else { 200 };
        let now = state.now();
        queues.take(state.end_attempt(now, job, DeliveryResult::Answered(status).into()));
    };
    for event in 0..events {
        // Fifty events a second.
        let now = state.now() + Span(20);
        let effects = say(&mut state, now, (dice(event, 0) % u64::from(PEOPLE)) as u32, "hello");
        sent.extend(
            effects.jobs.iter().filter(|job| job.outgoing.attempt == 1).map(|job| job.outgoing.request.first.entry),
        );
        queues.take(effects);
        while queues.len() > UNDER_WAY {
            answer(&mut state, &mut queues, dice(event, 1));
        }
    }
    for _ in 0..1_000 {
        while queues.len() > 0 {
            answer(&mut state, &mut queues, 0);
        }
        let now = state.now() + Span(60_000);
        queues.take(state.run_due(now));
    }
    assert!(queues.len() == 0 && state.has_no_delivery_in_flight());
    queues.check_order();
    assert_eq!(taken.len(), sent.len(), "some were lost");
    assert_eq!(taken, sent);
    assert_eq!(sent.len() as u64, events);
    let share = f64::from(failed) / queues.seen.len() as f64;
    assert!((0.3..0.37).contains(&share), "{share}");
}
