//! What holds in every world, whatever happens in it: random commands on the pure domain, and the same commands once more.

mod commands;
mod interleavings;
mod json;
mod machine;
mod ownership_model;
mod snapshots;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use graphdouble::internals::domain::World;
use graphdouble::internals::domain::command::{Command, DeliveryUpdate, UserAction};
use graphdouble::internals::domain::event::{Channel, Decision, DeliveryState, Event, Scope, WebhookPayload};
use graphdouble::internals::domain::model::access::{Principal, TokenKey};
use graphdouble::internals::domain::model::config::Config;
use graphdouble::internals::domain::model::fields::Field;
use graphdouble::internals::domain::model::ids::{AppKey, AssetKey, ThreadKey, UserKey};
use graphdouble::internals::domain::model::time::{Moment, Span};
use graphdouble::internals::domain::rules::{self, RuleId};
use graphdouble::internals::engine::ActiveWorld;
use graphdouble::internals::engine::clock::Mode;
use graphdouble::internals::engine::ledger_entry::{Actor, LedgerEntry, Record};
use graphdouble::internals::language::Node;
use graphdouble::internals::language::world::overrides::WorldOverrides;
use graphdouble::internals::language::world::read_world::read;
use graphdouble::internals::text::source;
use proptest::prelude::*;

use commands::{APPS, command};

const WORLD: &str = r"
apps: { a: {}, b: {}, c: {} }
pages:
  p:
    default_app: a
    apps: { a: { by: dora }, b: { take_control: true, expires: 30h }, c: { fields: [messages, messaging_postbacks, messaging_handovers, standby] } }
    links: { l: { ref: r, app: c } }
    social: b
ads:
  x: { page: p, app: b, welcome: { text: Hi, buttons: [One], quick_replies: [Two], ice_breakers: [Three] } }
  y: { page: p }
  z: { page: p, app: b, lead: { questions: [Who?, { asks: Where?, choices: [Two, hello], disqualified_by: [hello] }], interruptible: true, stop_keywords: [stop] } }
  w: { page: p, app: c, lead: { questions: [Who?] } }
people: { alice: { roles: { b: tester } }, bob: {} }
users: { dora: { pages: { p: [MESSAGING] }, codes: { a: once } } }
";

const ROUTINGS: [&str; 4] =
    ["conversation_routing@2023-09", "conversation_routing@2025-09", "handover_protocol", "zero_config"];

fn config(routing: &str) -> Arc<Config> {
    config_of(WORLD, routing)
}

fn config_of(world: &str, routing: &str) -> Arc<Config> {
    let node = Node::parse(&source::SourceText::inline("world", world)).expect("YAML");
    read(&node, &WorldOverrides { routing: Some(routing.to_owned()), ..WorldOverrides::default() }).expect("a world")
}

/// A generation of Meta's rules, and commands, each after some hours.
#[derive(Debug, Clone)]
struct Story {
    routing: &'static str,
    commands: Vec<(u64, Command)>,
}

fn story() -> impl Strategy<Value = Story> {
    let commands = proptest::collection::vec((prop_oneof![5 => 0u64..3, 1 => 20u64..30], command()), 1..60);
    ((0..ROUTINGS.len()), commands).prop_map(|(place, commands)| Story { routing: ROUTINGS[place], commands })
}

