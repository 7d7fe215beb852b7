//! Who owns a thread, held against a second, small model of the documents: random histories of taps, messages, passes, releases, takes,
//! requests and time, under the rules of 2023 and on a page without a default app. The model knows nothing of the domain but its names.

use graphdouble::internals::domain::World;
use graphdouble::internals::domain::command::{
    Command, ControlType, HandoverCall, InboxAction, Send, Target, ThreadControl, UserAction, UserMessage,
};
use graphdouble::internals::domain::model::ids::{AdKey, AppKey, AssetKey, PersonKey, ThreadKey};
use graphdouble::internals::domain::model::message::Content;
use graphdouble::internals::domain::model::time::Span;
use proptest::prelude::*;

use super::config_of;

const WORLD: &str = r"
apps: { a: {}, b: {}, c: {} }
pages: { p: { default_app: a, apps: { a: {}, b: { take_control: true }, c: {} } } }
ads: { x: { page: p, app: b }, y: { page: p } }
people: { alice: {} }
";

/// The same on an Instagram account, which needs no page.
const ACCOUNT_WORLD: &str = r"
apps: { a: {}, b: {}, c: {} }
instagram: { p: { default_app: a, apps: { a: {}, b: { take_control: true }, c: {} } } }
ads: { x: { page: p, app: b }, y: { page: p } }
people: { alice: {} }
";

const THREAD: ThreadKey = ThreadKey { asset: AssetKey(0), person: PersonKey(0) };
/// The default app, where the page has one.
const A: u16 = 0;
/// The app of the ad. Its take-control toggle is on.
const B: u16 = 1;
const APPS: u16 = 3;
const INBOX: u16 = 3;
/// The Instagram app, in which the people of the business write themselves.
const NATIVE: u16 = 5;
const DAY: u64 = 24;

#[derive(Debug, Clone, Copy)]
enum Act {
    Says,
    /// An ad that names B, or one that names nobody.
    TapsAd(bool),
    /// An app writes, and may pass to the default app or release in the same call.
    Sends(u16, Option<ControlType>),
    Passes(u16, Option<u16>),
    Releases(u16),
    Takes(u16),
    Requests(u16),
    /// For so many days.
    Extends(u16, u64),
    InboxReplies,
    InboxMoves {
        to_main: bool,
    },
    /// Somebody replies in the Instagram app.
    NativeReplies,
}

/// The owner of the thread, as the documents have it. Times are hours.
#[derive(Debug, Default)]
struct Model {
    has_default_app: bool,
    /// The app in control, and when it loses control.
    held: Option<(u16, u64)>,
    /// The person's last message.
    wrote: Option<u64>,
}

impl Model {
    fn holder(&self, now: u64) -> Option<u16> {
        self.held.filter(|(_, until)| now < *until).map(|(app, _)| app)
    }

    /// A thread always has an owner, on a page with a default app.
    fn owner(&self, now: u64) -> Option<u16> {
        self.holder(now).or(self.has_default_app.then_some(A))
    }

    /// With a default app only the person's silence counts. Without one every action of thread control starts a new day.
    fn give(&mut self, app: u16, now: u64) {
        let running = [self.held.map(|(_, until)| until), self.wrote.map(|wrote| wrote + DAY)];
        let running = running.into_iter().flatten().filter(|until| *until > now).max();
        let until = running.filter(|_| self.has_default_app).map_or(now + DAY, |until| until.min(now + DAY));
        self.held = Some((app, until));
    }

    fn person_acts(&mut self, now: u64) {
        if let Some((_, until)) = &mut self.held {
            *until = (*until).max(now + DAY);
        }
    }

    /// True if the act is allowed. Then the owner may have changed.
    fn act(&mut self, act: Act, now: u64) -> bool {
        let (holder, owner) = (self.holder(now), self.owner(now));
        self.held = self.held.filter(|(_, until)| now < *until);
        match act {
            Act::Says => self.says(now),
            Act::TapsAd(names_app) => self.taps_ad(names_app, now),
            Act::Sends(app, control) => return self.sends(app, control, now),
            Act::Passes(app, target) => return self.passes(app, target, now),
            Act::Releases(app) if owner == Some(app) => self.held = None,
            Act::Requests(app) if !self.has_default_app && holder.is_none() => self.give(app, now),
            // The owner is asked, and stays.
            Act::Requests(app) if !self.has_default_app && holder != Some(app) => {}
            Act::Extends(app, days) if !self.has_default_app && holder == Some(app) && days <= 7 => {
                self.held = Some((app, now + days * DAY));
            }
            Act::Releases(_) | Act::Takes(_) | Act::Requests(_) | Act::Extends(..) => return false,
            Act::InboxReplies | Act::InboxMoves { to_main: true } => {
                // Nobody needs control of an idle thread on a page without a default app.
                if self.has_default_app || holder.is_some() {
                    self.give(INBOX, now);
                }
            }
            Act::NativeReplies => self.give(NATIVE, now),
            Act::InboxMoves { to_main: false } => self.held = self.held.filter(|(app, _)| *app != INBOX),
        }
        true
    }

    fn says(&mut self, now: u64) {
        // The Instagram app loses the thread to the person's message.
        self.held = self.held.filter(|(app, _)| *app != NATIVE);
        if self.held.is_none() && self.has_default_app {
            self.give(A, now);
        }
        self.person_acts(now);
        self.wrote = Some(now);
    }

