//! Domain room: everything that can be asked of a world. Graph calls, scenario steps and the control API are only sources of
//! these. Everyone may enter.

use serde::{Deserialize, Serialize};

use super::model::access::{Permission, PermissionSet, TokenEnd, TokenKey};
use super::model::deliveries::WebhookId;
use super::model::fields::FieldSet;
use super::model::ids::{AdKey, AppKey, PageKey, PersonKey, ThreadKey, UserKey};
use super::model::message::{Attachment, Content, Reaction};
use super::model::message_template::TemplateChange;
use super::model::persona::PersonaChange;
use super::model::profile::{Localized, Menu, ProfileChange};
use super::model::time::{Moment, Span};

/// Something that is asked of a world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// A person does something in a thread.
    Person(ThreadKey, UserAction),
    /// An app sends a message.
    Send(ThreadKey, AppKey, Send),
    /// An app sends a sender action.
    SenderAction(ThreadKey, AppKey, SenderAction),
    /// An app moves control.
    Control(ThreadKey, AppKey, HandoverCall),
    /// Somebody works in the Business Suite inbox.
    Inbox(ThreadKey, InboxAction),
    /// Somebody changes the page's settings: all of it, or nothing.
    Admin(PageKey, Vec<SettingChange>),
    /// Time has passed in a thread that waits for it.
    Timeout(ThreadKey),
    /// An app changes its subscription on a page.
    Subscribe(PageKey, AppKey, Option<FieldSet>),
    /// An app changes its own subscription, over all pages.
    SubscribeApp(AppKey, AppSubscription),
    /// An app changes the page's Messenger profile: all of it, or nothing.
    Profile(PageKey, AppKey, ProfileChange),
    /// An app gives a person a persistent menu of their own, or takes it away.
    UserMenu(ThreadKey, AppKey, Option<Vec<Localized<Menu>>>),
    /// An app makes or deletes a persona of the page.
    Persona(PageKey, AppKey, PersonaChange),
    /// An app changes a login code into a user token.
    RedeemLoginCode(AppKey, Box<str>),
    /// An app asks for a login code for somebody who has logged in to it.
    IssueLoginCode(AppKey, UserKey),
    /// A user takes a permission back from an app; all of them where none is named, which removes the app.
    RevokePermission(UserKey, AppKey, Option<Permission>),
    /// An app exchanges a user token for one that lives longer.
    ExchangeToken(AppKey, TokenKey),
    /// An app keeps an attachment for the page, to send it later.
    SaveAttachment(PageKey, AppKey, Attachment),
    /// An app has a tester's token take another message at once.
    TestNotification(ThreadKey, AppKey, Box<str>),
    /// An app works with the page's labels.
    Label(PageKey, AppKey, LabelChange),
    /// An app writes or deletes templates of utility messages.
    MessageTemplate(PageKey, AppKey, TemplateChange),
    /// An app has the page shut somebody out, or in.
    Moderate(ThreadKey, AppKey, Moderation),
    /// An app ends the linking of a person's account.
    Unlink(ThreadKey, AppKey),
    /// Something becomes of a webhook of the page on its way to the app.
    Delivery(PageKey, AppKey, DeliveryUpdate),
}

/// What becomes of a webhook on its way. Of one that is taken at once, nobody says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryUpdate {
    /// It is held back, and sent later.
    Delayed {
        /// The webhook.
        webhook: WebhookId,
        /// When it is sent.
        until: Moment,
    },
    /// An attempt failed.
    Failed(WebhookId),
    /// The app took it.
    Accepted(WebhookId),
    /// The app took one that was sent on demand.
    AcceptedOnDemand,
    /// It was lost on the way, and nobody knows.
    Lost(WebhookId),
    /// The next attempt is due.
    Attempt(WebhookId),
    /// The app has failed for so long that its developers are told.
    Alert,
    /// The app has failed for so long that it is unsubscribed.
    Disable,
}

