//! Events: everything that can happen in a world, each with the rule behind it.

use std::sync::Arc;

use smallvec::SmallVec;

use super::model::deliveries::WebhookId;
use super::model::fields::Field;
use super::model::ids::{AdKey, AppKey, AssetKey, ThreadKey};
use super::model::message::{Message, Referral};
use super::model::notification_subscription::NotificationSubscription;
use super::model::page_change::PageChange;
use super::model::platform::Platform;
use super::model::scoped_id::ScopedId;
use super::model::time::Moment;
use super::rules::RuleId;
use crate::domain::model::access::Role;
use crate::domain::model::message::Reaction;

#[derive(Debug, Clone)]
pub enum Event {
    /// A webhook event: for each app it says whether the app gets the webhook.
    WebhookEvent(Arc<WebhookEvent>),
    /// A person entered a thread and was routed to this app; `None` if no app got the thread.
    Routed {
        thread: ThreadKey,
        /// The app that has the thread now.
        app: Option<AppKey>,
        rule: RuleId,
    },
    /// The owner of a thread changed.
    OwnerChanged {
        thread: ThreadKey,
        from: Option<AppKey>,
        to: Option<AppKey>,
        /// The rule by which the owner before had the thread.
        was: RuleId,
        /// When it changed. An idle release is dated at the moment when control ended.
        at: Moment,
        rule: RuleId,
    },
    /// The messaging window of a thread opened after it had been closed.
    WindowOpened { thread: ThreadKey, rule: RuleId },
    /// The owner keeps control for longer than before.
    ControlKept {
        thread: ThreadKey,
        owner: AppKey,
        /// The moment at which control ends now.
        until: Moment,
        rule: RuleId,
    },
    /// The rules allowed an action of an app.
    Allowed { thread: ThreadKey, app: AppKey, rule: RuleId },
    /// A rule decided about what a person did.
    Applied { thread: ThreadKey, rule: RuleId },
    /// The person sees a message that causes no webhook.
    Shown { message: Arc<Message>, rule: RuleId },
    SettingChanged {
        page: Option<AssetKey>,
        app: Option<AppKey>,
        /// The new value in words.
        what: Box<str>,
        /// The rule that allows the change.
        rule: RuleId,
    },
    /// The delivery of a webhook changed its state.
    Delivery { page: AssetKey, app: AppKey, news: DeliveryState, rule: RuleId },
    /// A legal action that is probably a mistake.
    Warning {
        /// The app whose developers should know.
        app: AppKey,
        text: Box<str>,
        /// The rule that may surprise them.
        rule: RuleId,
    },
}

/// The state of a webhook that the app did not accept at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryState {
    Waits {
        webhook: WebhookId,
        /// When it is sent.
        until: Moment,
    },
    /// It is sent now.
    Sent { webhook: WebhookId },
    /// They are no longer sent.
    GivenUp { webhooks: Vec<WebhookId> },
    /// The app accepted a webhook and is no longer failing.
    Recovered {
        /// Since when it had failed.
        since: Moment,
    },
    /// The developers of the app get an alert.
    Alerted {
        /// Since when it fails.
        since: Moment,
    },
    /// The app is unsubscribed from the page.
    Disabled {
        /// Since when it fails.
        since: Moment,
    },
}

/// Something that Meta reports to apps by webhook.
#[derive(Debug, Clone)]
pub struct WebhookEvent {
    pub scope: Scope,
    /// The platform of the asset. It says which object, and which of its fields, the event belongs to.
    pub platform: Platform,
    /// The scoped id of the thread's person. `None` if the event happened on the page itself.
    pub person: Option<ScopedId>,
    /// `timestamp` of the messaging item.
    pub at: Moment,
    /// The owner of the thread, for `hop_context`.
    pub context: Option<HopContext>,
    pub payload: WebhookPayload,
    /// One decision for each connected app, in the order of the keys.
    pub decisions: Decisions,
}

impl WebhookEvent {
    /// An event that happened on the page itself.
    pub fn on_asset(
        (platform, asset): (Platform, AssetKey),
        at: Moment,
        payload: WebhookPayload,
        decisions: Decisions,
    ) -> Self {
        Self { scope: Scope::Asset(asset), platform, person: None, at, context: None, payload, decisions }
    }

    /// The field that an app must subscribe to get this event.
    pub fn field(&self) -> Field {
        self.payload.field_on(self.platform)
    }
}

