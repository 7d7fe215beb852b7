//! Domain room: everything that can happen in a world, each with the rule behind it. Everyone may enter.

use std::sync::Arc;

use super::model::deliveries::WebhookId;
use super::model::fields::Field;
use super::model::ids::{AdKey, AppKey, PageKey, ThreadKey};
use super::model::message::{Message, Referral};
use super::model::notification_subscription::NotificationSubscription;
use super::model::time::Moment;
use super::rules::RuleId;
use crate::domain::model::access::Role;
use crate::domain::model::message::Reaction;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// Meta tells apps of something (or withholds it from them).
    WebhookEvent(Arc<WebhookEvent>),
    /// A person entered a thread and was routed: to this app, or to nobody in particular.
    Routed {
        /// The thread.
        thread: ThreadKey,
        /// The app that has the thread now.
        app: Option<AppKey>,
        /// Why.
        rule: RuleId,
    },
    /// A thread changed its owner.
    OwnerChanged {
        /// The thread.
        thread: ThreadKey,
        /// The owner before.
        from: Option<AppKey>,
        /// The owner after.
        to: Option<AppKey>,
        /// The rule by which the owner before had it.
        was: RuleId,
        /// When; an idle release is dated at the moment when control lapsed.
        at: Moment,
        /// Why.
        rule: RuleId,
    },
    /// The messaging window of a thread opened, or opened anew.
    WindowOpened {
        /// The thread.
        thread: ThreadKey,
        /// Why.
        rule: RuleId,
    },
    /// The owner may keep the thread until later than before.
    ControlKept {
        /// The thread.
        thread: ThreadKey,
        /// The owner.
        owner: AppKey,
        /// The moment at which control lapses now.
        until: Moment,
        /// Why.
        rule: RuleId,
    },
    /// An app was allowed to do something.
    Allowed {
        /// The thread.
        thread: ThreadKey,
        /// The app.
        app: AppKey,
        /// Why.
        rule: RuleId,
    },
    /// The person sees a message of which no app is told.
    Shown {
        /// The message.
        message: Arc<Message>,
        /// Why.
        rule: RuleId,
    },
    /// A setting changed.
    SettingChanged {
        /// The page, where it is the page's.
        page: Option<PageKey>,
        /// The app that it concerns.
        app: Option<AppKey>,
        /// What it is now, in words.
        what: Box<str>,
        /// Why that is possible.
        rule: RuleId,
    },
    /// Something became of a webhook that an app did not take at once.
    Delivery {
        /// The page.
        page: PageKey,
        /// The app.
        app: AppKey,
        /// What.
        news: DeliveryState,
        /// Why.
        rule: RuleId,
    },
    /// Something that is legal but surely not meant.
    Warning {
        /// The app that should know.
        app: AppKey,
        /// What it should know.
        text: Box<str>,
        /// The rule that surprises.
        rule: RuleId,
    },
}

/// What became of a webhook that an app did not take at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryState {
    /// It waits.
    Waits {
        /// The webhook.
        webhook: WebhookId,
        /// When it is sent.
        until: Moment,
    },
    /// It is sent now.
    Sent {
        /// The webhook.
        webhook: WebhookId,
    },
    /// They are not sent any more.
    GivenUp {
        /// The webhooks.
        webhooks: Vec<WebhookId>,
    },
    /// The app took a webhook, and fails no longer.
    Recovered {
        /// Since when it had failed.
        since: Moment,
    },
    /// The developers of the app are told that it fails.
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

/// What Meta tells apps of.
#[derive(Debug, Clone)]
pub struct WebhookEvent {
    /// Where it happened.
    pub scope: Scope,
    /// `timestamp` of the messaging item.
    pub at: Moment,
    /// Who holds the thread, for `hop_context`.
    pub context: Option<HopContext>,
    /// What it is.
    pub payload: WebhookPayload,
    /// Each connected app, told or not, in the order of their keys.
    pub decisions: Vec<ReceiverDecision>,
}

/// Where a webhook event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In a thread.
    Thread(ThreadKey),
    /// On the page itself: nobody sent it.
    Page(PageKey),
}

impl Scope {
    /// The page.
    pub fn page(self) -> PageKey {
        match self {
            Self::Thread(thread) => thread.page,
            Self::Page(page) => page,
        }
    }

    /// The thread, where it is one.
    pub fn thread(self) -> Option<ThreadKey> {
        match self {
            Self::Thread(thread) => Some(thread),
            Self::Page(_) => None,
        }
    }
}

/// The owner and the text of the last hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HopContext {
    /// The owner.
    pub app: AppKey,
    /// The text, empty if there is none.
    pub metadata: Option<Arc<str>>,
}

