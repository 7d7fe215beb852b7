//! What holds in every world, whatever happens in it: random commands on the pure domain, and the same commands once more.

use std::collections::BTreeSet;
use std::sync::Arc;

use graphdouble::domain::World;
use graphdouble::domain::command::{
    AdminAct, Command, Control, ControlType, Gesture, InboxAct, Reaction, Saying, Send, SenderAction, Tag, Target,
    ThreadControl,
};
use graphdouble::domain::config::Config;
use graphdouble::domain::event::{Body, Channel, Event, Verdict};
use graphdouble::domain::fields::{Field, FieldSet};
use graphdouble::domain::ids::{AdKey, AppKey, PageKey, PersonKey, ThreadKey};
use graphdouble::domain::message::{Attachment, Button, Content, QuickReply, Template};
use graphdouble::domain::rules;
use graphdouble::domain::time::{Moment, Span};
use graphdouble::scenario::language::Node;
use graphdouble::scenario::language::source::Source;
use graphdouble::scenario::language::world::{Changes, read};
use proptest::prelude::*;

const APPS: u16 = 3;
const WORLD: &str = r"
apps: { a: {}, b: {}, c: {} }
pages:
  p:
    default_app: a
    apps: { a: {}, b: { take_control: true }, c: { fields: [messages, messaging_postbacks, messaging_handovers, standby] } }
    links: { l: { ref: r, app: c } }
    social: b
ads:
  x: { page: p, app: b, welcome: { text: Hi, buttons: [One], quick_replies: [Two] } }
  y: { page: p }
people: { alice: {}, bob: {} }
";

fn config() -> Arc<Config> {
    let node = Node::parse(&Source::inline("world", WORLD)).expect("YAML");
    read(&node, &Changes::default()).expect("a world")
}

fn thread() -> impl Strategy<Value = ThreadKey> {
    (0u32..2).prop_map(|person| ThreadKey { page: PageKey(0), person: PersonKey(person) })
}

fn app() -> impl Strategy<Value = AppKey> {
    (0..APPS).prop_map(AppKey)
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        Just(Content::text("plain")),
        Just(Content {
            quick_replies: vec![QuickReply { title: "Two".into(), payload: "TWO".into(), image_url: None }],
            ..Content::text("choose")
        }),
        Just(Content {
            attachments: vec![Attachment::Template(Template::Button {
                text: "tap".into(),
                buttons: vec![Button::Postback { title: "One".into(), payload: "ONE".into() }],
            })],
            ..Content::default()
        }),
    ]
}

fn thread_control() -> impl Strategy<Value = ThreadControl> {
    let kind = || prop_oneof![Just(None), Just(Some(ControlType::Pass)), Just(Some(ControlType::Release))];
    let target = prop_oneof![Just(None), app().prop_map(|app| Some(Target::App(app))), Just(Some(Target::Unknown))];
    (kind(), target, kind()).prop_map(|(payload, app, control_type)| ThreadControl { payload, app, control_type })
}

fn speech() -> impl Strategy<Value = Gesture> {
    prop_oneof![
        Just(Gesture::Says(Saying { text: Some("hello".into()), ..Saying::default() })),
        Just(Gesture::TapsButton("One".into())),
        Just(Gesture::TapsQuickReply("Two".into())),
        Just(Gesture::GetsStarted),
    ]
}

fn gesture() -> impl Strategy<Value = Gesture> {
    let then = || proptest::option::of(speech().prop_map(Box::new));
    prop_oneof![
        4 => speech(),
        2 => ((0u16..2).prop_map(AdKey), then()).prop_map(|(ad, then)| Gesture::TapsAd(ad, then)),
        1 => then().prop_map(|then| Gesture::OpensLink(0, then)),
        1 => Just(Gesture::Reads),
        1 => Just(Gesture::Reacts { message: None, reaction: Some(Reaction { name: "love".into(), emoji: "x".into() }) }),
        1 => Just(Gesture::Blocks),
        1 => Just(Gesture::Unblocks),
    ]
}

fn control() -> impl Strategy<Value = Control> {
    let target = prop_oneof![Just(None), app().prop_map(|app| Some(Target::App(app))), Just(Some(Target::Unknown))];
    prop_oneof![
        target.prop_map(|target| Control::Pass { target, metadata: Some("why".into()) }),
        Just(Control::Release),
        Just(Control::Take { metadata: None }),
        Just(Control::Request { metadata: None }),
        (0u64..10).prop_map(|days| Control::Extend { duration: Span::days(days) }),
        Just(Control::PassMetadata),
    ]
}