/// What happened, as text: two runs are the same if these are. Every command is weighed before it is executed.
fn play(story: &Story, mut look: impl FnMut(&World, Moment, &Command, &[Event])) -> Vec<String> {
    let config = config(story.routing);
    let mut world = World::new(config.clone());
    let mut now = config.clock;
    let mut happened = Vec::new();
    for (hours, command) in &story.commands {
        now = now + Span::hours(*hours);
        while let Some((at, command)) = world.due(now) {
            let applied = world.apply(at, &command).expect("what happens by itself is not refused");
            look(&world, at, &command, &applied.events);
            happened.push(format!("{applied:?}"));
        }
        let before = format!("{world:?}");
        let weighed = format!("{:?}", world.dry_run(now, command));
        assert_eq!(before, format!("{world:?}"), "a weighed command changed something");
        let executed = world.apply(now, command);
        assert_eq!(weighed, format!("{executed:?}"), "what was weighed is not what came of it");
        match executed {
            Ok(applied) => {
                look(&world, now, command, &applied.events);
                happened.push(format!("{applied:?}"));
            }
            Err(refusal) => {
                assert_eq!(before, format!("{world:?}"), "a refused command changed something");
                happened.push(format!("{refusal:?}"));
            }
        }
    }
    happened
}

/// The rules that an event names.
fn rules_of(event: &Event) -> Vec<RuleId> {
    match event {
        Event::WebhookEvent(webhook_event) => webhook_event.decisions.iter().map(|decision| decision.rule).collect(),
        Event::Routed { rule, .. }
        | Event::OwnerChanged { rule, .. }
        | Event::WindowOpened { rule, .. }
        | Event::ControlKept { rule, .. }
        | Event::Allowed { rule, .. }
        | Event::Applied { rule, .. }
        | Event::Shown { rule, .. }
        | Event::SettingChanged { rule, .. }
        | Event::Delivery { rule, .. }
        | Event::Warning { rule, .. } => vec![*rule],
    }
}

/// The commands of a ledger once more, in a fresh world of the same config.
fn replay(config: &Arc<Config>, ledger: &[LedgerEntry]) -> Vec<String> {
    let world = Arc::new(ActiveWorld::new("again", config.clone(), Mode::Frozen, None));
    for entry in ledger {
        match &entry.record {
            // What a world does by itself it does again.
            Record::Command { by: Actor::Clock | Actor::Delivery, .. } => {}
            Record::Command { by, command } | Record::Refused { by, command, .. } => {
                drop(world.execute(by.clone(), Command::clone(command)));
            }
            Record::ClockTurned { to } => drop(world.advance_to(*to)),
            _ => {}
        }
    }
    entries(&world).iter().map(|entry| format!("{entry:?}")).collect()
}

fn entries(world: &ActiveWorld) -> Vec<LedgerEntry> {
    world.read(|_, ledger, _| ledger.all().cloned().collect())
}