/// Pages with more than a few apps are rare, so the decisions of most events stand inline.
pub type Decisions = SmallVec<[ReceiverDecision; 4]>;

/// Where a webhook event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Thread(ThreadKey),
    /// On the page itself, without a person.
    Asset(AssetKey),
}

impl Scope {
    pub fn asset(self) -> AssetKey {
        match self {
            Self::Thread(thread) => thread.asset,
            Self::Asset(asset) => asset,
        }
    }

    pub fn thread(self) -> Option<ThreadKey> {
        match self {
            Self::Thread(thread) => Some(thread),
            Self::Asset(_) => None,
        }
    }
}

/// The owner, and the metadata of the last handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HopContext {
    pub app: AppKey,
    /// `None` is written as empty text.
    pub metadata: Option<Arc<str>>,
}

/// The content of a webhook event.
#[derive(Debug, Clone)]
pub enum WebhookPayload {
    Message {
        message: Arc<Message>,
        /// How the person entered. It is on the first message after an entry.
        referral: Option<Arc<Referral>>,
    },
    /// The page wrote.
    Echo(Arc<Message>),
    /// An echo for apps with Instagram Login, if a knob gives them a field for it.
    EchoInOwnField(Arc<Message>),
    Postback {
        /// The message id of the postback. Old ice breakers of Instagram have none.
        mid: Option<Arc<str>>,
        /// The label of the button.
        title: Box<str>,
        /// The payload. Only the app that sent the button sees it.
        payload: Box<str>,
        /// How the person entered. It is on the first tap after an entry.
        referral: Option<Arc<Referral>>,
    },
    /// The person entered an existing thread by an ad or a link.
    Referral(Arc<Referral>),
    /// The questions of a lead-generation ad ended.
    Lead(Lead),
    /// The answers to a lead-generation ad, in the form of a message of the person that the thread does not contain.
    Summary {
        /// The message id of the summary.
        mid: Arc<str>,
        /// Questions and answers.
        text: Box<str>,
    },
    Passed {
        /// The owner before, if an app held control.
        previous: Option<AppKey>,
        new: AppKey,
        metadata: Option<Arc<str>>,
    },
    Taken {
        previous: AppKey,
        new: AppKey,
        metadata: Option<Arc<str>>,
    },
    Requested {
        /// The app that requests control.
        by: AppKey,
        metadata: Option<Arc<str>>,
    },
    /// An app passed metadata to another app, without control.
    MetadataPassed {
        metadata: Option<Arc<str>>,
    },
    /// The role of an app on the page changed.
    RoleChanged {
        app: AppKey,
        role: Role,
    },
    /// Messages were delivered to the person.
    Delivered {
        mids: SmallVec<[Arc<str>; 1]>,
        /// All messages up to this moment.
        watermark: Moment,
    },
    Read {
        /// All messages up to this moment.
        watermark: Moment,
        /// The newest message of the account, which Instagram names instead.
        mid: Option<Arc<str>>,
    },
    /// The person reacted to a message, or removed the reaction.
    Reacted {
        mid: Arc<str>,
        /// `None` if it was removed.
        reaction: Option<Reaction>,
    },
    /// The person edited a message.
    Edited {
        mid: Arc<str>,
        /// The new text. Instagram's shadow of a new message has none.
        text: Option<Box<str>>,
        /// The number of the edit; 0 for the shadow of a new message.
        edits: u8,
    },
    /// The person took a message back.
    Unsent {
        mid: Arc<str>,
    },
    /// The person ticked the checkbox of a website. The event does not identify the person.
    OptedIn {
        /// The website's name for the checkbox.
        user_ref: Box<str>,
        /// The value that the website passes through.
        reference: Option<Box<str>>,
    },
    /// The person opted in to notification messages about a topic, or changed the opt-in.
    NotificationsChosen {
        /// The token for sending them.
        token: Box<str>,
        subscription: Arc<NotificationSubscription>,
        /// `None` for an opt-in.
        change: Option<NotificationChange>,
    },
    /// The person asked for one message later.
    OneTimeChosen {
        /// The token for sending it.
        token: Box<str>,
        /// The payload of the request.
        payload: Box<str>,
    },
    SurveyAnswered(Box<SurveyAnswer>),
    /// The person looked at the code of a coupon.
    CouponOpened {
        payload: Option<Box<str>>,
        code: Option<Box<str>>,
    },
    /// The person's account at the business was linked or unlinked.
    AccountLinked {
        /// The authorization code of the business; `None` if the account was unlinked.
        code: Option<Box<str>>,
    },
    /// Something changed on the page, outside of Messenger.
    Change(Box<PageChange>),
}

