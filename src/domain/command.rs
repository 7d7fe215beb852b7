//! Commands: everything that can be asked of a world. Graph calls, scenario steps and the control API all become
//! commands.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::model::access::{Permission, PermissionSet, TokenEnd, TokenKey};
use super::model::crowd::CrowdConfig;
use super::model::deliveries::WebhookId;
use super::model::fields::{FieldSet, OtherObject};
use super::model::ids::{AdKey, AppKey, AssetKey, PersonKey, ThreadKey, UserKey};
use super::model::message::{Attachment, Content, Reaction};
use super::model::message_template::TemplateChange;
use super::model::person::PersonDetails;
use super::model::persona::PersonaChange;
use super::model::platform::Platform;
use super::model::profile::{Localized, Menu, ProfileChange};
use super::model::public_action::{PageAction, PublicAction};
use super::model::time::{Moment, Span};
use super::model::webhook_config::WebhookConfig;
use super::model::welcome_flow::WelcomeFlowChange;

/// A request to a world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// A person acts in a thread.
    Person(ThreadKey, UserAction),
    Send(ThreadKey, AppKey, Send),
    SenderAction(ThreadKey, AppKey, SenderAction),
    /// An app makes a call of the Handover Protocol.
    Control(ThreadKey, AppKey, HandoverCall),
    /// Somebody works in the Business Suite inbox.
    Inbox(ThreadKey, InboxAction),
    /// An admin changes the page's settings. Either all changes happen or none.
    Admin(AssetKey, Vec<SettingChange>),
    /// A thread has reached the moment at which it changes by itself.
    Timeout(ThreadKey),
    /// An app changes its subscription on a page.
    Subscribe(AssetKey, AppKey, Option<FieldSet>),
    /// An app changes its app-level subscription.
    SubscribeApp(AppKey, AppSubscription),
    /// An app gets another webhook, or becomes a puppet.
    Webhook(AppKey, WebhookChange),
    /// An app changes the page's Messenger profile. Either the whole change happens or nothing.
    Profile(AssetKey, AppKey, ProfileChange),
    /// An app gives a person a persistent menu of their own, or removes it.
    UserMenu(ThreadKey, AppKey, Option<Vec<Localized<Menu>>>),
    Persona(AssetKey, AppKey, PersonaChange),
    WelcomeFlow(AssetKey, AppKey, WelcomeFlowChange),
    /// An app exchanges a login code for a user token.
    RedeemLoginCode(AppKey, Box<str>),
    /// An app asks for a login code for a user who has logged in to it.
    IssueLoginCode(AppKey, UserKey),
    /// A user revokes a permission of an app; all of them if none is named, which removes the app.
    RevokePermission(UserKey, AppKey, Option<Permission>),
    /// An app exchanges a user token for one that lives longer.
    ExchangeToken(AppKey, TokenKey),
    /// An app gets or changes an Instagram user token.
    AccountToken(AppKey, AccountTokenCall),
    /// An app saves a reusable attachment for the page.
    SaveAttachment(AssetKey, AppKey, Attachment),
    /// An app allows another notification message to a tester at once.
    TestNotification(ThreadKey, AppKey, Box<str>),
    Label(AssetKey, AppKey, LabelChange),
    MessageTemplate(AssetKey, AppKey, TemplateChange),
    /// An app blocks or bans a person for the page, or takes it back.
    Moderate(ThreadKey, AppKey, Moderation),
    /// An app unlinks the account of a person.
    Unlink(ThreadKey, AppKey),
    /// People come into the world, or a member of a crowd is handed out.
    People(PeopleChange),
    /// Message ids are others than before, made with this number.
    NewMessageIds(u64),
    /// The delivery of a webhook to an app makes progress.
    Delivery(AssetKey, AppKey, DeliveryUpdate),
}

/// A call of Instagram Login that issues a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountTokenCall {
    /// Exchanges a login code for a token that lives shortly.
    Redeems(Box<str>),
    /// Exchanges a token that lives shortly for one that lives long.
    Exchanges(TokenKey),
    /// Exchanges a token that lives long for a newer one.
    Refreshes(TokenKey),
}

/// A change of the people of a world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PeopleChange {
    /// Adds a person with this name, or with a fresh one.
    Adds {
        name: Option<Box<str>>,
        details: PersonDetails,
    },
    /// Adds a person with this name, unless there is one.
    Meets(Box<str>),
    AddsCrowd(CrowdConfig),
    /// Hands out the next member of the crowd with this name.
    Claims(Box<str>),
    /// Page-scoped ids that are not given are others than before, made with this number.
    GetNewIds(u64),
}