fn admin() -> impl Strategy<Value = AdminAct> {
    prop_oneof![
        proptest::option::of(app()).prop_map(AdminAct::SetsDefaultApp),
        (app(), any::<bool>()).prop_map(|(app, on)| AdminAct::SetsStandby(app, on)),
        (app(), any::<bool>()).prop_map(|(app, on)| AdminAct::SetsTakeControl(app, on)),
        proptest::option::of(app()).prop_map(|app| AdminAct::SetsLink(0, app)),
        proptest::option::of(app()).prop_map(AdminAct::SetsSocial),
        app().prop_map(AdminAct::ConnectsApp),
        app().prop_map(AdminAct::DisconnectsApp),
        any::<bool>().prop_map(|blocked| AdminAct::SetsHandoverApis { blocked }),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let send = (content(), proptest::option::of(Just(Tag::HumanAgent)), proptest::option::of(thread_control()))
        .prop_map(|(content, tag, thread_control)| Send { content, tag, thread_control, ..Send::default() });
    let inbox =
        prop_oneof![content().prop_map(InboxAct::Replies), Just(InboxAct::MovesToMain), Just(InboxAct::MovesToDone)];
    let fields = proptest::option::of(
        proptest::collection::vec(0..Field::ALL.len(), 0..6)
            .prop_map(|places| places.into_iter().map(|place| Field::ALL[place]).collect::<FieldSet>()),
    );
    prop_oneof![
        8 => (thread(), gesture()).prop_map(|(thread, gesture)| Command::Person(thread, gesture)),
        6 => (thread(), app(), send).prop_map(|(thread, app, send)| Command::Send(thread, app, send)),
        1 => (thread(), app()).prop_map(|(thread, app)| Command::Act(thread, app, SenderAction::TypingOn)),
        5 => (thread(), app(), control()).prop_map(|(thread, app, control)| Command::Control(thread, app, control)),
        2 => (thread(), inbox).prop_map(|(thread, act)| Command::Inbox(thread, act)),
        2 => admin().prop_map(|act| Command::Admin(PageKey(0), act)),
        1 => (app(), fields).prop_map(|(app, fields)| Command::Subscribe(PageKey(0), app, fields)),
    ]
}

/// Commands, each after some hours.
fn story() -> impl Strategy<Value = Vec<(u64, Command)>> {
    proptest::collection::vec((prop_oneof![5 => 0u64..3, 1 => 20u64..30], command()), 1..60)
}

/// What happened, as text: two runs are the same if these are. Every command is weighed before it is obeyed.
fn play(story: &[(u64, Command)], mut look: impl FnMut(&World, Moment, &Command, &[Event])) -> Vec<String> {
    let config = config();
    let mut world = World::new(config.clone());
    let mut now = config.clock;
    let mut happened = Vec::new();
    for (hours, command) in story {
        now = now + Span::hours(*hours);
        let before = format!("{world:?}");
        let weighed = format!("{:?}", world.weigh(now, command));
        assert_eq!(before, format!("{world:?}"), "a weighed command changed something");
        let obeyed = world.apply(now, command);
        assert_eq!(weighed, format!("{obeyed:?}"), "what was weighed is not what came of it");
        match obeyed {
            Ok(applied) => {
                look(&world, now, command, &applied.events);
                happened.push(format!("{applied:?}"));
            }
            Err(refusal) => {
                // The transcript may hold messages of a gesture that failed half way; no thread leads to them.
                let threads = |text: &str| text.split("transcript:").next().map(str::to_owned);
                assert_eq!(threads(&before), threads(&format!("{world:?}")), "a refused command changed something");
                happened.push(format!("{refusal:?}"));
            }
        }
    }
    happened
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_commands_bring_about_the_same(story in story()) {
        prop_assert_eq!(play(&story, |_, _, _, _| {}), play(&story, |_, _, _, _| {}));
    }

    #[test]
    fn an_owner_is_a_connected_app_and_with_a_default_app_there_is_always_one(story in story()) {
        play(&story, |world, now, _, _| {
            for thread in world.threads() {
                let page = world.page(thread.page);
                let owner = world.ownership(thread, now).owner;
                assert!(owner.is_none_or(|owner| page.is_connected(owner)), "the owner is not connected");
                assert!(owner.is_some() || page.default_app.is_none(), "a thread without an owner");
            }
        });
    }

    #[test]
    fn an_app_hears_of_a_notice_once_and_the_owner_never_on_standby(story in story()) {
        play(&story, |world, _, _, events| {
            let mut owner_known = None;
            for event in events {
                if let Event::OwnerChanged { to, .. } = event {
                    owner_known = Some(*to);
                }
                let Event::Notice(notice) = event else { continue };
                let apps: BTreeSet<AppKey> = notice.tellings.iter().map(|telling| telling.app).collect();
                assert_eq!(apps.len(), notice.tellings.len(), "an app stands twice");
                assert!(!apps.contains(&world.config().inbox()), "the inbox gets no webhooks");
                let on_standby = |app| notice.tellings.iter().any(|telling| {
                    telling.app == app && matches!(telling.verdict, Verdict::Told(Channel::Standby, _))
                });
                if let Some(Some(owner)) = owner_known {
                    assert!(!on_standby(owner), "the owner heard on standby");
                }
            }
        });
    }

    #[test]
    fn a_payload_goes_to_one_app_unless_nobody_owns_the_thread(story in story()) {
        play(&story, |_, _, _, events| {
            for event in events {
                let Event::Notice(notice) = event else { continue };
                let everybody = notice.tellings.iter().any(|telling| telling.rule == rules::TELL_EVERYBODY);
                if everybody || !matches!(notice.body, Body::Postback { .. }) {
                    continue;
                }
                let with_payload = notice.tellings.iter().filter(|telling| {
                    matches!(telling.verdict, Verdict::Told(_, view) if view.payload)
                });
                assert!(with_payload.count() <= 1, "a payload went to two apps");
            }
        });
    }

    #[test]
    fn timestamps_rise_within_a_thread(story in story()) {
        let mut last = std::collections::BTreeMap::new();
        play(&story, |_, _, _, events| {
            for event in events {
                let Event::Notice(notice) = event else { continue };
                let before = last.insert(notice.thread, notice.at);
                assert!(before.is_none_or(|before| before < notice.at), "{before:?} then {:?}", notice.at);
            }
        });
    }
}