/// The answer to a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyAnswer {
    pub question: Box<str>,
    /// `csat`, `nps`, `ces` or `free_form`.
    pub kind: Box<str>,
    /// The score, or the free text if the survey has no score.
    pub payload: Box<str>,
    /// The free text beside the score.
    pub follow_up: Option<Box<str>>,
}

/// A change of an opt-in to notification messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationChange {
    Stops,
    Resumes,
}

/// The result of a lead-generation ad's questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    pub ad: AdKey,
    /// True if every question was answered and no answer disqualified the person.
    pub complete: bool,
    /// Questions and answers, as far as the person got.
    pub answers: Vec<(Box<str>, Box<str>)>,
}

impl WebhookPayload {
    /// The field of the platform's object that an app must subscribe to get this event.
    pub fn field_on(&self, platform: Platform) -> Field {
        match (self, self.page_field(), platform) {
            // Echoes stand inside of `messages` there.
            (Self::Echo(_), ..) if platform == Platform::Instagram => Field::Messages,
            (_, Field::MessageReads, Platform::Instagram) => Field::MessagingSeen,
            (_, Field::MessageEdits, Platform::Instagram) => Field::MessageEdit,
            (_, Field::MessagingReferrals, Platform::Instagram) => Field::MessagingReferral,
            (_, Field::MessagingHandovers, Platform::Instagram) => Field::MessagingHandover,
            (_, field, _) => field,
        }
    }

    /// The message of an echo.
    pub fn echo(&self) -> Option<&Arc<Message>> {
        match self {
            Self::Echo(message) | Self::EchoInOwnField(message) => Some(message),
            _ => None,
        }
    }

    /// True for what accompanies a new message on Instagram and says nothing.
    pub fn is_shadow(&self) -> bool {
        matches!(self, Self::Edited { text: None, .. })
    }

    fn page_field(&self) -> Field {
        match self {
            Self::Message { .. } | Self::Summary { .. } | Self::CouponOpened { .. } | Self::Unsent { .. } => {
                Field::Messages
            }
            Self::Edited { .. } => Field::MessageEdits,
            Self::SurveyAnswered(_) => Field::MessagingFeedback,
            Self::Echo(_) | Self::EchoInOwnField(_) => Field::MessageEchoes,
            Self::Postback { .. } => Field::MessagingPostbacks,
            Self::Referral(_) | Self::Lead(_) => Field::MessagingReferrals,
            Self::Passed { .. }
            | Self::Taken { .. }
            | Self::Requested { .. }
            | Self::MetadataPassed { .. }
            | Self::RoleChanged { .. } => Field::MessagingHandovers,
            Self::Delivered { .. } => Field::MessageDeliveries,
            Self::Read { .. } => Field::MessageReads,
            Self::Reacted { .. } => Field::MessageReactions,
            Self::OptedIn { .. } | Self::NotificationsChosen { .. } | Self::OneTimeChosen { .. } => {
                Field::MessagingOptins
            }
            Self::AccountLinked { .. } => Field::MessagingAccountLinking,
            Self::Change(change) => change.field(),
        }
    }
}

/// The decision whether one app gets the webhook of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverDecision {
    pub app: AppKey,
    /// The rule behind the decision. If a part of the event is hidden from the app, the rule that hides it.
    pub rule: RuleId,
    pub decision: Decision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The app gets the webhook on this channel.
    Deliver(Channel, Visibility),
    /// The app gets no webhook. It would have been on this channel.
    Withhold(Channel),
}

/// The list of the webhook entry that contains the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Messaging,
    Standby,
    Changes,
    /// A change that stands in the entry itself, without a list.
    Entry,
}

impl Channel {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Messaging => "messaging",
            Self::Standby => "standby",
            Self::Changes | Self::Entry => "changes",
        }
    }
}

/// The parts of a webhook event that an app can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visibility {
    pub payload: bool,
    /// `mid` and `title` of a postback.
    pub details: bool,
    /// The referral inside of a message or a postback.
    pub referral: bool,
}

impl ReceiverDecision {
    /// The field by which scenarios name the webhook: `standby` on the standby channel.
    pub fn field(&self, event: &WebhookEvent) -> Field {
        match self.decision {
            Decision::Deliver(Channel::Standby, _) | Decision::Withhold(Channel::Standby) => Field::Standby,
            _ => event.field(),
        }
    }
}
