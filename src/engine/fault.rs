//! What a fault is: where it fires, at which points, and what goes wrong. Faults belong to a live world and not to its state, so no rule
//! knows of them. `language` and `control` make them, `armed` counts them, `graph` and `fault_effects` apply them.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::model::fields::Field;
use crate::domain::model::ids::{AppKey, AssetKey, PersonKey};
use crate::domain::model::time::Span;
use crate::wire::PostOptions;

/// The longest delay of an answer.
pub const MAX_LATENCY: Duration = Duration::from_secs(60);

/// Something that goes wrong on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it fires.
    pub at: FaultSite,
    /// Only for this app.
    pub app: Option<AppKey>,
    /// Only on this page.
    pub page: Option<AssetKey>,
    /// Only in the thread of this person.
    pub person: Option<PersonKey>,
    /// At which of the points that match.
    pub schedule: Schedule,
    /// True if a scenario passes although it fired less often than it says.
    pub optional: bool,
    /// What goes wrong.
    pub effect: FaultEffect,
}

/// Where a fault fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultSite {
    /// At any call.
    AnyCall,
    /// At calls that this word stands for.
    Call(&'static str),
    /// At webhooks of this field, or of any field.
    Webhook(Option<Field>),
}

/// What a fault may fire at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultTarget {
    /// A call that this word stands for.
    Call(&'static str),
    /// A webhook of this field that is about to leave.
    Webhook(Field),
}

/// The word for any call, and for webhooks of any field.
pub const ANY: &str = "any";

/// At which of the points that match it a fault fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The first point at which it fires, counted from 1.
    pub first: u32,
    /// After the first, it fires at every such point.
    pub every: u32,
    /// How often it fires altogether.
    pub times: Times,
    /// The chance in percent that it fires, by dice from the world's seed; without it, it always fires.
    pub chance: Option<u8>,
}

/// How often a fault fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// This often.
    Exactly(u32),
    /// At every point.
    Always,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultEffect {
    /// With a call of an app.
    Call(CallFault),
    /// With an attempt to deliver a webhook.
    Webhook(WebhookFault),
}

impl FaultEffect {
    /// True if it leaves the answer as it is and only delays it or changes its headers.
    pub fn keeps_answer(&self) -> bool {
        matches!(self, Self::Call(fault) if fault.answer == AnswerOverride::Unchanged)
    }

    /// Both effects, if at least one of them leaves the answer as it is.
    pub fn and(&self, other: &Self) -> Option<Self> {
        let (Self::Call(one), Self::Call(two)) = (self, other) else { return None };
        let (decides, beside) = match (self.keeps_answer(), other.keeps_answer()) {
            (_, true) => (one, two),
            (true, false) => (two, one),
            (false, false) => return None,
        };
        let latency = decides.latency.max(beside.latency);
        Some(Self::Call(CallFault { latency, usage: decides.usage.or(beside.usage), ..decides.clone() }))
    }
}

/// What goes wrong with an attempt to deliver a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookFault {
    /// It takes a detour.
    Detour(Detour),
    /// It leaves this much later.
    Late(Span),
    /// It is not sent, as if the app had failed to take it.
    Fails(FakedFailure),
    /// Its bytes or its signature are not as Meta makes them.
    Altered(PostOptions),
    /// It waits until there are this many for one POST.
    Batch(usize),
}

/// A way that a webhook should not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detour {
    /// It is lost without a trace.
    Lost,
    /// It is delivered twice.
    Twice,
    /// It is delivered after the one that comes next.
    Behind,
}

/// A failure of an app that is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FakedFailure {
    /// It answers this HTTP status.
    Status(u16),
    /// It does not answer in time.
    Timeout,
}

impl Detour {
    /// The words for all of them.
    pub const WORDS: &'static [&'static str] = &[Self::Lost.word(), Self::Twice.word(), Self::Behind.word()];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Twice => "twice",
            Self::Behind => "behind",
        }
    }

    /// The one of this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Lost, Self::Twice, Self::Behind].into_iter().find(|one| one.word() == word)
    }
}

/// What goes wrong with a call or its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFault {
    /// What is answered.
    pub answer: AnswerOverride,
    /// True if the call takes effect first and the app does not learn of it. Otherwise the call has no effect.
    pub after: bool,
    /// How much later the answer leaves, in real time.
    pub latency: Duration,
    /// What the usage headers say.
    pub usage: Option<Usage>,
}

/// What is answered instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerOverride {
    /// The answer is what it would be.
    Unchanged,
    /// The error of this name.
    Error(&'static str),
    /// An answer that the test wrote out.
    Custom {
        /// HTTP status.
        status: u16,
        /// What the body is said to be.
        content_type: &'static str,
        /// The body.
        body: Arc<str>,
    },
    /// The HTML page of Meta's edge, with this HTTP status.
    HtmlPage(u16),
    /// A broken answer, or none.
    Broken(Breakage),
}

/// How an answer is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakage {
    /// None comes, and the connection stays open.
    Hang,
    /// None comes, and the connection is reset.
    Reset,
    /// None comes, and the connection is closed.
    Close,
    /// Its head, half of its body, and the connection is closed.
    HalfBody,
    /// Its body ends in the middle, as if it were whole.
    MalformedJson,
    /// It has no body.
    EmptyBody,
}

/// What an app has used of its quota, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Percent of the calls.
    pub call_count: u32,
    /// Percent of the processor's time.
    pub total_cputime: u32,
    /// Percent of the time.
    pub total_time: u32,
    /// Minutes until the app may call again; 0 if it may now.
    pub minutes_to_regain_access: u64,
}

