//! Domain room: what a world remembers of one thread. Small, for there may be a million; nothing here ticks. Only a `ThreadTx`
//! and the acts in it write here.

use std::sync::Arc;

use super::ids::{AdKey, AppKey};
use super::message::{Author, Referral};
use super::profile::UserMenu;
use super::time::{Moment, Span};
use super::transcript::MessageSeq;
use crate::domain::rules::RuleId;

/// The state of one thread. Who owns it is not stored but computed: see [`crate::domain::policy::ownership`].
#[derive(Debug, Clone, Default)]
pub struct Thread {
    /// The app that control was given to, until it lapses.
    pub holder: Option<ControlHolder>,
    /// Since when nobody holds the thread, and by which rule.
    pub uncontrolled_since: Option<(Moment, RuleId)>,
    /// The person's last message or tap: idleness and the window are counted from here.
    pub last_person_message: Option<Moment>,
    /// The person's first message or tap.
    pub started: Option<Moment>,
    /// The last thing that opened the standard messaging window.
    pub window_opened: Option<Moment>,
    /// The newest timestamp given out, so that the next one is later.
    pub last_timestamp: Moment,
    /// Newest message, the way into the transcript.
    pub last_message: Option<MessageSeq>,
    /// Message ids given out so far.
    pub id_counter: u32,
    /// Messages so far, remembered or not.
    pub messages: u32,
    /// Messages of the person since the page last wrote or marked the thread as seen.
    pub unread: u32,
    /// The last message or tap, by either side.
    pub updated: Option<Moment>,
    /// Where in the page's inbox it lies.
    pub folder: Folder,
    /// Whether the person has blocked the page.
    pub blocked: bool,
    /// Whether an account of the person at the business is linked.
    pub linked: bool,
    /// The timestamp of the last survey that the person has filled in.
    pub survey_answered: Option<Moment>,
    /// Whether the page has shut the person out.
    pub shut_out: ShutOut,
    /// An entry whose referral the next message or tap will carry.
    pub pending: Option<Box<PendingEntry>>,
    /// The questions of a lead-generation ad that the person is being asked.
    pub lead: Option<Box<LeadFlow>>,
    /// The persistent menu that the person has in the place of the page's. Shared, for a thread is copied with every turn.
    pub menu: Option<Arc<UserMenu>>,
}

/// How the page has shut a person out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShutOut {
    /// Blocked from writing to it.
    pub blocked: bool,
    /// Banned from all of it.
    pub banned: bool,
}

impl ShutOut {
    /// Whether it has at all.
    pub fn is_any(self) -> bool {
        self.blocked || self.banned
    }
}

/// Where in the page's inbox a thread lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Folder {
    /// Main.
    #[default]
    Inbox,
    /// Done.
    Done,
    /// Spam.
    Spam,
}

impl Folder {
    /// Every folder.
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

/// How far a person has come with the questions of a lead-generation ad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadFlow {
    /// The ad.
    pub ad: AdKey,
    /// Answers so far, in the order of the questions.
    pub answers: Vec<Box<str>>,
}

/// An app's hold on a thread.
#[derive(Debug, Clone)]
pub struct ControlHolder {
    /// The app.
    pub app: AppKey,
    /// Which of its connections to the page got it: an app that is connected anew starts with nothing.
    pub epoch: u16,
    /// When it got control.
    pub since: Moment,
    /// The moment at which control lapses.
    pub until: Moment,
    /// How long the person may be silent before it lapses.
    pub idle_timeout: Span,
    /// The rule that gave it control.
    pub because: RuleId,
    /// The text of the hand-over that gave it control.
    pub metadata: Option<Arc<str>>,
}

/// An entry that waits for the person's first word.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingEntry {
    /// What the next message or postback carries.
    pub referral: Arc<Referral>,
    /// When the person entered.
    pub since: Moment,
    /// The link, by its place in the page's list, whose route is followed when the person speaks.
    pub link: Option<usize>,
}

impl Thread {
    /// The next timestamp at or after `now`, strictly later than every earlier one.
    pub fn timestamp(&mut self, now: Moment) -> Moment {
        self.last_timestamp = now.max(self.last_timestamp + Span(1));
        self.last_timestamp
    }

    /// Counts a message. Once the page answers, it has read.
    pub fn note_message(&mut self, author: Author, at: Moment) {
        self.messages += 1;
        match author {
            Author::Person => {
                self.unread += 1;
                self.note_person(at);
            }
            Author::App(_) => (self.unread, self.updated) = (0, Some(at)),
            Author::Ad(..) => self.updated = Some(at),
        }
    }

    /// The person wrote or tapped: what is done comes back to Main, what is spam stays there.
    pub fn note_person(&mut self, at: Moment) {
        self.updated = Some(at);
        self.started.get_or_insert(at);
        if self.folder == Folder::Done {
            self.folder = Folder::Inbox;
        }
    }

    /// Whether the person has ever written or tapped.
    pub fn is_started(&self) -> bool {
        self.last_person_message.is_some()
    }
}