    fn taps_ad(&mut self, names_app: bool, now: u64) {
        match (names_app, self.has_default_app) {
            (true, _) => self.held = Some((B, now + DAY)),
            (false, true) => self.held = Some((A, now + DAY)),
            // It leads nowhere, and a tap alone is no message.
            (false, false) => {}
        }
    }

    fn sends(&mut self, app: u16, control: Option<ControlType>, now: u64) -> bool {
        let is_open = self.wrote.is_some_and(|wrote| now < wrote + DAY);
        let owner = self.owner(now);
        let takes = self.has_default_app && app == B && owner != Some(B);
        if !is_open || !(takes || owner.is_none() || owner == Some(app)) {
            return false;
        }
        if takes {
            self.give(app, now);
        }
        match control.filter(|_| self.has_default_app) {
            Some(ControlType::Pass) if app != A => self.give(A, now),
            Some(ControlType::Release) => self.held = None,
            // What the default app has already it keeps.
            Some(ControlType::Pass) | None => {}
        }
        true
    }

    fn passes(&mut self, app: u16, target: Option<u16>, now: u64) -> bool {
        let Some(target) = target.or(self.has_default_app.then_some(A)) else { return false };
        match self.owner(now) {
            Some(owner) if owner != app || owner == target => return false,
            _ => self.give(target, now),
        }
        true
    }
}

fn act() -> impl Strategy<Value = Act> {
    let app = || 0..APPS;
    let control = prop_oneof![Just(None), Just(Some(ControlType::Pass)), Just(Some(ControlType::Release))];
    prop_oneof![
        4 => Just(Act::Says),
        2 => any::<bool>().prop_map(Act::TapsAd),
        4 => (app(), control).prop_map(|(app, control)| Act::Sends(app, control)),
        3 => (app(), proptest::option::of(app())).prop_map(|(app, target)| Act::Passes(app, target)),
        2 => app().prop_map(Act::Releases),
        1 => app().prop_map(Act::Takes),
        2 => app().prop_map(Act::Requests),
        1 => (app(), 0u64..10).prop_map(|(app, days)| Act::Extends(app, days)),
        1 => Just(Act::InboxReplies),
        1 => any::<bool>().prop_map(|to_main| Act::InboxMoves { to_main }),
        1 => Just(Act::NativeReplies),
    ]
}

fn command(act: Act) -> Command {
    let call = |app: u16, call| Command::Control(THREAD, AppKey(app), call);
    match act {
        Act::Says => {
            Command::Person(THREAD, UserAction::Says(UserMessage { text: Some("Hi".into()), ..UserMessage::default() }))
        }
        Act::TapsAd(names_app) => Command::Person(THREAD, UserAction::TapsAd(AdKey(u16::from(!names_app)), None)),
        Act::Sends(app, payload) => {
            let thread_control = payload.map(|payload| ThreadControl { payload: Some(payload), ..Default::default() });
            let send = Send { content: Content::text("Hello").into(), thread_control, ..Send::default() };
            Command::Send(THREAD, AppKey(app), send)
        }
        Act::Passes(app, target) => {
            let target = target.map(|target| Target::App(AppKey(target)));
            call(app, HandoverCall::Pass { target, metadata: None })
        }
        Act::Releases(app) => call(app, HandoverCall::Release),
        Act::Takes(app) => call(app, HandoverCall::Take { metadata: None }),
        Act::Requests(app) => call(app, HandoverCall::Request { metadata: None }),
        Act::Extends(app, days) => call(app, HandoverCall::Extend { duration: Span::days(days) }),
        Act::InboxReplies => Command::Inbox(THREAD, InboxAction::Replies(Content::text("Hello"))),
        Act::NativeReplies => Command::Inbox(THREAD, InboxAction::RepliesInApp(Content::text("Hello"))),
        Act::InboxMoves { to_main: true } => Command::Inbox(THREAD, InboxAction::MovesToMain),
        Act::InboxMoves { to_main: false } => Command::Inbox(THREAD, InboxAction::MovesToDone),
    }
}

/// Plays a history, in which each act comes after some hours, to the world and to the model.
fn compare(world: &str, routing: &str, history: &[(u64, Act)]) {
    let config = config_of(world, routing);
    let mut world = World::new(config.clone());
    let mut model = Model { has_default_app: routing != "zero_config", ..Model::default() };
    let mut hours = 0;
    for (step, (later, act)) in history.iter().enumerate() {
        hours += later;
        let now = config.clock + Span::hours(hours);
        let owner = |world: &World| world.ownership(THREAD, now).owner.map(|app| app.0);
        assert_eq!(owner(&world), model.owner(hours), "{routing}, before step {step} of {history:?}");
        let is_allowed = world.apply(now, &command(*act)).is_ok();
        assert_eq!(is_allowed, model.act(*act, hours), "{routing}, step {step} of {history:?}");
        assert_eq!(owner(&world), model.owner(hours), "{routing}, after step {step} of {history:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_owner_is_who_the_documents_say(
        history in proptest::collection::vec((prop_oneof![4 => 0u64..4, 1 => 20u64..30], act()), 1..40)
    ) {
        for routing in ["conversation_routing@2023-09", "zero_config"] {
            let on_page: Vec<_> =
                history.iter().filter(|(_, act)| !matches!(act, Act::NativeReplies)).copied().collect();
            compare(WORLD, routing, &on_page);
            compare(ACCOUNT_WORLD, routing, &history);
        }
    }
}
