//! Language room: steps as types. Every step keeps its place. `read_step` makes them; the run performs them.

use serde_json::Value;

use super::expectation::Expectation;
use crate::domain::model::access::{PermissionSet, TokenEnd};
use crate::domain::model::time::{Moment, Span};
use crate::engine::fault::{Effect, FaultSite, Schedule};
use crate::text::source::Place;

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Where it stands.
    pub place: Place,
    /// Which page, where it says so.
    pub page: Option<String>,
    /// Values to keep, by JSON pointer.
    pub save: Vec<(String, String)>,
    /// What it does.
    pub act: Act,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Act {
    /// A person acts.
    User(UserStep),
    /// An app acts, or is waited for.
    App(AppStep),
    /// Settings change.
    Admin(Vec<AdminChange>),
    /// Somebody acts in the inbox.
    Inbox(InboxStep),
    /// Time goes on.
    Clock(ClockStep),
    /// Something is to go wrong.
    Fault(FaultStep),
    /// A raw Graph call.
    Call(CallStep),
    /// What must have happened.
    Expect(Vec<Expectation>),
}

/// What a person does.
#[derive(Debug, Clone)]
pub struct UserStep {
    /// Who.
    pub person: String,
    /// By which entry.
    pub entry: Option<Entry>,
    /// And then.
    pub then: Option<UserVerb>,
}

/// An entry of a person.
#[derive(Debug, Clone)]
pub enum Entry {
    /// An ad.
    Ad(String),
    /// A link.
    Link(String),
}

/// What a person does beside entering.
#[derive(Debug, Clone)]
pub enum UserVerb {
    /// Writes.
    Says {
        /// The text.
        text: Option<String>,
        /// Attachments, as they stand in the file.
        attachments: Vec<Value>,
        /// The message that it answers.
        replies_to: Option<String>,
    },
    /// Get Started.
    GetsStarted,
    /// A button.
    TapsButton(String),
    /// A quick reply.
    TapsQuickReply(String),
    /// An ice breaker.
    TapsIceBreaker(String),
    /// An item of the persistent menu.
    TapsMenu(String),
    /// A reaction, or none.
    Reacts {
        /// The reaction.
        reaction: Option<String>,
        /// The message.
        message: Option<String>,
    },
    /// Ticks a checkbox.
    OptsIn {
        /// The website's name for it.
        user_ref: String,
        /// What is passed through.
        reference: Option<String>,
    },
    /// Says yes to an opt-in request of this title.
    OptsInTo(String),
    /// Stops notification messages about a topic.
    StopsMessages(String),
    /// Wants them again.
    ResumesMessages(String),
    /// Fills in the newest survey.
    AnswersSurvey {
        /// The score.
        score: Option<String>,
        /// The person's own words.
        text: Option<String>,
    },
    /// Looks at the code of a coupon.
    OpensCoupon(String),
    /// Comments on a post of the page.
    Comments(String),
    /// Writes a post on the page.
    Posts(String),
    /// Opens the login.
    OpensLogin,
    /// Logs in, with this code.
    LinksAccount(String),
    /// Logs out.
    UnlinksAccount,
    /// Reads.
    Reads,
    /// Blocks.
    Blocks,
    /// Unblocks.
    Unblocks,
}

/// What an app does.
#[derive(Debug, Clone)]
pub struct AppStep {
    /// Who.
    pub app: String,
    /// In whose thread.
    pub to: Option<String>,
    /// What.
    pub verb: AppVerb,
    /// The error with which the call must fail.
    pub refused: Option<Value>,
    /// Whether a fault must keep the answer from the app.
    pub response_lost: bool,
    /// How long a real app is waited for.
    pub within: Option<Span>,
}

/// What an app does.
#[derive(Debug, Clone)]
pub enum AppVerb {
    /// Sends a message; with extra top-level parameters.
    Sends {
        /// Text or a message object.
        message: Value,
        /// The tag.
        tag: Option<String>,
        /// thread_control.
        thread_control: Option<Value>,
        /// The metadata.
        metadata: Option<String>,
    },
    /// Passes control; to the default app if no app is named.
    Passes {
        /// The app.
        app: Option<String>,
        /// The metadata.
        metadata: Option<String>,
    },
    /// Releases control.
    Releases,
    /// Takes control.
    Takes(Option<String>),
    /// Requests control.
    Requests(Option<String>),
    /// Extends control.
    Extends(Span),
    /// Types, or stops.
    Types(bool),
    /// Marks as seen.
    MarksSeen,
    /// Sends nothing.
    StaysSilent(Span),
}

/// A change of settings.
#[derive(Debug, Clone)]
pub enum AdminChange {
    /// The default app, or none.
    DefaultApp(Option<String>),
    /// The primary receiver, or none.
    Primary(Option<String>),
    /// A standby toggle.
    Standby(String, bool),
    /// A take-control toggle.
    TakeControl(String, bool),
    /// A link's route, or none.
    Link(String, Option<String>),
    /// The social route, or none.
    Social(Option<String>),
    /// An app is connected.
    Connects(String),
    /// An app is disconnected.
    Disconnects(String),
    /// The calls of the Handover Protocol are blocked.
    HandoverApis(bool),
    /// An app's page token expires.
    ExpiresToken(String),
    /// An app's page token is ended.
    RevokesToken(String, TokenEnd),
    /// Permissions are granted to an app, or withdrawn from it.
    Permits {
        /// The app.
        app: String,
        /// Whether they are granted.
        granted: bool,
        /// Which.
        permissions: PermissionSet,
    },
    /// An app is published, or taken back into development.
    Publishes(String, bool),
    /// A user logs in to an app.
    IssuesCode {
        /// The app.
        app: String,
        /// The user.
        user: String,
    },
}

/// What somebody does in the inbox.
#[derive(Debug, Clone)]
pub struct InboxStep {
    /// In whose thread.
    pub to: Option<String>,
    /// What.
    pub verb: InboxVerb,
}

/// What somebody does in the inbox.
#[derive(Debug, Clone)]
pub enum InboxVerb {
    /// Answers.
    Replies(String),
    /// Moves to Main.
    MovesToMain,
    /// Moves to Done.
    MovesToDone,
}

/// How time goes on.
#[derive(Debug, Clone, Copy)]
pub enum ClockStep {
    /// By so much.
    By(Span),
    /// To a moment.
    To(Moment),
}

/// Something that is to go wrong, with names as they stand in the file.
#[derive(Debug, Clone)]
pub struct FaultStep {
    /// At which calls, or on the way of which webhooks.
    pub at: FaultSite,
    /// Of which app.
    pub app: Option<String>,
    /// About whose thread.
    pub to: Option<String>,
    /// On which page.
    pub page: Option<String>,
    /// On which of those calls.
    pub turns: Schedule,
    /// Whether it need not fire.
    pub optional: bool,
    /// What goes wrong.
    pub effect: Effect,
}

/// A raw Graph call.
#[derive(Debug, Clone)]
pub struct CallStep {
    /// As which app.
    pub app: Option<String>,
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// The body.
    pub body: Option<Value>,
    /// Another token.
    pub token: Option<String>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// What the answer must be like.
    pub returns: Option<Value>,
}
