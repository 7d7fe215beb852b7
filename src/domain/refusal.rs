//! Domain room: why something was not done, in our own words. `graph` knows Meta's codes for them. Everyone may enter.

use super::model::access::{Permission, TokenEnd};
use super::model::time::{Moment, Span};
use super::rules::RuleId;
use crate::domain::model::access::Role;

/// A refused command. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub reason: Reason,
    /// The rule behind it; none where the script asked for something that no person could do.
    pub rule: Option<RuleId>,
}

/// What is wrong with a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Another app owns the thread.
    AnotherAppControls,
    /// The messaging window is closed.
    OutsideWindow,
    /// The person blocked the page.
    PersonUnavailable,
    /// The call needs ownership; the word says which call.
    NotThreadOwner(&'static str),
    /// The target app is not connected to the page.
    UnknownTarget,
    /// The call leaves out what the page's rules ask for.
    ParameterNeeded(&'static str),
    /// The call belongs to the app with this role.
    WrongRole {
        /// The call.
        call: &'static str,
        /// Whose call it is.
        needed: Role,
    },
    /// The questions of a lead-generation ad are not answered yet.
    LeadFlow,
    /// The page has no primary and secondary receivers.
    NoRoles,
    /// A secondary receiver would see another.
    ReceiverHidden,
    /// The owner passes to itself.
    PassToSelf,
    /// `payload` and `app_id` together.
    PayloadWithAppId,
    /// `payload` in a generation that has none.
    PayloadForm,
    /// The page has Conversation Routing, which does not know this call.
    HandoverDisabled,
    /// The page has no default app, so nobody can take control.
    TakeNotSupported,
    /// The call needs a page of another kind.
    NotSupported(&'static str),
    /// The owner asks for what it has.
    AlreadyOwner,
    /// Longer than this, which is the longest.
    TooLong(Span),
    /// The app is not connected to the page.
    AppNotConnected,
    /// No message of this id is in the thread.
    NoSuchMessage,
    /// A persistent menu without the Get Started button that it needs.
    MenuNeedsGetStarted,
    /// The page has no persona of this id.
    NoSuchPersona,
    /// The page has as many personas as it may have.
    TooManyPersonas,
    /// The token has expired.
    TokenExpired {
        /// When.
        at: Moment,
        /// What the clock shows.
        now: Moment,
    },
    /// The token was ended before its time.
    TokenEnded(TokenEnd),
    /// The app lacks a permission.
    NoPermission(Permission),
    /// The user who made the token lacks the task on the page.
    NoTask,
    /// The person has no role on an app that is not published.
    NoRoleOnApp,
    /// No such login code was given out to this app.
    CodeUnknown,
    /// The login code was used before.
    CodeUsed,
    /// The login code was not used in time.
    CodeExpired,
    /// Only a user token can be exchanged.
    NoUserToken,
    /// The token was made for another app.
    TokenOfAnotherApp,
    /// The world has issued as many tokens as it may.
    TooManyTokens,
    /// The page has shut the person out.
    ShutOut,
    /// The comment or post cannot be answered in private any more.
    CommentInvalid,
    /// The comment or post was answered in private before.
    AlreadyReplied,
    /// The person had a notification message too short a time ago.
    NotificationTooSoon,
    /// The person has stopped notification messages about this topic.
    NotificationsStopped,
    /// The token of a notification has expired.
    NotificationExpired,
    /// The page has no such token.
    NotificationUnknown,
    /// A message that follows another so soon is longer than this.
    FollowUpTooLong(usize),
    /// The person was asked about this topic less than a week ago.
    AskedBefore,
    /// The page has no template of this name and language, or none that Meta approved.
    NoSuchTemplate,
    /// The page has a template of this name and language already.
    TemplateExists,
    /// The page has as many templates as it can.
    TooManyTemplates,
    /// No account of the person is linked.
    NotLinked,
    /// The page has no label of this id.
    NoSuchLabel(Box<str>),
    /// The page has a label of this name already.
    LabelExists,
    /// The page has as many labels as it can.
    TooManyLabels,
    /// Only a script can make this mistake: a label that was never sent, a message that was never said.
    Script(Box<str>),
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::AnotherAppControls => "another app owns the thread",
            Self::OutsideWindow => "the messaging window is closed",
            Self::PersonUnavailable => "the person has blocked the page",
            Self::NotThreadOwner(_) => "the app does not own the thread",
            Self::UnknownTarget => "the target app is not connected to the page",
            Self::ParameterNeeded(_) => "the call leaves out what it is about",
            Self::WrongRole { needed: Role::Primary, .. } => "only the primary receiver may do this now",
            Self::WrongRole { needed: Role::Secondary, .. } => "only a secondary receiver may do this",
            Self::LeadFlow => "a lead-generation ad is asking its questions",
            Self::NoRoles => "the page has no primary and secondary receivers",
            Self::ReceiverHidden => "a secondary receiver does not see the others",
            Self::PassToSelf => "the owner would pass to itself",
            Self::PayloadWithAppId => "payload and app_id together",
            Self::PayloadForm => "thread_control has no payload any more",
            Self::HandoverDisabled => "the Handover Protocol's calls are disabled for this page",
            Self::TakeNotSupported => "nobody can take control on a page without a default app",
            Self::NotSupported(_) => "the call belongs to pages of another kind",
            Self::AlreadyOwner => "the app owns the thread already",
            Self::TooLong(_) => "longer than control can be extended",
            Self::AppNotConnected => "the app is not connected to the page",
            Self::NoSuchMessage => "no such message is in the thread",
            Self::MenuNeedsGetStarted => "a persistent menu needs a Get Started button beside it",
            Self::NoSuchPersona => "the page has no such persona",
            Self::TooManyPersonas => "the page has too many personas",
            Self::TokenExpired { .. } => "the token has expired",
            Self::TokenEnded(_) => "the token was ended",
            Self::NoPermission(_) => "the app lacks a permission",
            Self::NoTask => "the user who made the token lacks the task on the page",
            Self::NoRoleOnApp => "the app is in development, and the person has no role on it",
            Self::CodeUnknown => "no such login code was given out",
            Self::CodeUsed => "the login code was used before",
            Self::CodeExpired => "the login code has expired",
            Self::NoUserToken => "only a user token can be exchanged",
            Self::TokenOfAnotherApp => "the token was made for another app",
            Self::TooManyTokens => "the world has issued too many tokens",
            Self::ShutOut => "the page has shut the person out",
            Self::CommentInvalid => "the comment is too old for a private reply",
            Self::AlreadyReplied => "the comment has had its private reply",
            Self::NotificationTooSoon => "the person had a notification message too short a time ago",
            Self::NotificationsStopped => "the person has stopped notification messages about this topic",
            Self::NotificationExpired => "the token has expired",
            Self::NotificationUnknown => "the page has no such token",
            Self::FollowUpTooLong(_) => "a message that follows another so soon must be short",
            Self::AskedBefore => "the person was asked about this topic less than a week ago",
            Self::NoSuchTemplate => "the page has no such message template",
            Self::TemplateExists => "the page has a message template of this name and language already",
            Self::TooManyTemplates => "the page has as many message templates as it can",
            Self::NotLinked => "no account of the person is linked",
            Self::NoSuchLabel(_) => "the page has no such label",
            Self::LabelExists => "the page has a label of this name already",
            Self::TooManyLabels => "the page has as many labels as it can",
            Self::Script(text) => text,
        })
    }
}

impl Refusal {
    /// Refused by a rule.
    pub fn new(reason: Reason, rule: RuleId) -> Self {
        Self { reason, rule: Some(rule) }
    }

    /// Refused because the script asks for the impossible.
    pub fn script(text: impl Into<Box<str>>) -> Self {
        Self { reason: Reason::Script(text.into()), rule: None }
    }
}