/// A change of where the webhooks of an app go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookChange {
    /// `None` makes the app a puppet.
    pub webhook: Option<WebhookConfig>,
    pub verify_token: Box<str>,
}

/// The progress of a webhook's delivery. No command is made for a webhook that the app accepts at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryUpdate {
    /// A fault delays the webhook.
    Delayed {
        webhook: WebhookId,
        /// When it is sent.
        until: Moment,
    },
    Failed(WebhookId),
    Accepted(WebhookId),
    /// The app accepted a webhook that was sent on demand.
    AcceptedOnDemand,
    /// A fault loses the webhook.
    Lost(WebhookId),
    /// The next attempt is due.
    Attempt(WebhookId),
    /// The app has failed so long that its developers get an alert.
    Alert,
    /// The app has failed so long that it is unsubscribed.
    Disable,
}

/// A change of a page's labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelChange {
    /// Makes a label with this name.
    Makes(Box<str>),
    /// Deletes the label with this id.
    Deletes(Box<str>),
    /// Puts the label with this id on a person.
    Puts(Box<str>, PersonKey),
    /// Removes the label with this id from a person.
    Takes(Box<str>, PersonKey),
}

/// An action of a page against a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moderation {
    /// Blocks the person from writing to the page, or unblocks them.
    Blocks(bool),
    /// Bans the person from the page, or unbans them.
    Bans(bool),
    MovesToSpam,
}

/// An action of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum UserAction {
    /// Taps an ad, and writes or taps in the same action.
    TapsAd(AdKey, Option<Box<UserAction>>),
    /// Opens an m.me link (by its index in the page's list), and writes or taps in the same action.
    OpensLink(usize, Option<Box<UserAction>>),
    GetsStarted,
    Says(UserMessage),
    /// Taps a postback button, by its label.
    TapsButton(Box<str>),
    /// Taps a quick reply, by its label.
    TapsQuickReply(Box<str>),
    /// Taps an ice breaker, by its label.
    TapsIceBreaker(Box<str>),
    /// Taps an item of the persistent menu, by its label.
    TapsMenu(Box<str>),
    /// Reacts to a message, or removes the reaction.
    Reacts {
        /// The text or the id of the message; the page's last message if it is left out.
        message: Option<Box<str>>,
        /// `None` removes the reaction.
        reaction: Option<Reaction>,
    },
    /// Gives a message another text.
    Edits {
        /// The text or the id of the message; the person's last message if it is left out.
        message: Option<Box<str>>,
        text: Box<str>,
    },
    /// Takes a message back.
    Unsends {
        /// The text or the id of the message; the person's last message if it is left out.
        message: Option<Box<str>>,
    },
    /// Ticks the checkbox on a website.
    OptsIn {
        /// The website's name for the checkbox.
        user_ref: Box<str>,
        /// A value that the website passes through.
        reference: Option<Box<str>>,
    },
    /// Agrees to the newest request with this title, for notification messages or for one message.
    OptsInTo(Box<str>),
    /// Stops the notification messages about a topic.
    StopsMessages(Box<str>),
    /// Resumes the notification messages about a topic.
    ResumesMessages(Box<str>),
    /// Fills in the newest survey.
    AnswersSurvey(SurveyReply),
    /// Looks at the code of the newest coupon with this title.
    OpensCoupon(Box<str>),
    /// Acts on the page, outside of Messenger.
    InPublic(PublicAction),
    /// Taps Log In, which opens the login of the business.
    OpensLogin,
    /// Completes the login, with the authorization code of the business.
    LinksAccount(Box<str>),
    /// Taps Log Out.
    UnlinksAccount,
    /// Reads all messages so far.
    Reads,
    Blocks,
    Unblocks,
}

/// The answer to a survey.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SurveyReply {
    pub score: Option<Box<str>>,
    /// The free text.
    pub text: Option<Box<str>>,
}

/// A message that a person writes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct UserMessage {
    pub text: Option<Box<str>>,
    pub attachments: Vec<Attachment>,
    /// The text or the id of the message that it replies to.
    pub replies_to: Option<Box<str>>,
    /// The story of the account that it replies to.
    pub story: Option<StoryAnswered>,
    /// The id of the product that it asks about.
    pub about_product: Option<Box<str>>,
}

/// A story of an account that a person replies to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StoryAnswered {
    /// Its id; without it, the story that each account has from the beginning.
    pub id: Option<Box<str>>,
    /// Where the sticker leads on which the person tapped.
    pub link_sticker_url: Option<Box<str>>,
}