/// A call or a webhook at which a fault may fire.
#[derive(Debug, Clone, Copy)]
pub struct FaultPoint {
    /// What it is.
    pub what: FaultTarget,
    /// Which app calls, or is called.
    pub app: AppKey,
    /// The page of the token, or of the webhook.
    pub page: Option<AssetKey>,
    /// The person whose thread it is about.
    pub person: Option<PersonKey>,
}

impl FaultSite {
    /// The site of the calls that this word stands for.
    pub fn of(word: &'static str) -> Self {
        match word {
            ANY => Self::AnyCall,
            word => Self::Call(word),
        }
    }

    /// The word for calls, or the name of a webhook field.
    pub fn word(self) -> &'static str {
        match self {
            Self::AnyCall | Self::Webhook(None) => ANY,
            Self::Call(word) => word,
            Self::Webhook(Some(field)) => field.name(),
        }
    }

    fn matches(self, what: FaultTarget) -> bool {
        match (self, what) {
            (Self::AnyCall, FaultTarget::Call(_)) => true,
            (Self::Call(wanted), FaultTarget::Call(word)) => wanted == word,
            (Self::Webhook(wanted), FaultTarget::Webhook(field)) => wanted.is_none_or(|wanted| wanted == field),
            _ => false,
        }
    }
}

impl Fault {
    /// True if it may fire at this point.
    pub fn matches(&self, point: &FaultPoint) -> bool {
        let same = |wanted: bool, is: bool| !wanted || is;
        self.at.matches(point.what)
            && same(self.app.is_some(), self.app == Some(point.app))
            && same(self.page.is_some(), self.page == point.page)
            && same(self.person.is_some(), self.person == point.person)
    }
}

impl Schedule {
    /// The next points, this many.
    pub const fn next(times: u32) -> Self {
        Self { first: 1, every: 1, times: Times::Exactly(times), chance: None }
    }

    /// Whether the point is one of its own; occasions are counted from 1.
    pub fn fires_at(&self, point: u64) -> bool {
        let since_first = point.checked_sub(u64::from(self.first));
        since_first.is_some_and(|since| since.is_multiple_of(u64::from(self.every.max(1))))
    }
}

impl Breakage {
    const ALL: [Self; 6] = [Self::Hang, Self::Reset, Self::Close, Self::HalfBody, Self::MalformedJson, Self::EmptyBody];

    /// The words for all of them.
    pub const WORDS: &'static [&'static str] = &{
        let mut words = [""; Self::ALL.len()];
        let mut at = 0;
        while at < words.len() {
            words[at] = Self::ALL[at].word();
            at += 1;
        }
        words
    };

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hang => "hang",
            Self::Reset => "reset",
            Self::Close => "close",
            Self::HalfBody => "half_body",
            Self::MalformedJson => "malformed_json",
            Self::EmptyBody => "empty_body",
        }
    }

    /// The one of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// True if there is an answer that can be broken, which only a call that took effect has.
    pub fn needs_answer(self) -> bool {
        matches!(self, Self::HalfBody | Self::MalformedJson | Self::EmptyBody)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEND: FaultPoint = FaultPoint {
        what: FaultTarget::Call("send"),
        app: AppKey(1),
        page: Some(AssetKey(0)),
        person: Some(PersonKey(2)),
    };

    fn fault(word: &'static str) -> Fault {
        let at = FaultSite::of(word);
        let fault = CallFault {
            answer: AnswerOverride::Error("rate_limited"),
            after: false,
            latency: Duration::ZERO,
            usage: None,
        };
        let effect = FaultEffect::Call(fault);
        Fault { at, app: None, page: None, person: None, schedule: Schedule::next(1), optional: false, effect }
    }

    #[test]
    fn app_page_and_person_must_all_fit() {
        for (fault, fits) in [
            (Fault { app: Some(AppKey(1)), ..fault("send") }, true),
            (Fault { app: Some(AppKey(2)), ..fault("send") }, false),
            (Fault { page: Some(AssetKey(0)), person: Some(PersonKey(2)), ..fault("send") }, true),
            (Fault { page: Some(AssetKey(0)), person: Some(PersonKey(1)), ..fault("send") }, false),
            (Fault { page: Some(AssetKey(1)), ..fault(ANY) }, false),
        ] {
            assert_eq!(fault.matches(&SEND), fits, "{fault:?}");
        }
        let nowhere = FaultPoint { page: None, person: None, ..SEND };
        assert!(!Fault { person: Some(PersonKey(2)), ..fault("send") }.matches(&nowhere));
    }

    #[test]
    fn a_turn_comes_on_the_first_and_on_each_so_many_after_it() {
        let come = |first, every| {
            let schedule = Schedule { first, every, ..Schedule::next(1) };
            (1..=7).filter(|point| schedule.fires_at(*point)).collect::<Vec<_>>()
        };
        assert_eq!(come(1, 1), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(come(3, 1), [3, 4, 5, 6, 7]);
        assert_eq!(come(1, 3), [1, 4, 7]);
        assert_eq!(come(2, 2), [2, 4, 6]);
    }

    #[test]
    fn every_breakage_has_its_word() {
        for word in Breakage::WORDS {
            assert_eq!(Breakage::parse(word).map(Breakage::word), Some(*word));
        }
        assert_eq!(Breakage::parse("explode"), None);
    }
}