/// What an app does with the labels of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelChange {
    /// Makes one of this name.
    Makes(Box<str>),
    /// Deletes the one of this id.
    Deletes(Box<str>),
    /// Puts the one of this id on somebody.
    Puts(Box<str>, PersonKey),
    /// Takes the one of this id off somebody.
    Takes(Box<str>, PersonKey),
}

/// What a page does about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moderation {
    /// Blocks them from writing to the page, or no longer.
    Blocks(bool),
    /// Bans them from all of the page, or no longer.
    Bans(bool),
    /// Files their thread as spam.
    MovesToSpam,
}

/// What a person does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum UserAction {
    /// Taps an ad, and speaks or taps in the same action.
    TapsAd(AdKey, Option<Box<UserAction>>),
    /// Opens an m.me link (by its place in the page's list), and speaks or taps in the same action.
    OpensLink(usize, Option<Box<UserAction>>),
    /// Taps Get Started.
    GetsStarted,
    /// Writes.
    Says(UserMessage),
    /// Taps a postback button by its label.
    TapsButton(Box<str>),
    /// Taps a quick reply by its label.
    TapsQuickReply(Box<str>),
    /// Taps an ice breaker by its label.
    TapsIceBreaker(Box<str>),
    /// Taps an item of the persistent menu by its label.
    TapsMenu(Box<str>),
    /// Reacts to a message, or takes the reaction back.
    Reacts {
        /// Text or id of the message; the page's last one where it is left out.
        message: Option<Box<str>>,
        /// The reaction; `None` takes it back.
        reaction: Option<Reaction>,
    },
    /// Ticks the checkbox of a website.
    OptsIn {
        /// The website's name for the checkbox.
        user_ref: Box<str>,
        /// What the website passes through.
        reference: Option<Box<str>>,
    },
    /// Says yes to the newest request of this title: for notification messages, or for one message later.
    OptsInTo(Box<str>),
    /// Stops the notification messages about a topic.
    StopsMessages(Box<str>),
    /// Wants them again.
    ResumesMessages(Box<str>),
    /// Fills in the newest survey.
    AnswersSurvey(SurveyReply),
    /// Looks at the code of the newest coupon of this title.
    OpensCoupon(Box<str>),
    /// Comments on a post of the page.
    Comments(Box<str>),
    /// Writes a post on the page.
    Posts(Box<str>),
    /// Taps Log In, which opens the login of the business.
    OpensLogin,
    /// Ends the login well, with the code that the business gives.
    LinksAccount(Box<str>),
    /// Taps Log Out.
    UnlinksAccount,
    /// Reads everything up to now.
    Reads,
    /// Blocks the page.
    Blocks,
    /// Takes the block back.
    Unblocks,
}

/// What a person fills in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SurveyReply {
    /// The score, where one is asked for.
    pub score: Option<Box<str>>,
    /// Their own words.
    pub text: Option<Box<str>>,
}

/// What a person writes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UserMessage {
    /// The text.
    pub text: Option<Box<str>>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Text or id of the message that it replies to.
    pub replies_to: Option<Box<str>>,
}

/// A message that an app sends.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Send {
    /// What is said.
    pub content: Content,
    /// `metadata`, given back in the echo.
    pub metadata: Option<Box<str>>,
    /// The message tag.
    pub tag: Option<Tag>,
    /// Message id that it replies to.
    pub reply_to: Option<Box<str>>,
    /// The id or token by which the person is addressed, where it is no PSID.
    pub through: Option<Box<str>>,
    /// `thread_control`, executed with the message.
    pub thread_control: Option<ThreadControl>,
}

/// A message tag that Meta still takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tag {
    /// `HUMAN_AGENT`.
    HumanAgent,
    /// `CUSTOMER_FEEDBACK`: for a survey, and nothing else.
    CustomerFeedback,
    /// No tag, but `messaging_type` UTILITY: a template that Meta has approved.
    Utility,
}

/// `thread_control` of the Send API, as the app wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ThreadControl {
    /// `payload`.
    pub payload: Option<ControlType>,
    /// `app_id`: an app of this world, or one that is none.
    pub app: Option<Target>,
    /// `control_type`.
    pub control_type: Option<ControlType>,
}