/// What was left under a subscription that is over is given up, and not sent under the one that comes after it.
#[test]
fn a_webhook_that_was_given_up_is_not_said_to_be_sent() {
    let config = config(ROUTINGS[0]);
    let (page, app, mut world) = (AssetKey(0), AppKey(0), World::new(config.clone()));
    let subscribe = |fields| Command::Subscribe(page, app, fields);
    let ends_and_begins = [subscribe(None), subscribe(Some([Field::Messages].into_iter().collect()))];
    let failed = Command::Delivery(page, app, DeliveryUpdate::Failed(1));
    for command in [failed].into_iter().chain(ends_and_begins) {
        world.apply(config.clock, &command).expect("nothing of this is refused");
    }
    let mut news = Vec::new();
    while let Some((at, command)) = world.due(config.clock + Span::hours(2)) {
        let applied = world.apply(at, &command).expect("what happens by itself is not refused");
        news.extend(applied.events.into_iter().filter_map(|event| match event {
            Event::Delivery { news, rule, .. } => Some((news, rule)),
            _ => None,
        }));
    }
    assert_eq!(news, [(DeliveryState::GivenUp { webhooks: vec![1] }, rules::DELIVERY_UNSUBSCRIBED)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_commands_bring_about_the_same(story in story()) {
        prop_assert_eq!(play(&story, |_, _, _, _| {}), play(&story, |_, _, _, _| {}));
    }

    #[test]
    fn the_commands_of_a_ledger_bring_about_the_same_ledger(story in story()) {
        let config = config(story.routing);
        let world = Arc::new(ActiveWorld::new("once", config.clone(), Mode::Frozen, None));
        for (hours, command) in &story.commands {
            let to = world.now() + Span::hours(*hours);
            world.advance_to(to);
            drop(world.execute(Actor::Script, command.clone()));
        }
        let ledger = entries(&world);
        let once: Vec<String> = ledger.iter().map(|entry| format!("{entry:?}")).collect();
        prop_assert_eq!(once, replay(&config, &ledger));
    }

    #[test]
    fn a_thread_has_one_connected_owner_or_is_idle_where_that_exists(story in story()) {
        play(&story, |world, now, _, _| {
            for thread in world.threads() {
                let page = world.asset(thread.asset);
                let owner = world.ownership(thread, now).owner;
                assert!(owner.is_none_or(|owner| page.is_connected(owner)), "the owner is not connected");
                assert!(owner.is_some() || page.default_app.is_none(), "a thread without an owner");
            }
        });
    }

    #[test]
    fn every_event_has_a_rule_of_its_generation(story in story()) {
        let config = config(story.routing);
        // An admin's step may take a page from one generation to another; what it brings about belongs to either.
        let mut before = config.assets[0].ruleset.generation;
        play(&story, |world, _, _, events| {
            let after = world.asset(AssetKey(0)).ruleset.generation;
            for event in events {
                let rules = rules_of(event);
                assert!(!rules.is_empty() || matches!(event, Event::WebhookEvent(_)), "{event:?} names no rule");
                for rule in rules {
                    let known = rule.rule().under;
                    assert!(
                        known.overlaps(before.union(after)),
                        "{rule} is at work under {:?}, not among {:?}", after.words(), known.words()
                    );
                }
            }
            before = after;
        });
    }

    #[test]
    fn a_refusal_names_a_rule_of_its_generation(story in story()) {
        let config = config(story.routing);
        let mut world = World::new(config.clone());
        let mut now = config.clock;
        for (hours, command) in &story.commands {
            now = now + Span::hours(*hours);
            let under = world.asset(AssetKey(0)).ruleset.generation;
            let Err(refusal) = world.apply(now, command) else { continue };
            let Some(rule) = refusal.rule else {
                let by_an_app = !matches!(command, Command::Person(..) | Command::Inbox(..) | Command::Admin(..));
                prop_assert!(!by_an_app, "{refusal:?} of an app names no rule");
                continue;
            };
            prop_assert!(rule.rule().under.overlaps(under), "{rule} refused under {:?}", under.words());
        }
    }

    #[test]
    fn an_app_hears_of_a_notice_once_and_the_owner_never_on_standby(story in story()) {
        play(&story, |world, _, _, events| {
            let mut owner_known = None;
            for event in events {
                if let Event::OwnerChanged { to, .. } = event {
                    owner_known = Some(*to);
                }
                let Event::WebhookEvent(webhook_event) = event else { continue };
                let apps: BTreeSet<AppKey> = webhook_event.decisions.iter().map(|decision| decision.app).collect();
                assert_eq!(apps.len(), webhook_event.decisions.len(), "an app stands twice");
                assert!(apps.iter().all(|app| !world.config().is_metas(*app)), "Meta's own apps get no webhooks");
                let on_standby = |app| webhook_event.decisions.iter().any(|decision| {
                    decision.app == app && matches!(decision.decision, Decision::Deliver(Channel::Standby, _))
                });
                if let Some(Some(owner)) = owner_known {
                    assert!(!on_standby(owner), "the owner heard on standby");
                }
            }
        });
    }

    #[test]
    fn while_an_ad_asks_only_an_app_that_may_interrupt_hears_the_person(story in story()) {
        let mut asked_before = BTreeSet::new();
        play(&story, |world, _, command, events| {
            let Command::Person(thread, UserAction::Says(_)) = command else {
                asked_before = asking(world);
                return;
            };
            let still = asked_before.contains(thread) && asking(world).contains(thread);
            for event in events.iter().filter(|_| still) {
                let Event::WebhookEvent(webhook_event) = event else { continue };
                for decision in &webhook_event.decisions {
                    let interrupts = decision.rule == rules::WEBHOOK_TO_INTERRUPTER && decision.app == AppKey(1);
                    let withheld = matches!(decision.decision, Decision::Withhold(_));
                    assert!(interrupts || withheld, "{decision:?} while an ad asks");
                }
            }
            asked_before = asking(world);
        });
    }

    #[test]
    fn a_payload_goes_to_one_app_unless_nobody_owns_the_thread(story in story()) {
        play(&story, |_, _, _, events| {
            for event in events {
                let Event::WebhookEvent(webhook_event) = event else { continue };
                let everybody = webhook_event.decisions.iter().any(|decision| decision.rule == rules::WEBHOOK_TO_EVERYBODY);
                if everybody || !matches!(webhook_event.payload, WebhookPayload::Postback { .. }) {
                    continue;
                }
                let with_payload = webhook_event.decisions.iter().filter(|decision| {
                    matches!(decision.decision, Decision::Deliver(_, view) if view.payload)
                });
                assert!(with_payload.count() <= 1, "a payload went to two apps");
            }
        });
    }

    #[test]
    fn a_menu_stands_only_beside_get_started(story in story()) {
        play(&story, |world, _, _, _| assert!(!world.asset(AssetKey(0)).profile.lacks_get_started()));
    }

    #[test]
    fn a_token_that_is_dead_stays_dead(story in story()) {
        let mut dead = BTreeSet::new();
        play(&story, |world, now, _, _| {
            let tokens = &world.settings().tokens;
            let issued = tokens.issued_after(0).map(|(_, key, _)| key);
            let declared = (0..APPS).flat_map(|app| {
                [TokenKey::Asset(AssetKey(0), AppKey(app)), TokenKey::User(UserKey(0), AppKey(app))]
            });
            for token in declared.chain(issued).filter_map(|key| world.token(key)) {
                let is_dead = token.check(now).is_err();
                assert!(is_dead || !dead.contains(&token.key), "{token:?} came back to life");
                if is_dead {
                    dead.insert(token.key);
                }
                assert!(!matches!(token.principal, Principal::App(_)), "an app's own token never dies");
            }
        });
    }

    #[test]
    fn an_app_in_development_hears_only_of_those_who_have_a_role(story in story()) {
        play(&story, |world, _, _, events| {
            for event in events {
                let Event::WebhookEvent(webhook_event) = event else { continue };
                let Some(thread) = webhook_event.scope.thread() else { continue };
                let person = world.config().person(thread.person);
                for decision in webhook_event.decisions.iter().filter(|decision| matches!(decision.decision, Decision::Deliver(..))) {
                    let published = world.settings().app(decision.app).published;
                    assert!(published || person.has_role_on(decision.app), "{decision:?} of a stranger");
                }
            }
        });
    }

    #[test]
    fn timestamps_rise_within_a_thread(story in story()) {
        let mut last = BTreeMap::new();
        play(&story, |_, _, _, events| {
            for event in events {
                let Event::WebhookEvent(webhook_event) = event else { continue };
                let Scope::Thread(thread) = webhook_event.scope else { continue };
                // What a person does in public is not in the thread, though it names the person.
                if matches!(webhook_event.payload, WebhookPayload::Change(_)) {
                    continue;
                }
                let before = last.insert(thread, webhook_event.at);
                assert!(before.is_none_or(|before| before < webhook_event.at), "{before:?} then {:?}", webhook_event.at);
            }
        });
    }
}

/// Threads in which a lead-generation ad asks.
fn asking(world: &World) -> BTreeSet<ThreadKey> {
    world.threads().filter(|thread| world.thread(*thread).is_some_and(|thread| thread.lead.is_some())).collect()
}