/// A message that an app sends.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Send {
    pub content: Arc<Content>,
    /// `metadata`. The echo returns it.
    pub metadata: Option<Box<str>>,
    pub tag: Option<Tag>,
    /// The id of the message that it replies to.
    pub reply_to: Option<Box<str>>,
    /// The recipient id, if the message is not addressed to a PSID.
    pub through: Option<Box<str>>,
    /// `thread_control`, which is executed with the message.
    pub thread_control: Option<ThreadControl>,
}

/// A message tag that Meta still accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tag {
    HumanAgent,
    /// `CUSTOMER_FEEDBACK`. It allows only surveys.
    CustomerFeedback,
    /// Not a tag but `messaging_type` UTILITY: a template that Meta has approved.
    Utility,
}

/// `thread_control` of the Send API, as the app wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ThreadControl {
    pub payload: Option<ControlType>,
    /// `app_id`.
    pub app: Option<Target>,
    pub control_type: Option<ControlType>,
}

/// What `thread_control` does with control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ControlType {
    /// The new owner gets a webhook.
    Pass,
    /// No app gets a webhook.
    Release,
}

/// An app that is named by its Meta id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    App(AppKey),
    /// No app of this world has the id.
    Unknown,
}

/// A sender action of the Send API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SenderAction {
    TypingOn,
    TypingOff,
    MarkSeen,
    React { mid: Box<str>, reaction: Box<str> },
    Unreact { mid: Box<str> },
}

/// A call of the Handover Protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandoverCall {
    Pass {
        /// `target_app_id`. If it is left out, the default app or the primary receiver.
        target: Option<Target>,
        metadata: Option<Box<str>>,
    },
    Release,
    Take {
        metadata: Option<Box<str>>,
    },
    Request {
        metadata: Option<Box<str>>,
    },
    Extend {
        duration: Span,
    },
    PassMetadata {
        target: Option<Target>,
        metadata: Option<Box<str>>,
    },
}

/// An action in the Business Suite inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum InboxAction {
    Replies(Content),
    /// Somebody replies in the Instagram app instead.
    RepliesInApp(Content),
    MovesToMain,
    MovesToDone,
}

/// A change of the page's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingChange {
    SetsDefaultApp(Option<AppKey>),
    SetsPrimary(Option<AppKey>),
    /// Sets an app's standby toggle.
    SetsStandby(AppKey, bool),
    /// Sets an app's "Take control of conversations" toggle.
    SetsTakeControl(AppKey, bool),
    /// Sets the route of a link (by its index in the page's list).
    SetsLink(usize, Option<AppKey>),
    /// Sets the social/organic route.
    SetsSocial(Option<AppKey>),
    ConnectsApp(AppKey),
    DisconnectsApp(AppKey),
    /// Blocks or unblocks the calls of the Handover Protocol.
    SetsHandoverApis {
        blocked: bool,
    },
    /// Sets the switch of an Instagram account that lets apps have its messages.
    SetsMessageAccess(bool),
    /// Ends a live broadcast of an Instagram account, by its name.
    EndsBroadcast(Box<str>),
    Access(AccessChange),
    /// What the admin does as the page, or in the dashboard.
    OnPage(PageAction),
}

/// A change of an app's access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessChange {
    ExpiresToken(AppKey),
    RevokesToken(AppKey, TokenEnd),
    Grants(AppKey, PermissionSet),
    Withdraws(AppKey, PermissionSet),
    /// Publishes the app, or returns it to development.
    Publishes(AppKey, bool),
    /// A user logs in to the app, which gets a login code.
    IssuesCode(AppKey, UserKey),
    /// The owner of the Instagram account logs in to the app, which gets a login code.
    IssuesAccountCode(AppKey),
}

impl AccessChange {
    pub fn app(&self) -> AppKey {
        match self {
            Self::ExpiresToken(app)
            | Self::RevokesToken(app, _)
            | Self::Grants(app, _)
            | Self::Withdraws(app, _)
            | Self::Publishes(app, _)
            | Self::IssuesAccountCode(app)
            | Self::IssuesCode(app, _) => *app,
        }
    }
}

/// A change of an app-level subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppSubscription {
    /// Adds fields to those that exist and replaces the callback.
    Adds {
        platform: Platform,
        fields: FieldSet,
        callback_url: Box<str>,
    },
    /// Removes fields; all of them if none is named.
    Removes(Platform, Option<FieldSet>),
    /// The same of an object that is no asset.
    AddsToObject {
        object: OtherObject,
        fields: Vec<Box<str>>,
        callback_url: Box<str>,
    },
    RemovesFromObject(OtherObject, Option<Vec<Box<str>>>),
    /// Removes all fields of all objects.
    RemovesAll,
}
