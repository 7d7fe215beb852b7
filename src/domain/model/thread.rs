//! The state of one thread. It is small because there may be a million threads, and no timer runs in it. Only the
//! handlers write here, through a `ThreadTx`.

use std::sync::Arc;

use super::ids::{AdKey, AppKey};
use super::message::{Author, Reaction, Referral};
use super::profile::UserMenu;
use super::reactions::{GivenReaction, Reactions, Reactor};
use super::time::{Moment, Span};
use super::transcript::MessageSeq;
use crate::domain::rules::RuleId;

/// How long an unanswered message request stays among the conversations of Instagram.
const STALE_REQUEST: Span = Span::days(30);

/// The state of one thread. The owner is not stored but computed: see [`crate::domain::policy::ownership`].
#[derive(Debug, Clone, Default)]
pub struct Thread {
    /// The app that got control last, until its control ends.
    pub holder: Option<ControlHolder>,
    /// Since when no app holds control, and the rule that ended it.
    pub uncontrolled_since: Option<(Moment, RuleId)>,
    /// The person's last message or tap. Idle time and the messaging window count from it.
    pub last_person_message: Option<Moment>,
    pub started: Option<Moment>,
    /// The last event that opened the standard messaging window.
    pub window_opened: Option<Moment>,
    /// The newest timestamp of an event. The next one must be later.
    pub last_timestamp: Moment,
    /// The newest message, as the entry into the transcript.
    pub last_message: Option<MessageSeq>,
    /// How many ids were made in this thread.
    pub id_counter: u32,
    /// How many messages there were, remembered or not.
    pub messages: u32,
    /// Messages of the person since the page last wrote or marked the thread as seen.
    pub unread: u32,
    /// The last message or tap of either side.
    pub updated: Option<Moment>,
    /// The folder of the page's inbox that contains the thread.
    pub folder: Folder,
    /// True if the page ever wrote a message.
    pub answered: bool,
    /// True if the person has blocked the page.
    pub blocked: bool,
    /// True if an account of the person at the business is linked.
    pub linked: bool,
    pub shut_out: ShutOut,
    /// An entry whose referral is sent with the next message or tap.
    pub pending: Option<Box<PendingEntry>>,
    /// The questions of a lead-generation ad, while they are open.
    pub lead: Option<Box<LeadFlow>>,
    /// What hardly any thread has.
    rare: Option<Box<RareState>>,
}

/// State that hardly any thread has. It stands apart, so that the others need no room for it.
#[derive(Debug, Clone, Default)]
struct RareState {
    menu: Option<Arc<UserMenu>>,
    survey_answered: Option<Moment>,
    /// Shared, because every command copies the thread.
    reactions: Arc<Reactions>,
    /// The checkbox through which an app wrote last, until the person writes.
    prior_user_ref: Option<Box<str>>,
}

/// The ways in which the page can shut a person out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShutOut {
    /// The person cannot write to the page.
    pub blocked: bool,
    /// The person cannot do anything on the page.
    pub banned: bool,
}

impl ShutOut {
    pub fn is_any(self) -> bool {
        self.blocked || self.banned
    }
}

/// A folder of the page's inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Folder {
    /// The folder that the inbox calls Main.
    #[default]
    Inbox,
    Done,
    Spam,
}

impl Folder {
    pub const ALL: [Self; 3] = [Self::Inbox, Self::Done, Self::Spam];

    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Done => "page_done",
            Self::Spam => "spam",
        }
    }
}

/// The progress of a person through the questions of a lead-generation ad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadFlow {
    pub ad: AdKey,
    /// The answers so far, in the order of the questions.
    pub answers: Vec<Box<str>>,
}

/// The app that holds control of a thread.
#[derive(Debug, Clone)]
pub struct ControlHolder {
    pub app: AppKey,
    /// The number of the app's connection that got control. After it reconnects, the app starts without control.
    pub epoch: u16,
    /// When the app got control.
    pub since: Moment,
    /// When control ends.
    pub until: Moment,
    /// How long the person may be silent before control ends.
    pub idle_timeout: Span,
    /// The rule that gave the app control.
    pub because: RuleId,
    /// The metadata of the handover that gave it control. Boxed, because few have any.
    pub metadata: Option<Box<Arc<str>>>,
}

/// An entry into the thread that has no effect before the person's first message or tap.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingEntry {
    /// The referral for the next message or postback.
    pub referral: Arc<Referral>,
    /// When the person entered.
    pub since: Moment,
    /// The index of the link. Its route is followed at the person's first message or tap.
    pub link: Option<usize>,
}

impl Thread {
    /// The person's own persistent menu.
    pub fn menu(&self) -> Option<&UserMenu> {
        self.rare.as_ref()?.menu.as_deref()
    }

    /// The menu is shared, because every command copies the thread.
    pub fn set_menu(&mut self, menu: Option<Arc<UserMenu>>) {
        self.rare.get_or_insert_default().menu = menu;
    }

    /// The timestamp of the last survey that the person filled in.
    pub fn survey_answered(&self) -> Option<Moment> {
        self.rare.as_ref()?.survey_answered
    }

    pub fn set_survey_answered(&mut self, at: Moment) {
        self.rare.get_or_insert_default().survey_answered = Some(at);
    }

    /// An app wrote through this checkbox.
    pub fn set_prior_user_ref(&mut self, user_ref: Box<str>) {
        self.rare.get_or_insert_default().prior_user_ref = Some(user_ref);
    }

    /// The checkbox through which an app wrote since the person's last message.
    pub fn take_prior_user_ref(&mut self) -> Option<Box<str>> {
        self.rare.as_mut()?.prior_user_ref.take()
    }

    /// The reactions to a message.
    pub fn reactions_to(&self, mid: &str) -> impl Iterator<Item = &GivenReaction> {
        self.rare.iter().flat_map(move |rare| rare.reactions.of_message(mid))
    }

    /// Sets the reaction of one side to a message, or removes it.
    pub fn set_reaction(&mut self, mid: &Arc<str>, by: Reactor, reaction: Option<Reaction>) {
        let rare = self.rare.get_or_insert_default();
        Arc::make_mut(&mut rare.reactions).set(mid, by, reaction);
    }

    /// The next timestamp: at or after `now`, and later than every earlier one.
    pub fn next_timestamp(&mut self, now: Moment) -> Moment {
        self.last_timestamp = now.max(self.last_timestamp + Span(1));
        self.last_timestamp
    }

    /// Counts a message. A message of the page marks the person's messages as read.
    pub fn record_message(&mut self, author: Author, at: Moment) {
        self.messages += 1;
        match author {
            Author::Person => {
                self.unread += 1;
                self.record_person(at);
            }
            Author::App(_) => {
                (self.unread, self.updated) = (0, Some(at));
                self.answered = true;
            }
            Author::Ad(..) => self.updated = Some(at),
        }
    }

    /// Records a message or tap of the person. It moves a thread from Done back to Main; spam stays spam.
    pub fn record_person(&mut self, at: Moment) {
        self.updated = Some(at);
        self.started.get_or_insert(at);
        if self.folder == Folder::Done {
            self.folder = Folder::Inbox;
        }
    }

    /// True for a message request that nobody has answered for so long that Instagram does not list it any more.
    pub fn is_stale_request(&self, now: Moment) -> bool {
        !self.answered && self.updated.is_some_and(|updated| now >= updated + STALE_REQUEST)
    }

    /// True if the person has ever written or tapped.
    pub fn is_started(&self) -> bool {
        self.last_person_message.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_small() {
        assert_eq!(size_of::<Thread>(), 152, "a million of them stand in memory");
    }
}