/// The kinds of webhook event.
#[derive(Debug, Clone)]
pub enum WebhookPayload {
    /// The person wrote.
    Message {
        /// The message.
        message: Arc<Message>,
        /// How the person came, on the first message after an entry.
        referral: Option<Arc<Referral>>,
    },
    /// The page wrote.
    Echo(Arc<Message>),
    /// The person tapped a button.
    Postback {
        /// Its own message id.
        mid: Box<str>,
        /// The label.
        title: Box<str>,
        /// The payload, for the app that sent the button.
        payload: Box<str>,
        /// How the person came, on the first tap after an entry.
        referral: Option<Arc<Referral>>,
    },
    /// The person entered an existing thread by an ad or a link.
    Referral(Arc<Referral>),
    /// The questions of a lead-generation ad ended.
    Lead(Lead),
    /// What the person answered to a lead-generation ad, as if they had written it. Nobody sees it in the thread.
    Summary {
        /// Its own message id.
        mid: Box<str>,
        /// Questions and answers.
        text: Box<str>,
    },
    /// Control was passed.
    Passed {
        /// The owner before, where an app held the thread.
        previous: Option<AppKey>,
        /// The owner after.
        new: AppKey,
        /// The text.
        metadata: Option<Arc<str>>,
    },
    /// Control was taken.
    Taken {
        /// The owner before.
        previous: AppKey,
        /// The owner after.
        new: AppKey,
        /// The text.
        metadata: Option<Arc<str>>,
    },
    /// Control was asked for.
    Requested {
        /// Who asks.
        by: AppKey,
        /// The text.
        metadata: Option<Arc<str>>,
    },
    /// Text was passed to an app without control.
    MetadataPassed {
        /// The text.
        metadata: Option<Arc<str>>,
    },
    /// An app's role on the page changed.
    RoleChanged {
        /// The app.
        app: AppKey,
        /// What it is now.
        role: Role,
    },
    /// Messages reached the person.
    Delivered {
        /// Which.
        mids: Vec<Box<str>>,
        /// Everything up to here.
        watermark: Moment,
    },
    /// The person read.
    Read {
        /// Everything up to here.
        watermark: Moment,
    },
    /// The person reacted to a message, or took it back.
    Reacted {
        /// The message.
        mid: Box<str>,
        /// The reaction, `None` when it was taken back.
        reaction: Option<Reaction>,
    },
    /// The person ticked the checkbox of a website: who it was is not told.
    OptedIn {
        /// The website's name for the checkbox.
        user_ref: Box<str>,
        /// What the website passes through.
        reference: Option<Box<str>>,
    },
    /// The person opted in to notification messages about a topic, or changed their mind about it.
    NotificationsChosen {
        /// The token by which they are sent.
        token: Box<str>,
        /// What the person has chosen.
        subscription: Arc<NotificationSubscription>,
        /// Whether they stopped or resumed them.
        change: Option<NotificationChange>,
    },
    /// The person asked for one message later.
    OneTimeChosen {
        /// The token by which it is sent.
        token: Box<str>,
        /// What the page gave with the request.
        payload: Box<str>,
    },
    /// The person filled in a survey.
    SurveyAnswered(Box<SurveyAnswer>),
    /// The person looked at the code of a coupon.
    CouponOpened {
        /// What the app gave with the coupon.
        payload: Option<Box<str>>,
        /// The code.
        code: Option<Box<str>>,
    },
    /// The person's account at the business was linked, or no longer is.
    AccountLinked {
        /// The code of the business; `None` when the linking ended.
        code: Option<Box<str>>,
    },
}

/// A survey, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyAnswer {
    /// The id of the question.
    pub question: Box<str>,
    /// `csat`, `nps`, `ces` or `free_form`.
    pub kind: Box<str>,
    /// The score, or the person's own words where no score is asked for.
    pub payload: Box<str>,
    /// What the person wrote beside the score.
    pub follow_up: Option<Box<str>>,
}

/// What a person changes about notification messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationChange {
    /// No more of them.
    Stops,
    /// Again.
    Resumes,
}

/// How the questions of a lead-generation ad ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The ad.
    pub ad: AdKey,
    /// Whether every question was answered by somebody who is a lead.
    pub complete: bool,
    /// Questions and answers, as far as it came.
    pub answers: Vec<(Box<str>, Box<str>)>,
}

impl WebhookPayload {
    /// The field by which an app subscribes it.
    pub fn field(&self) -> Field {
        match self {
            Self::Message { .. } | Self::Summary { .. } | Self::CouponOpened { .. } => Field::Messages,
            Self::SurveyAnswered(_) => Field::MessagingFeedback,
            Self::Echo(_) => Field::MessageEchoes,
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
        }
    }
}

/// What became of a webhook event for one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverDecision {
    /// The app.
    pub app: AppKey,
    /// The rule that decided; where the app sees less than there was, the rule that took it away.
    pub rule: RuleId,
    /// Told, and how; or withheld.
    pub decision: Decision,
}

/// Told or withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Told on this channel.
    Deliver(Channel, Visibility),
    /// Withheld; it would have gone there.
    Withhold(Channel),
}

/// Where in the entry the item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// `entry[].messaging`.
    Messaging,
    /// `entry[].standby`.
    Standby,
}

/// What of the webhook event this app may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visibility {
    /// The payload of a postback.
    pub payload: bool,
    /// `mid` and `title` of a postback.
    pub details: bool,
    /// The referral inside a message.
    pub referral: bool,
}

impl ReceiverDecision {
    /// The field under which a scenario finds the webhook: `standby` on the standby channel.
    pub fn field(&self, payload: &WebhookPayload) -> Field {
        match self.decision {
            Decision::Deliver(Channel::Standby, _) | Decision::Withhold(Channel::Standby) => Field::Standby,
            _ => payload.field(),
        }
    }
}