/// Whether control is passed or released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ControlType {
    /// Passed: the new owner is told.
    Pass,
    /// Released: nobody is told.
    Release,
}

/// An app that was named by its Meta id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// An app of this world.
    App(AppKey),
    /// No app of this world has the id.
    Unknown,
}

/// What an app asks for with a sender action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SenderAction {
    /// `typing_on`.
    TypingOn,
    /// `typing_off`.
    TypingOff,
    /// `mark_seen`.
    MarkSeen,
    /// `react` to a message of the person.
    React {
        /// The message.
        mid: Box<str>,
        /// The emoji.
        reaction: Box<str>,
    },
    /// `unreact`.
    Unreact {
        /// The message.
        mid: Box<str>,
    },
}

/// A call that moves control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandoverCall {
    /// `pass_thread_control`.
    Pass {
        /// `target_app_id`; the default app, or the primary receiver, where it is left out.
        target: Option<Target>,
        /// `metadata`.
        metadata: Option<Box<str>>,
    },
    /// `release_thread_control`.
    Release,
    /// `take_thread_control`.
    Take {
        /// `metadata`.
        metadata: Option<Box<str>>,
    },
    /// `request_thread_control`.
    Request {
        /// `metadata`.
        metadata: Option<Box<str>>,
    },
    /// `extend_thread_control`.
    Extend {
        /// `duration`.
        duration: Span,
    },
    /// `pass_thread_metadata`.
    PassMetadata {
        /// `target_app_id`.
        target: Option<Target>,
        /// `metadata`.
        metadata: Option<Box<str>>,
    },
}

/// What somebody does in the Business Suite inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum InboxAction {
    /// Replies.
    Replies(Content),
    /// Moves the thread to Main.
    MovesToMain,
    /// Moves the thread to Done.
    MovesToDone,
}

/// What somebody changes in the page's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingChange {
    /// Chooses the default app, or none.
    SetsDefaultApp(Option<AppKey>),
    /// Chooses the primary receiver, or none.
    SetsPrimary(Option<AppKey>),
    /// Schedule an app's standby toggle.
    SetsStandby(AppKey, bool),
    /// Schedule an app's "Take control of conversations" toggle.
    SetsTakeControl(AppKey, bool),
    /// Routes a link (by its place in the page's list).
    SetsLink(usize, Option<AppKey>),
    /// Sets the social/organic route.
    SetsSocial(Option<AppKey>),
    /// Connects an app.
    ConnectsApp(AppKey),
    /// Disconnects an app.
    DisconnectsApp(AppKey),
    /// Blocks, or allows again, the calls of the Handover Protocol.
    SetsHandoverApis {
        /// Whether they are blocked.
        blocked: bool,
    },
    /// Changes what apps may do, and by which tokens.
    Access(AccessChange),
}

/// What changes about the access of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessChange {
    /// The app's page tokens expire.
    ExpiresToken(AppKey),
    /// The app's page tokens are ended.
    RevokesToken(AppKey, TokenEnd),
    /// The app is granted permissions.
    Grants(AppKey, PermissionSet),
    /// Permissions are withdrawn from the app.
    Withdraws(AppKey, PermissionSet),
    /// The app is published, or goes back into development.
    Publishes(AppKey, bool),
    /// A user logs in to the app, which gets a code for it.
    IssuesCode(AppKey, UserKey),
}

impl AccessChange {
    /// The app that it concerns.
    pub fn app(&self) -> AppKey {
        match self {
            Self::ExpiresToken(app)
            | Self::RevokesToken(app, _)
            | Self::Grants(app, _)
            | Self::Withdraws(app, _)
            | Self::Publishes(app, _)
            | Self::IssuesCode(app, _) => *app,
        }
    }
}

/// A change of an app's own subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppSubscription {
    /// Fields are added to those already there; the callback is replaced.
    Adds {
        /// The fields.
        fields: FieldSet,
        /// The verified callback.
        callback_url: Box<str>,
    },
    /// Fields are removed; all of them where none is named.
    Removes(Option<FieldSet>),
}
