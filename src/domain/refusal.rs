//! Refusals: why a command was not executed, in our own words. `graph::errors` maps them to Meta's errors.

use super::model::access::{Permission, TokenEnd};
use super::model::people::PeopleMistake;
use super::model::time::{Moment, Span};
use super::rules::RuleId;
use crate::domain::model::access::Role;

/// A refused command. It has changed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    /// The rule behind it. `None` if the script asked for something that no person could do.
    pub rule: Option<RuleId>,
}

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    AnotherAppControls,
    OutsideWindow,
    PersonUnavailable,
    /// The app does not own the thread; the word names the call.
    NotThreadOwner(&'static str),
    /// The target app is not connected to the page.
    UnknownTarget,
    /// The call lacks this parameter.
    ParameterNeeded(&'static str),
    /// Only an app with the role `needed` may make the call.
    WrongRole {
        call: &'static str,
        needed: Role,
    },
    /// A lead-generation ad is asking its questions.
    LeadFlow,
    NoRoles,
    ReceiverHidden,
    /// The owner passes control to itself.
    PassToSelf,
    PayloadWithAppId,
    /// The ruleset has no `payload` in `thread_control`.
    PayloadForm,
    /// The ruleset of the page does not have this call.
    HandoverDisabled,
    /// The page has no default app, so no app can take control.
    TakeNotSupported,
    /// The ruleset of the page does not have this call.
    NotSupported(&'static str),
    /// The app asks for control that it already has.
    AlreadyOwner,
    /// The extension is longer than this maximum.
    TooLong(Span),
    AppNotConnected,
    NoSuchMessage,
    /// The account has sent as many messages as it may in a while.
    TooManyMessages,
    /// The message has what this account cannot send to this person.
    InvalidContent,
    MenuNeedsGetStarted,
    MenuOfPrimaryOnly,
    NoSuchPersona,
    TooManyPersonas,
    NoSuchWelcomeFlow(Box<str>),
    TooManyWelcomeFlows,
    TokenExpired {
        at: Moment,
        now: Moment,
    },
    /// The token ended before it expired.
    TokenEnded(TokenEnd),
    NoPermission(Permission),
    NoTask,
    NoRoleOnApp,
    /// The owner of the Instagram account does not let apps have its messages.
    MessagesDisallowed,
    /// The app has not the feature Human Agent, and the window is closed.
    NoHumanAgent,
    CodeUnknown,
    CodeUsed,
    CodeExpired,
    NoUserToken,
    TokenOfAnotherApp,
    /// The token lives too long, or not long enough, for what it is exchanged for.
    TokenOfWrongKind,
    TooManyTokens,
    /// The page blocked or banned the person.
    ShutOut,
    /// The comment or post is too old for a private reply.
    ReplyTimeExpired,
    /// The comment or post already has its private reply.
    AlreadyReplied,
    NotificationTooSoon,
    NotificationsStopped,
    NotificationExpired,
    NotificationUnknown,
    /// A follow-up message is longer than this maximum.
    FollowUpTooLong(usize),
    AskedBefore,
    /// The page has no template with this name and language, or Meta did not approve it.
    NoSuchTemplate,
    TemplateExists,
    TooManyTemplates,
    NotLinked,
    NoSuchLabel(Box<str>),
    LabelExists,
    TooManyLabels,
    /// The world cannot have these people.
    People(PeopleMistake),
    /// A mistake that only a script can make.
    Script(Box<str>),
    /// A person wants something that nobody has sent or set so far, like a tap on a label that no message has. An app may still do it.
    NotThereYet(Box<str>),
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::AnotherAppControls => "another app owns the thread",
            Self::OutsideWindow => "the messaging window is closed",
            Self::PersonUnavailable => "the person has blocked the business",
            Self::NotThreadOwner(_) => "the app does not own the thread",
            Self::UnknownTarget => "the target app is not connected",
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
            Self::TakeNotSupported => "nobody can take control without a default app",
            Self::NotSupported(_) => "the call belongs to pages of another kind",
            Self::AlreadyOwner => "the app owns the thread already",
            Self::TooLong(_) => "longer than control can be extended",
            Self::AppNotConnected => "the app is not connected",
            Self::NoSuchMessage => "no such message is in the thread",
            Self::TooManyMessages => "the account has sent too many messages in a while",
            Self::InvalidContent => "the account cannot send this to the person",
            Self::MenuNeedsGetStarted => "a persistent menu needs a Get Started button beside it",
            Self::MenuOfPrimaryOnly => "only the primary app may set the persistent menu",
            Self::NoSuchPersona => "the page has no such persona",
            Self::NoSuchWelcomeFlow(_) => "the page has no such welcome message flow",
            Self::TooManyWelcomeFlows => "the page has too many welcome message flows",
            Self::TooManyPersonas => "the page has too many personas",
            Self::TokenExpired { .. } => "the token has expired",
            Self::TokenEnded(_) => "the token was ended",
            Self::NoPermission(_) => "the app lacks a permission",
            Self::NoTask => "the user who made the token lacks the task on the page",
            Self::NoRoleOnApp => "the app is in development, and the person has no role on it",
            Self::MessagesDisallowed => "the owner of the account does not let apps have its messages",
            Self::NoHumanAgent => "the app may not use the tag HUMAN_AGENT",
            Self::CodeUnknown => "no such login code was given out",
            Self::CodeUsed => "the login code was used before",
            Self::CodeExpired => "the login code has expired",
            Self::NoUserToken => "only a user token can be exchanged",
            Self::TokenOfAnotherApp => "the token was made for another app",
            Self::TokenOfWrongKind => "the token cannot be exchanged so, or not yet",
            Self::TooManyTokens => "the world has issued too many tokens",
            Self::ShutOut => "the person is shut out",
            Self::ReplyTimeExpired => "the comment is too old for a private reply",
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
            Self::People(mistake) => return mistake.fmt(formatter),
            Self::Script(text) | Self::NotThereYet(text) => text,
        })
    }
}

impl Refusal {
    /// A refusal by a rule.
    pub fn new(reason: Reason, rule: RuleId) -> Self {
        Self { reason, rule: Some(rule) }
    }

    /// A refusal of a step that no person could do.
    pub fn script(text: impl Into<Box<str>>) -> Self {
        Self { reason: Reason::Script(text.into()), rule: None }
    }

    /// A refusal of a step that wants something that nobody has sent or set so far.
    pub fn not_there_yet(text: impl Into<Box<str>>) -> Self {
        Self { reason: Reason::NotThereYet(text.into()), rule: None }
    }

    /// True if an app may still do what the command needs.
    pub fn may_pass(&self) -> bool {
        matches!(self.reason, Reason::NotThereYet(_))
    }
}
