//! The table of rules. Every event, every withheld webhook and every refusal names one of them by id, and users read the sentences.
//! A test fails for a rule without a scenario that exercises it. To add a rule, add a row, use its constant and write a scenario.

use std::fmt;
use std::num::NonZeroU16;

use super::model::generations::Generations;

/// The kind of source of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Meta's documents say so.
    Documented,
    /// Third parties recorded it on the wire.
    Observed,
    /// Our judgement where no source says it; the source column names what it rests on.
    Inferred,
}

impl Basis {
    /// The word for users.
    pub fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
        }
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// The stable id that scenarios and reports write.
    pub id: &'static str,
    /// The rule in one sentence.
    pub statement: &'static str,
    /// The generations of Meta's rules under which it can apply.
    pub under: Generations,
    /// The kind of its source.
    pub basis: Basis,
    /// The document and the section in it.
    pub source: &'static str,
}

/// A reference to a row of the table: its number, counted from one, so that an `Option<RuleId>` takes no more room than a `RuleId`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(NonZeroU16);

impl RuleId {
    const fn at(index: u16) -> Self {
        Self(NonZeroU16::MIN.saturating_add(index))
    }

    pub fn rule(self) -> &'static Rule {
        &RULES[self.0.get() as usize - 1]
    }

    /// The rule with this id.
    pub fn parse(id: &str) -> Option<RuleId> {
        RULES.iter().position(|rule| rule.id == id).map(|index| RuleId::at(index as u16))
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.rule().id)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.rule().id)
    }
}

macro_rules! rules {
    ($($name:ident = $id:literal, $under:ident, $basis:ident, $source:literal, $statement:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum RuleIndex { $($name),* }

        $(
            #[doc = $statement]
            pub const $name: RuleId = RuleId::at(RuleIndex::$name as u16);
        )*

        /// Every rule, in the order in which users see them listed.
        pub static RULES: &[Rule] = &[$(
            Rule {
                id: $id,
                statement: $statement,
                under: Generations::$under,
                basis: Basis::$basis,
                source: $source,
            }
        ),*];
    };
}

rules! {
    // Routing.
    ORGANIC_TO_DEFAULT = "routing.organic.default_app", ROUTING, Documented, "Conversation Routing: entry points",
        "A person who enters without an ad, when no route is set, is routed to the default app.";
    SOCIAL_TO_APP = "routing.social.app", ROUTING, Documented, "Conversation Routing: Social/organic Routing",
        "A person who enters an idle thread (no message in the last 24 hours) is routed to the app of the social route.";
    GET_STARTED_TO_SOCIAL = "routing.social.get_started", ROUTING, Documented, "Conversation Routing: Social/organic Routing",
        "A tap on Get Started gives the thread to the app of the social route, no matter which app held it.";
    AD_TO_MARKETING_APP = "routing.ad.marketing_app", NOT_HANDOVER, Documented, "Conversation Routing: Marketing app",
        "A tap on a Click-to-Message ad gives the thread to the app that the ad names as receiving_app_id. That this is so while another app has control is inferred.";
    AD_WITHOUT_APP = "routing.ad.no_receiving_app", ROUTING, Inferred, "Conversation Routing: Marketing app, by analogy",
        "A tap on an ad that names no receiving app is routed to the default app.";
    LINK_TO_APP = "routing.link.app", ROUTING, Documented, "Conversation Routing: Link Routing",
        "On a page with a default app, a person who opens an m.me link with a route is routed to the app of that route.";
    ACTIVE_KEEPS_OWNER = "routing.active.owner_kept", ALL, Inferred, "Messenger docs 2025: Conversation Control, subsequent messages",
        "A message into a thread that an app holds does not change the owner and restarts its 24 hours.";
    IDLE_WITHOUT_DEFAULT_APP = "routing.none.everybody", ZERO_CONFIG, Documented, "Messenger docs 2025: pages without a default app",
        "On a page without a default app no app owns an idle thread: every connected app gets the person's messages and may reply.";
    PRIMARY_GETS_IDLE = "routing.idle.primary", HANDOVER, Documented, "Handover Protocol: Idle Mode",
        "A person who writes into an idle thread, or enters it by an ad or a link, is routed to the primary receiver, if the page has one. No app gets a webhook about this.";
    IDLE_THREAD = "routing.idle.nobody", HANDOVER, Documented, "Handover Protocol: Idle Mode",
        "A thread that no app holds is idle: any app may send into it or take it, and without a primary receiver every app gets the person's messages.";
    LEAD_FLOW = "routing.ad.lead_flow", ALL, Documented, "Messenger docs: Lead Generation Ads in Messenger",
        "A tap on a lead-generation ad gives the thread to Messenger's own lead app (413038776280800), which asks the ad's questions. No app gets a webhook before the person answers.";
    DEFAULT_APP_SET = "routing.default_app.set", ALL, Documented, "Conversation Routing: Assign a Default App",
        "The page's settings name its default app, which takes over every thread that no app holds.";
    INBOX_IS_AN_APP = "routing.inbox.default_app", ALL, Documented, "Conversation Routing: Meta Business Suite Inbox Support",
        "The Business Suite inbox is an app of every page and account and can be its default app.";
    ROUTE_SET = "routing.route.set", ALL, Documented, "Conversation Routing: Entrypoint Routing",
        "Link routes and the social route are set in the page's settings and hold from then on.";
    APP_CONNECTED = "page.app.connected", ALL, Documented, "Conversation Routing: Before You Start",
        "Only a connected app gets webhooks about the threads of a page or account and may act in them. A newly connected app has subscribed to no field.";
    APP_DISCONNECTED = "page.app.disconnected", ALL, Inferred, "Conversation Routing: threads always have an owner",
        "An app that is disconnected loses every thread that it held, and its routes, to the default app. If it was the default app, the page has none.";
    PRIMARY_SET = "role.primary.set", HANDOVER, Documented, "Handover Protocol: Assign App Roles",
        "The page's settings name its primary receiver; every other connected app is a secondary receiver.";

    ATTACHMENT_KEPT = "page.attachment.kept", ALL, Documented, "Messenger docs: Attachment Upload API, saving assets",
        "A reusable attachment belongs to its page, no matter which app saved it, and its id is valid for 90 days.";
    LABELS_KEPT = "page.label.kept", ALL, Documented, "Messenger docs: custom labels",
        "Labels belong to the page: every app of the page sees them, puts them on people and deletes them. A deleted label is removed from everybody.";
    LABEL_NAMED_ONCE = "page.label.refused.same_name", ALL, Inferred, "Messenger docs: custom labels, by their purpose",
        "The labels of a page have different names.";
    PUBLICATION_READ = "page.publication.read", ALL, Documented, "Graph API reference: Post, Comment",
        "With a token of a page, an app reads the posts and comments on the page, for as long as they are there.";
    MODERATED = "page.person.moderated", ALL, Documented, "Graph API reference: Page, moderate_conversations and blocked",
        "Any app of a page may block or ban a person, undo either, and move a conversation to spam.";
    PERSON_IGNORED = "page.person.unheard", ALL, Inferred, "Graph API reference: Page, moderate_conversations, by its purpose",
        "The actions of a person whom the page has blocked or banned reach nobody and change nothing.";

    // Control.
    ALWAYS_AN_OWNER = "control.always_an_owner", ROUTING, Documented, "Conversation Routing: Idle mode",
        "A thread always has an owner: if no app holds it, the default app owns it.";
    IDLE_RELEASE = "control.idle.default_app", ROUTING, Documented, "Conversation Routing: Idle conversations",
        "If the person has sent nothing for 24 hours, control goes back to the default app. No app gets a webhook. Since 2025 an action that gives control restarts the 24 hours.";
    IDLE_TO_NOBODY = "control.idle.nobody", NO_DEFAULT_APP, Documented, "Handover Protocol: Idle Mode; Messenger docs 2025: pages without a default app",
        "On a page without a default app, a thread in which the person has sent nothing for 24 hours is idle again. No app gets a webhook. An action that gives control restarts the 24 hours.";
    PASS_TO_DEFAULT = "control.pass.default_app", ROUTING, Documented, "Conversation Routing: Thread Control",
        "Passing control without naming an app gives the thread to the default app.";
    PASS_TO_APP = "control.pass.app", ALL, Documented, "Conversation Routing: Using app_id",
        "Passing control to a named app gives the thread to that app.";
    RELEASE_TO_DEFAULT = "control.release.default_app", ROUTING, Documented, "Conversation Routing: Thread Control",
        "Releasing control gives the thread to the default app. No app gets a webhook.";
    RELEASE_TO_NOBODY = "control.release.nobody", NO_DEFAULT_APP, Documented, "Messenger docs 2025: release_thread_control",
        "On a page without a default app, releasing control leaves the thread idle. No app gets a webhook.";
    CONTROL_TYPE_DEFAULTS_TO_RELEASE = "control.type.defaults_to_release", ROUTING, Documented, "Conversation Routing: Using app_id",
        "thread_control without control_type releases control, even if app_id names an app.";
    TOGGLE_TAKES = "control.toggle.send_takes", ROUTING, Documented, "Conversation Routing: Configure apps to take over conversations",
        "An app with the take-control toggle on may send into a thread that it does not own, and gets control by this.";
    TOGGLE_SET = "control.toggle.set", ALL, Documented, "Conversation Routing: Configure apps to take over conversations",
        "A toggle of its connection to the page decides if an app may take control by sending.";
    INBOX_TAKES = "control.inbox.takes", NOT_HANDOVER, Documented, "Conversation Routing: Meta Business Suite Inbox Support",
        "A reply from the inbox, or moving the thread to Main, gives control to the inbox. On a page without a default app this is so only if an app owns the thread.";
    INBOX_LEAVES_IDLE = "control.inbox.leaves_idle", ZERO_CONFIG, Documented, "Messenger docs 2025: pages without a default app",
        "On a page without a default app, a reply from the inbox, or moving the thread to Main, leaves an idle thread idle: every app may go on to answer.";
    INBOX_HOLDS_IDLE = "control.inbox.holds_idle", ZERO_CONFIG, Observed, "A page without a default app, recorded: an app is refused after a reply from the inbox; knob inbox_reply",
        "With the knob inbox_reply: holds, a reply from the inbox in an idle thread gives it to the inbox until the person writes again.";
    NATIVE_REPLY_TAKES = "instagram.control.native_app", NOT_HANDOVER, Observed, "recorded: sends are refused after a reply typed in the Instagram app; knob native_owner",
        "A reply that somebody types in the Instagram app gives the thread to that app, an owner that no call can name. No app gets a webhook about control, and every app is refused.";
    NATIVE_REPLY_KEEPS = "instagram.control.native_app_ignored", NOT_HANDOVER, Inferred, "knob native_owner",
        "With the knob native_owner: never, a reply that somebody types in the Instagram app leaves the owner as it is.";
    NATIVE_APP_YIELDS = "instagram.control.native_app_yields", NOT_HANDOVER, Observed, "recorded: apps may send again after the person's next message; knob native_owner",
        "The Instagram app loses the thread when the person writes or taps. The thread then goes where a thread goes that no app holds.";
    INBOX_DONE = "control.inbox.done_releases", NOT_HANDOVER, Inferred, "Handover Protocol inbox (observed 2019), by analogy",
        "Moving a thread to Done releases it when the inbox owns it, and does nothing otherwise.";
    PASS_WHEN_IDLE = "control.idle.pass", HANDOVER_OR_2025, Documented, "Messenger docs 2025: pass_thread_control",
        "Under the Handover Protocol, and since 2025 also with a default app, any connected app may pass a thread that no app holds.";
    TAKE_BY_TOGGLE = "control.take.toggle", ROUTING_2025, Documented, "Messenger docs 2025: take_thread_control",
        "Since 2025 an app with the take-control toggle on may take control on a page with a default app. Taking an idle thread sends no webhook.";
    AD_WINDOW = "control.ad.window", SINCE_2025, Documented, "Messenger docs 2025: receiving_app_control_expiration",
        "Since 2025 an ad can say for how many days (1 to 30) its app keeps the thread after the person's last message. Any other number means 1.";
    PASS_WHEN_UNOWNED = "control.none.pass", ZERO_CONFIG, Documented, "Messenger docs 2025: pages without a default app",
        "On a page without a default app, any connected app may pass an idle thread to any connected app, even to itself.";
    REQUEST_GRANTED = "control.none.request_granted", NO_DEFAULT_APP, Documented, "Messenger docs 2025: request_thread_control",
        "On a page with neither default app nor primary receiver, a request for an idle thread gives control to the first app that asks.";
    REQUEST_FORWARDED = "control.none.request_forwarded", NO_DEFAULT_APP, Documented, "Messenger docs 2025: request_thread_control",
        "On a page with neither default app nor primary receiver, a request for an owned thread is sent to its owner. The owner stays the same.";
    EXTENDED = "control.extended", NOT_2023, Documented, "Messenger docs 2025: extend_thread_control",
        "The owner may extend its control to at most 7 days from now (not under the rules of 2023).";

    CONTROL_IGNORED = "control.none.thread_control_ignored", NO_DEFAULT_APP, Documented, "Messenger docs 2025: Send API, thread_control",
        "Without a default app, thread_control of the Send API is ignored.";
    TAKE_BY_PRIMARY = "control.take.primary", HANDOVER, Documented, "Handover Protocol: Take Control",
        "The primary receiver may take control at any time.";
    TAKE_WHEN_IDLE = "control.take.idle", HANDOVER, Documented, "Handover Protocol: Take Control",
        "Any app may take an idle thread. No app gets a webhook.";
    PASS_TO_PRIMARY = "control.pass.primary", HANDOVER, Documented, "Handover Protocol: Pass Thread Control",
        "A secondary receiver passes control to the primary receiver, no matter which target it names.";
    REQUEST_TO_PRIMARY = "control.request.primary", HANDOVER, Documented, "Handover Protocol: Request Control",
        "A secondary receiver's request is sent to the primary receiver. The owner stays the same.";
    METADATA_PASSED = "control.metadata.passed", HANDOVER, Observed, "Handover Protocol: Pass Metadata; the event's name is recorded, its shape is not",
        "pass_thread_metadata sends the text to the target app. The owner stays the same.";
    INBOX_ASKS = "control.inbox.asks", HANDOVER, Observed, "Handover Protocol inbox (recorded 2019)",
        "Moving a thread to Main requests control without metadata; an idle thread is taken at once.";
    INBOX_PASSES = "control.inbox.done_passes", HANDOVER, Observed, "Handover Protocol inbox (recorded 2019)",
        "Moving a thread of the inbox to Done passes it to the primary receiver with the metadata \"Pass thread control from Page Inbox\". Without a primary receiver the thread is released.";
    LEAD_ENDS = "control.lead.ends", ALL, Documented, "Messenger docs: Messenger Lead Generation Ads",
        "When the questions end, control goes to the ad's app with the metadata messenger_lead_gen_complete or messenger_lead_gen_incomplete. If the ad has no app, control goes to the primary receiver or is released.";
    LEAD_UNANSWERED = "control.lead.unanswered", ALL, Documented, "Messenger docs: Lead Generation Ads: no action, no webhooks",
        "If a person who has not answered stays silent or enters elsewhere, the ad releases control. No app gets a webhook.";
    LEAD_KEYWORD = "control.lead.stop_keyword", ALL, Documented, "Messenger docs: Lead Generation Ads, stop keywords",
        "A stop keyword of the ad ends the questions and releases control. Its message is sent to apps like any other.";
    LEAD_INBOX = "control.lead.inbox", ALL, Documented, "Messenger docs: Messenger Lead Generation Ads",
        "The inbox may take over a thread and reply at any time while a lead-generation ad asks its questions.";
    LEAD_INTERRUPTED = "control.lead.interrupted", ALL, Documented, "Messenger docs: Lead Generation Ads, optional settings",
        "An app that the ad allows to interrupt takes control by sending or taking. The lead then counts as incomplete.";

    // Who gets which webhook.
    WEBHOOK_TO_OWNER = "webhook.owner", ALL, Documented, "Messenger docs: standby channel",
        "The owner of a thread gets its events on the messaging channel.";
    WEBHOOK_ON_STANDBY = "webhook.standby", ALL, Documented, "Messenger docs: standby channel",
        "Every other connected app gets the events of a thread on the standby channel.";
    INSTAGRAM_PAGE_NOT_SUBSCRIBED = "instagram.webhook.page_not_subscribed", ALL, Observed, "fbsamples/original-coast-clothing-ig; Instagram webhooks setup (2026-10-20)",
        "An app with Facebook Login gets webhooks of an Instagram account only while it subscribes any field on the linked page.";
    WEBHOOK_OPT_IN = "webhook.notification_opt_in", ALL, Documented, "Messenger changelog: October 17, 2022",
        "Every app of the page gets a webhook when a person opts in to notification messages, stops them or resumes them. This opens no window.";
    WEBHOOK_TO_EVERYBODY = "webhook.everybody", NO_DEFAULT_APP, Documented, "Messenger docs 2025: pages without a default app",
        "While no app owns the thread, every connected app gets its events on the messaging channel.";
    WEBHOOK_TO_BUTTON_SENDER = "webhook.postback.button_sender", ALL, Documented, "Messenger docs: standby channel, messaging_postbacks",
        "The app that sent a button gets the complete postback on the messaging channel, even if it is not the owner.";
    PAYLOAD_TO_SENDER_ONLY = "webhook.postback.payload_to_sender_only", ALL, Documented, "Messenger docs: messaging_postbacks",
        "Only the app that sent a button gets its payload.";
    WEBHOOK_TO_PROFILE_SETTER = "webhook.postback.profile_setter", ALL, Inferred, "Messenger docs: standby channel, messaging_postbacks, as with the buttons of a message",
        "The app that set Get Started, the persistent menu or an ice breaker of the page gets the complete postback of a tap on it on the messaging channel, even if it is not the owner.";
    PAYLOAD_TO_SETTER_ONLY = "webhook.postback.payload_to_setter_only", ALL, Inferred, "Messenger docs: messaging_postbacks, as with the buttons of a message",
        "Only the app that set Get Started, the persistent menu or an ice breaker of the page gets its payload.";
    WEBHOOK_TO_CAUSER = "webhook.causer", ALL, Inferred, "Messenger docs: account linking and opt-ins, by their purpose",
        "The owner of the thread, and the app whose button or request led to it, get the webhook of an account linking or an opt-in.";
    STANDBY_NOT_LISTED = "webhook.standby.not_listed", ALL, Documented, "Messenger docs: standby channel, supported events",
        "Account linkings and opt-ins are not sent on the standby channel.";
    REFERRAL_NEEDS_FIELD = "webhook.referral.needs_field", ALL, Documented, "Messenger docs: messages",
        "A message carries its referral only for apps that also subscribe messaging_referrals.";
    WEBHOOK_TO_NEW_OWNER = "webhook.handover.new_owner", ALL, Documented, "Conversation Routing: Webhooks Notifications",
        "When control is passed, only the new owner gets a webhook.";
    WEBHOOK_TO_ROUTED_APP = "webhook.handover.routed_app", NOT_HANDOVER, Documented, "Conversation Routing: Webhooks Notifications",
        "An app that gets a thread by an ad gets a messaging_handovers webhook.";
    WEBHOOK_TO_LINKED_APP = "webhook.handover.linked_app", ROUTING, Inferred, "Conversation Routing: Webhooks Notifications, by analogy with ads",
        "An app that gets a thread by a routed link gets a messaging_handovers webhook.";
    WEBHOOK_TO_PREVIOUS_OWNER = "webhook.handover.previous_owner", ALL, Inferred, "Messenger docs 2025: take_thread_control, by analogy",
        "An app that loses a thread because another app takes it gets a messaging_handovers webhook.";
    WEBHOOK_ROLE_CHANGE = "webhook.role_change", HANDOVER, Documented, "Messenger docs: messaging_handovers, app_roles",
        "An app whose role changes gets a webhook with app_roles, an event without a sender.";
    WEBHOOK_LEAD_REFERRAL = "webhook.referral.lead", ALL, Documented, "Messenger docs: Lead Generation Ads, referral webhook",
        "Every app that subscribes messaging_referrals gets a webhook at the end of a lead-generation ad, with the answers and a timestamp in seconds.";
    WEBHOOK_LEAD_SUMMARY = "webhook.lead.summary", ALL, Documented, "Messenger docs: Lead Generation Ads, summary message",
        "The ad's app gets a completed lead once more as a message of the person that nobody sees in the thread, unless the ad turns that off.";
    WEBHOOK_CHANGE = "webhook.change", ALL, Documented, "Webhooks docs: Page, feed and mention; recorded webhooks of both",
        "A change on the page (a comment, a post, a reaction, a mention, the review of a template) reaches every app that subscribes its field, in changes of the entry, no matter which app owns a thread. Its times are seconds.";
    WEBHOOK_TEST = "webhook.test", ALL, Observed, "recorded presses of the Test button: messenger-platform-samples #114, bottender #138",
        "The Test button of a field in the dashboard sends an example to the app, in changes of an entry with the id 0, also for fields that otherwise come in messaging. The subscription on the page does not matter.";
    WEBHOOK_TO_INTERRUPTER = "webhook.lead.interrupter", ALL, Documented, "Messenger docs: Lead Generation Ads, optional settings",
        "While a lead-generation ad asks its questions, an app that may interrupt gets the person's messages on the messaging channel.";
    LEAD_WITHHELD = "webhook.withheld.lead_flow", ALL, Documented, "Messenger docs: Lead Generation Ads, FAQ",
        "While a lead-generation ad asks its questions, no app gets the events of the thread, except one that may interrupt.";
    WEBHOOK_HANDOVER_SUBSCRIBED = "webhook.handover.subscribed", ALL, Inferred, "Messenger docs 2025: any apps subscribed; knob handover_fanout",
        "With the knob handover_fanout: subscribed, every app that subscribes messaging_handovers gets a webhook when control is passed or taken.";
    STANDBY_WITHOUT_REFERRAL = "webhook.withheld.standby_referral", ALL, Inferred, "knob standby_referral",
        "With the knob standby_referral: false, no event on standby carries a referral.";
    NOT_SUBSCRIBED = "webhook.withheld.field_not_subscribed", ALL, Documented, "Messenger docs: webhooks",
        "An app gets no webhooks of a field that it has not subscribed on the page.";
    APP_NOT_SUBSCRIBED = "webhook.withheld.app_not_subscribed", ALL, Documented, "Graph API docs: subscriptions",
        "An app gets no webhooks of a field that its own app-level subscription lacks.";
    STANDBY_TOGGLE_OFF = "webhook.withheld.standby_toggle_off", ALL, Documented, "Conversation Routing: Standby Webhook Controls",
        "An app whose standby toggle is off gets no webhooks about threads that it does not own.";
    STANDBY_TOGGLE_SET = "standby.toggle.set", ALL, Documented, "Conversation Routing: Standby Webhook Controls",
        "A toggle of its connection to the page decides if an app gets webhooks about threads that it does not own.";
    STANDBY_AUTOMATIC = "standby.first_default_app", ALL, Documented, "Conversation Routing: Standby Webhook Controls",
        "The first assignment of a default app subscribes every connected app to standby.";
    SUBSCRIPTION_SET = "webhook.subscription.set", ALL, Documented, "Messenger docs: webhooks, subscribed_apps",
        "An app's subscription on a page is the list of fields of its last call.";
    SUBSCRIPTION_READ = "webhook.subscription.read", ALL, Documented, "Graph API reference: Page Subscribed Apps, reading",
        "An app that reads the subscribed apps of a page sees itself, and no other app.";
    APP_SUBSCRIPTION_SET = "webhook.app_subscription.set", ALL, Documented, "Graph API docs: subscriptions",
        "A call adds the fields that it names to the app-level subscription. Fields are removed by name or all at once.";
    WEBHOOK_NEEDS_ROLE = "webhook.withheld.development_mode", ALL, Documented, "Messenger docs: webhooks, app modes",
        "An app in development gets webhooks only about people who have a role on it.";
    LINK_NEW_THREAD = "entry.link.new_thread", ALL, Documented, "Messenger docs: messaging_referrals, m.me links",
        "If a person opens a link into a thread in which they never wrote, the referral is sent with their first message or tap, not before. After 24 hours it is dropped.";

    // What people send.
    STICKER_SENT = "person.sticker", ALL, Documented, "Messenger docs: messages; changelog: June 1 and August 30, 2026; knob stickers",
        "A sticker is an image with a sticker_id until June 2026, and of type sticker since then. Until August 30, 2026, the image stands beside it.";
    ITEM_SHARED = "person.shared", ALL, Documented, "Messenger docs: messages, attachments; a recorded link beside its payload: knob shared_link",
        "A link that a person shares is an attachment of type fallback. Reels and posts are of type reel, ig_reel, post and ig_post, with title, URL and id.";
    CONTACT_SHARED = "person.contact", ALL, Documented, "Messenger docs: quick replies, user_email and user_phone_number",
        "A tap on the quick reply user_email or user_phone_number sends the person's own address or number as text and as payload.";
    PRIOR_MESSAGE = "person.prior_message", ALL, Documented, "Messenger docs: checkbox plugin, prior_message",
        "The person's first message after a message to a user_ref has prior_message, which names the user_ref.";
    REQUEST_ACCEPTED = "person.message_request", ALL, Inferred, "Messenger docs: customer matching, which has ended; knob message_request",
        "With the knob message_request: accept, the first message of a person has message_request: accept.";
    MESSAGE_EDITED = "person.edit", ALL, Documented, "Messenger docs: message_edits",
        "A person may edit a message 5 times. message_edits has the new text and the number of the edit. That an edit moves no control and opens no window is inferred.";
    MESSAGE_UNSENT = "person.unsend", ALL, Inferred, "Instagram docs: is_deleted; for a page nothing is documented; knob unsend",
        "A message that a person takes back is read as deleted. No app of a page gets a webhook; with the knob unsend: is_deleted, messages says it.";
    AD_SHOWN = "person.ad_context", ALL, Documented, "Messenger docs: messaging_referrals, ads_context_data",
        "The referral of an ad has what the person saw: title, picture, video, post and product.";

    // Delivery of webhooks.
    DELIVERY_RETRY = "delivery.retry", ALL, Inferred, "Messenger docs: webhooks, a few more times at once; Graph API docs: webhooks, with decreasing frequency",
        "A webhook that is not answered with success is sent again after 1, 5, 15 and 60 seconds, then every 5 minutes for an hour, then every hour. New webhooks are still sent at once.";
    DELIVERY_LATE = "delivery.late", ALL, Documented, "Messenger docs: webhooks, timestamp",
        "A webhook can arrive late, and after webhooks of later events: its timestamp says when it happened.";
    DELIVERY_GIVEN_UP = "delivery.given_up", ALL, Documented, "Graph API docs: webhooks, 36 hours",
        "A webhook that the app has not accepted for 36 hours is not sent any more.";
    DELIVERY_UNSUBSCRIBED = "delivery.given_up.unsubscribed", ALL, Inferred, "Messenger docs: webhooks, by the purpose of a subscription",
        "A waiting webhook is not sent to an app that is no longer subscribed.";
    DELIVERY_CROWDED = "delivery.given_up.too_many", ALL, Inferred, "a bound of graphdouble",
        "Only the newest of the webhooks that wait for an app on a page are kept: 1,000 of them unless the world says otherwise.";
    DELIVERY_ALERT = "delivery.alert", ALL, Documented, "Messenger docs: webhooks, alert after 15 minutes",
        "If every webhook to an app has failed for 15 minutes, its developers get an alert.";
    DELIVERY_DISABLED = "delivery.disabled", ALL, Documented, "Messenger docs: webhooks, disabled after 1 hour",
        "If every webhook to an app has failed for an hour, the app is unsubscribed from the page or account and must subscribe again. Waiting webhooks are lost.";
    DELIVERY_RECOVERED = "delivery.recovered", ALL, Inferred, "Messenger docs: webhooks, by the words continuous failure",
        "One accepted webhook ends the failing state of an app. Other waiting webhooks are still sent when they are due.";

    // The messaging window.
    WINDOW_OPENED = "window.opened", ALL, Documented, "Messenger docs: policy overview, standard messaging",
        "A message, a tap, a reaction, or a link into an existing thread opens the messaging window for 24 hours. A tap on an ad alone does not.";
    WINDOW_CLOSED = "window.closed", ALL, Documented, "Messenger docs: policy overview, standard messaging",
        "Outside the 24-hour window an app may not send without a tag.";
    WINDOW_HUMAN_AGENT = "window.human_agent", ALL, Documented, "Messenger docs: Send API, message tags",
        "With the HUMAN_AGENT tag an app may send until 7 days after the person's last message.";
    WINDOW_CUSTOMER_FEEDBACK = "window.customer_feedback", ALL, Documented, "Messenger docs: Customer Feedback Template, 24 hour restriction",
        "With the CUSTOMER_FEEDBACK tag an app may send a customer feedback template until 7 days after the person's last message.";

    // Sending, and the calls that move control.
    SEND_BY_OWNER = "send.owner", ALL, Documented, "Conversation Routing: threads always have an owner",
        "The owner of a thread may send into it.";
    SEND_BY_ANYBODY = "send.anybody", ZERO_CONFIG, Documented, "Messenger docs 2025: pages without a default app",
        "While no app owns the thread, every connected app may send into it. Sending gives no control.";
    SEND_WHEN_IDLE = "send.idle", HANDOVER, Documented, "Handover Protocol: Idle Mode",
        "Any connected app may send into an idle thread. An app gets control by taking it, not by sending.";
    SEND_NOT_OWNER = "send.refused.not_owner", ALL, Documented, "Messenger docs: error 2018300",
        "An app that does not own the thread may not send into it, unless the page has a default app and the app's take-control toggle is on.";
    HUMAN_AGENT_DOES_NOT_TAKE = "send.refused.human_agent_does_not_take", ROUTING, Documented, "Conversation Routing: Human Agent Tag",
        "On a page with a default app the owner may use the HUMAN_AGENT tag, but the tag takes control from no other app, unless the app's take-control toggle is on.";
    LEAD_BLOCKS = "send.refused.lead_flow", ALL, Documented, "Messenger docs: error 2018321",
        "While a lead-generation ad asks its questions, no app may send or take control, unless the ad allows it to interrupt.";
    ACTION_MOVES_NOTHING = "send.action.moves_nothing", ALL, Inferred, "Conversation Routing: Configure apps to take over conversations",
        "An app that may send may also use sender actions. A sender action does not change the owner.";
    ACTION_REACTS = "send.action.reacts", ALL, Inferred, "Messenger docs: sender actions, which forbid none",
        "An app that may send may react to any message of the thread, also to one of its page, and take the reaction back. No webhook says so, and the owner stays.";
    PERSON_UNAVAILABLE = "send.refused.person_unavailable", ALL, Documented, "Messenger docs: error 551",
        "No app can send to a person who has blocked the page or account.";
    SEND_NEEDS_ROLE = "send.refused.development_mode", ALL, Documented, "Messenger docs: error 2018028",
        "An app in development may write only to people who have a role on it.";
    SHUT_OUT = "send.refused.blocked_by_page", ALL, Inferred, "Messenger docs: error 551, by analogy",
        "No app can send to a person whom the page or account has blocked or banned.";
    PASS_NOT_OWNER = "pass.refused.not_owner", ALL, Observed, "production log 2026: pass_thread_control",
        "Only the owner may pass control.";
    PASS_TO_SELF = "pass.refused.to_itself", SINCE_2025, Documented, "Messenger docs 2025: pass_thread_control",
        "The owner may not pass control to itself to keep it longer.";
    PASS_TO_SELF_BEFORE = "pass.refused.to_itself_earlier", BEFORE_2025, Inferred, "Messenger docs 2025: pass_thread_control, by analogy",
        "Under the rules of before 2025, too, pass_thread_control of the owner to itself is refused.";
    PASS_TO_SELF_SENT = "control.pass.to_itself", ROUTING, Inferred, "Conversation Routing: Thread Control, which does not say it",
        "thread_control that passes control to the app that has it already changes nothing. The message is sent, and no app gets a webhook about control.";
    PASS_UNKNOWN_APP = "pass.refused.unknown_app", ALL, Documented, "Messenger docs: error 2018164",
        "Control can only be passed to a connected app.";
    PASS_NEEDS_TARGET = "pass.refused.no_target", HANDOVER, Documented, "Handover Protocol: Pass Thread Control",
        "The primary receiver, and any app on a page without one, must name the app that it passes to. pass_thread_metadata must name the target and the metadata.";
    RELEASE_NOT_OWNER = "release.refused.not_owner", ALL, Documented, "Messenger docs 2025: release_thread_control",
        "Only the owner may release control.";
    PAYLOAD_XOR_APP_ID = "control.refused.payload_with_app_id", ALL, Documented, "Conversation Routing: Using app_id",
        "thread_control takes payload or app_id, but not both. With both, the message is not sent.";
    HANDOVER_DISABLED = "handover.refused.disabled", ROUTING_2023, Documented, "Conversation Routing: Using the Handover Protocol API",
        "With a default app, the calls for taking, requesting and extending control and for passing metadata answer: Handover Protocol APIs disabled for this page.";
    HANDOVER_BLOCKED = "handover.refused.blocked", ALL, Documented, "Conversation Routing: Handover Protocol APIs",
        "When access to the Handover Protocol APIs ends, all of its calls answer as take and request already do on a page with a default app.";
    TAKE_NEEDS_ROUTING = "take.refused.no_default_app", ZERO_CONFIG, Observed, "production log 2026: error 27",
        "Without a default app, no app can take control.";
    TAKE_TOGGLE_OFF = "take.refused.toggle_off", ROUTING_2025, Documented, "Messenger docs 2025: take_thread_control",
        "An app whose take-control toggle is off may not take control.";
    TAKE_BY_OWNER = "take.refused.owner", ROUTING_2025, Documented, "Messenger docs 2025: take_thread_control",
        "The owner may not take the control that it already has, to keep it longer.";
    TAKE_NOT_PRIMARY = "take.refused.not_primary", HANDOVER, Documented, "Handover Protocol: Take Control",
        "While an app owns the thread, only the primary receiver may take it.";
    REQUEST_NEEDS_NO_DEFAULT = "request.refused.default_app", ROUTING_2025, Documented, "Messenger docs 2025: request_thread_control",
        "Since 2025 control can be requested only on a page without a default app.";
    PAYLOAD_FORM_GONE = "control.refused.payload_form", ROUTING_2025, Inferred, "Messenger docs 2025: Send API, thread_control: the form is left out",
        "Since 2025 thread_control has control_type and app_id, and no payload.";
    REQUEST_BY_OWNER = "request.refused.owner", NO_DEFAULT_APP, Documented, "Messenger docs 2025: request_thread_control",
        "The owner cannot request the control that it already has.";
    REQUEST_BY_PRIMARY = "request.refused.primary", HANDOVER, Inferred, "Handover Protocol: Request Control, by its purpose",
        "The primary receiver takes control and cannot request it.";
    EXTEND_NOT_OWNER = "extend.refused.not_owner", NOT_2023, Documented, "Messenger docs 2025: extend_thread_control",
        "Only the owner may extend control.";
    EXTEND_TOO_LONG = "extend.refused.too_long", NOT_2023, Inferred, "Messenger docs 2025: extend_thread_control, up to 7 days",
        "Control cannot be extended beyond 7 days.";
    METADATA_NOT_SUPPORTED = "metadata.refused.no_handover", SINCE_2025, Inferred, "Messenger docs 2025: the edge is gone",
        "Passing thread metadata belongs to the Handover Protocol and is refused on every other page.";
    RECEIVERS_NOT_SUPPORTED = "receivers.refused.no_roles", SINCE_2025, Inferred, "Messenger docs: error 2018171",
        "Only a page with primary and secondary receivers has a list of them.";
    RECEIVER_HIDDEN = "receivers.refused.hidden", HANDOVER, Documented, "Messenger docs: error 2018234",
        "A secondary receiver does not see the other secondary receivers, neither in their list nor as owners.";
    UNKNOWN_MESSAGE = "send.refused.unknown_message", ALL, Inferred, "Messenger docs: Send API, reply_to and reactions",
        "A reply or a reaction of an app must name a message of its thread by id.";
    USER_REF = "recipient.user_ref", ALL, Documented, "Messenger docs: checkbox plugin; Send API, recipient",
        "A user_ref names the person who ticked that checkbox. Ticking it opens the standard window, and no response names the PSID.";
    PRIVATE_REPLY = "recipient.private_reply", ALL, Documented, "Messenger docs: private replies",
        "A comment or a visitor's post can be answered in private without an open window. The reply opens no window, and its response names the PSID.";
    PRIVATE_REPLY_ONCE = "recipient.refused.replied_before", ALL, Observed, "Messenger docs: private replies; recorded error 10900",
        "A comment or a visitor's post can be answered in private once.";
    PRIVATE_REPLY_LATE = "recipient.refused.too_late", ALL, Observed, "Messenger docs: private replies; recorded error 10901",
        "A comment or a visitor's post can be answered in private within 7 days.";
    PRIVATE_REPLY_UNKNOWN = "recipient.refused.unknown_comment", ALL, Observed, "a recorded error 100/2018292",
        "A private reply must name a comment or a visitor's post of the page.";
    INSTAGRAM_PRIVATE_REPLY = "instagram.private_reply", ALL, Documented, "Instagram docs: private replies; who owns the thread is a knob: private_reply_ownership",
        "A comment on Instagram can be answered in private without an open window and no matter which app owns the thread. The reply opens no window, and its response names the IGSID.";
    INSTAGRAM_PRIVATE_REPLY_TAKES = "instagram.private_reply.takes", ALL, Observed, "vendors whose private replies made them owners; knob private_reply_ownership",
        "With the knob private_reply_ownership: takes, the app that answers a comment in private gets control of the thread.";
    INSTAGRAM_PRIVATE_REPLY_ONCE = "instagram.private_reply.refused.replied_before", ALL, Documented, "Instagram docs: private replies; error 2534025; knob private_reply_twice",
        "A comment on Instagram can be answered in private once.";
    INSTAGRAM_PRIVATE_REPLY_LATE = "instagram.private_reply.refused.too_late", ALL, Documented, "Instagram docs: private replies; error 2534025",
        "A comment on Instagram can be answered in private within 7 days.";
    INSTAGRAM_PRIVATE_REPLY_UNKNOWN = "instagram.private_reply.refused.unknown_comment", ALL, Documented, "Instagram docs: error 2534025",
        "A private reply must name a comment on what the account has published.";
    INSTAGRAM_UNKNOWN_PERSON = "instagram.send.refused.unknown_person", ALL, Observed, "Instagram docs: error 2534014; its text is recorded",
        "An IGSID is valid only for the account that it was made for.";
    INSTAGRAM_SEND_BY_ID = "instagram.send.refused.by_id", ALL, Observed, "one report of error 2534037 at /{id}/messages, where /me/messages worked; four clients send there; knob ig_id_sends",
        "With the knob ig_id_sends: refused, an app with Instagram Login sends at /me/messages alone.";
    INSTAGRAM_CONTACT_REPLIES_GONE = "instagram.quick_reply.contact_gone", ALL, Documented, "Instagram changelog: October 5, 2026",
        "Since October 5, 2026, a person on Instagram does not see the quick replies user_phone_number and user_email. A message with them is sent all the same.";
    INSTAGRAM_STALE_REQUEST = "instagram.read.request_gone", ALL, Documented, "Instagram docs: conversations",
        "A message request that the account has not answered for 30 days is no longer among its conversations.";
    INSTAGRAM_RATE = "instagram.send.refused.rate", ALL, Documented, "Instagram docs: overview, rate limits; error 2534040; knob ig_rates",
        "With the knob ig_rates: documented, an account sends at most 100 texts, and 10 messages with audio or video, in a second, and 750 private replies in an hour, or 100 in a second to comments on a broadcast. What is neither audio nor video counts as text.";
    INSTAGRAM_BROADCAST_ENDED = "instagram.broadcast.ended", ALL, Documented, "Instagram docs: private replies",
        "When a live broadcast ends, nobody comments on it any more.";
    INSTAGRAM_PRIVATE_REPLY_LIVE = "instagram.private_reply.refused.broadcast_ended", ALL, Documented, "Instagram docs: private replies; error 2534025",
        "A comment on a live broadcast can be answered in private only while the broadcast lasts.";
    INSTAGRAM_NOTE_TO_SELF = "instagram.note_to_self", ALL, Documented, "Instagram docs: self messaging",
        "A note to self needs no open window. Its webhooks have is_self.";
    INSTAGRAM_NOTE_QUICK_REPLIES = "instagram.note_to_self.refused.quick_replies", ALL, Documented, "Instagram docs: quick replies, which name no error; the error of other message data",
        "A note to self has no quick replies.";
    INSTAGRAM_OWN_POST = "instagram.send.refused.own_post", ALL, Inferred, "Instagram docs: Send API, own posts, which name no error; the error of other message data",
        "MEDIA_SHARE sends a post or a reel that the account has published, and nothing else.";
    HUMAN_AGENT_FEATURE = "send.refused.human_agent_feature", ALL, Documented, "Messenger docs: Send API, message tags; the error is not documented; knob human_agent_refusal",
        "Only an app with the feature Human Agent may use the tag HUMAN_AGENT outside of the 24-hour window.";
    NOTIFICATION = "recipient.notification", ALL, Documented, "Messenger docs: Marketing Messages",
        "A notification_messages_token names the person who opted in and needs no open window: one message in 48 hours, or in 24 hours before September 1, 2025.";
    NOTIFICATION_FOLLOWS = "recipient.notification.follow_up", ALL, Documented, "Messenger docs: Marketing Messages, Opt In Followup Messages",
        "Within 2 minutes of the first message to a person who opted in, two more may follow, of at most 250 characters.";
    NOTIFICATION_TOO_SOON = "recipient.refused.notification_too_soon", ALL, Documented, "Messenger docs: Marketing Messages, cooldown; error 2018354",
        "Between two messages to the same notification_messages_token there is a minimum delay.";
    NOTIFICATIONS_STOPPED = "recipient.refused.notifications_stopped", ALL, Documented, "Messenger docs: error 1893015",
        "While the person has stopped the messages about a topic, no message about it is delivered.";
    NOTIFICATION_EXPIRED = "recipient.refused.notification_expired", ALL, Observed, "a recorded messaging_optins webhook; Messenger docs: error 100",
        "A notification_messages_token without a frequency is valid until 2038.";
    NOTIFICATION_UNKNOWN = "recipient.refused.unknown_notification", ALL, Documented, "Messenger docs: error 100",
        "A notification_messages_token is valid only for the page that it was made for.";
    NOTIFICATION_TESTED = "notification.tested", ALL, Documented, "Messenger docs: Marketing Messages, Test Marketing Messages",
        "notification_messages_dev_support allows another message at once to the token of a person who has a role on the app.";
    NOTIFICATION_TOKENS_READ = "read.notification_tokens", ALL, Documented, "Messenger docs: Marketing Messages, Get a List of Tokens",
        "Every app of a page can read the page's notification message tokens. They belong to no app.";
    OPT_IN_WINDOW = "send.refused.opt_in_window", ALL, Documented, "Messenger docs: Marketing Messages, requirements",
        "A person can be asked to opt in only within the standard window or in a private reply. A tag does not help.";
    OPT_IN_REPEATED = "send.refused.opt_in_repeated", ALL, Documented, "Messenger docs: Marketing Messages, limitations; error 1893016",
        "A person can be asked to opt in to the same topic once a week.";
    ONE_TIME = "recipient.one_time", ALL, Documented, "Messenger docs: One-Time Notification",
        "A one_time_notif_token names the person who asked for that message and needs no open window.";
    ONE_TIME_SPENT = "recipient.refused.one_time_spent", ALL, Inferred, "Messenger docs: One-Time Notification; the error is not documented",
        "A one_time_notif_token is valid for one message, within a year.";
    PHONE_NUMBER = "recipient.refused.phone_number", ALL, Documented, "Messenger docs: customer matching; error 2018027",
        "A phone number names no recipient: customer matching has ended, and no app has the permission for it.";
    UNKNOWN_PERSON = "send.refused.unknown_person", ALL, Documented, "Messenger docs: error 2018001",
        "A PSID is valid only for the page that it was made for.";

    // Messenger profile, message templates and personas.
    PROFILE_SET = "profile.set", ALL, Documented, "Messenger docs: Messenger Profile API",
        "A property of a page's Messenger profile has the value of the last call, no matter which app made it, until it is deleted.";
    USER_MENU_SET = "profile.user_menu.set", ALL, Documented, "Messenger docs: persistent menu, user level",
        "A person to whom an app gave a persistent menu of their own sees it instead of the page's menu.";
    MENU_NEEDS_GET_STARTED = "profile.refused.menu_needs_get_started", ALL, Observed, "Messenger docs: persistent menu, requirements; error 2018145",
        "A page can have a persistent menu only with a Get Started button: the menu cannot be set without the button, and the button cannot be deleted before the menu.";
    MENU_NOT_PRIMARY = "profile.refused.menu_not_primary", ALL, Observed, "jgorset/facebook-messenger issue 276, recorded in 2022; other pages than those with roles are a knob",
        "Only the primary receiver sets the persistent menu of a page with roles. With the knob `menu_setter: default_app`, only the default app sets that of another page.";
    TEMPLATE_SET = "message_template.set", ALL, Documented, "Messenger docs: utility messages; the number is ours",
        "Any app of a page can write and delete its message templates, one for each name and language, at most 1000 of them. Meta reviews each at once.";
    TEMPLATE_UNKNOWN = "message_template.refused.unknown", ALL, Observed, "a recorded error: Template cannot be found",
        "A utility message must name a template of its page, in a language in which Meta has approved it.";
    UTILITY = "send.utility", ALL, Documented, "Messenger docs: utility messages",
        "A utility message is made from a template that Meta has approved. It needs no open window, opens none and does not change the owner.";
    WELCOME_FLOW_SET = "welcome_flow.set", ALL, Documented, "Meta's machine-readable specification: Page and IGUser; the number is ours",
        "Any app of a page makes, changes and deletes its welcome message flows, at most 1000 of them, and so does an app with Instagram Login those of an account.";
    WELCOME_FLOW_UNKNOWN = "welcome_flow.refused.unknown", ALL, Inferred, "the error of other ids",
        "A welcome message flow is valid only where it was made, and only until it is deleted.";
    WELCOME_FLOWS_READ = "welcome_flow.read", ALL, Documented, "Meta's machine-readable specification: Page and IGUser",
        "The welcome message flows of a page or an account can be read on both hosts.";
    PERSONA_SET = "persona.set", ALL, Documented, "Messenger docs: personas; the number is ours",
        "Any app of a page can make and delete its personas, at most 1000 of them. They belong to the page.";
    PERSONA_UNKNOWN = "persona.refused.unknown", ALL, Inferred, "Messenger docs: personas",
        "A persona is valid only for its page, and only until it is deleted.";
    // Account linking.
    ACCOUNT_LINKED = "account.linked", ALL, Documented, "Messenger docs: account linking; messaging_account_linking",
        "A person who taps a Log In button and logs in is linked, and messaging_account_linking carries the authorization_code of the business.";
    ACCOUNT_UNLINKED = "account.unlinked", ALL, Documented, "Messenger docs: account linking; messaging_account_linking",
        "An account is unlinked when the person taps a Log Out button, which sends a webhook, or when an app calls unlink_accounts, which does not.";
    ACCOUNT_NOT_LINKED = "account.refused.not_linked", ALL, Inferred, "Messenger docs: account linking, by its purpose",
        "unlink_accounts needs a person whose account is linked.";
    LINKING_TOKEN = "account.token", ALL, Documented, "Messenger docs: account linking; error 10303",
        "An account_linking_token names the person who opened the login, on the page that sent the button, for 5 minutes.";

    // Tokens and permissions.
    TOKEN_EXPIRED = "token.expired", ALL, Documented, "Facebook Login docs: access tokens; Graph API docs: error 190/463",
        "A token that has expired is refused. The error names the moment at which it expired.";
    TOKEN_ENDED = "token.ended", ALL, Documented, "Facebook Login docs: long-lived tokens; Graph API docs: errors 190/458, 460, 466 and 467",
        "A logout, the end of a session and the removal of an app end the user's tokens for the app, and the page tokens made with them. A changed password ends the user's tokens for every app.";
    TOKEN_ROLE_LOST = "token.role_lost", ALL, Documented, "Graph API docs: error 190/492",
        "When a user loses their role on the page, the page tokens that they made end.";
    TOKEN_ISSUED = "token.issued", ALL, Documented, "Facebook Login docs: long-lived tokens",
        "A login code gives a user token for 2 hours, which can be exchanged for one of 60 days. Page tokens of the latter never expire.";
    CODE_ONCE = "token.refused.code", ALL, Observed, "recorded answers of /oauth/access_token",
        "A login code is valid once, within ten minutes, for the app that it was issued to.";
    PROOF_REQUIRED = "token.refused.no_proof", ALL, Documented, "Graph API docs: secure requests",
        "An app that requires appsecret_proof accepts no call without it.";
    PERMISSION_SET = "permission.set", ALL, Documented, "Facebook Login docs: permissions",
        "An app has the permissions that it was granted and that were not withdrawn since.";
    PERMISSION_MISSING = "permission.refused.missing", ALL, Documented, "Messenger docs: webhooks; Graph API docs: permissions",
        "In a world with strict_permissions, a call needs the permission that Meta asks for.";
    TASK_MISSING = "permission.refused.task", ALL, Documented, "Messenger docs: webhooks, page tasks",
        "In a world with strict_permissions, a page token allows what the tasks of the user who made it allow.";
    PAGE_TOKEN_WITHHELD = "token.page.withheld", ALL, Documented, "Conversation Routing: Before You Start",
        "In a world with strict_permissions, only a user who has the task MANAGE on a page gets a page token of it.";
    APP_MODE = "app.mode.set", ALL, Documented, "Meta app docs: app modes",
        "An app is in development until it is published.";

    // Webhooks of Instagram.
    INSTAGRAM_SHADOW_EDIT = "instagram.message.shadow_edit", ALL, Observed, "event logs of two apps on Instagram; Meta's documents do not name it",
        "On Instagram, each new message of a person also brings a message_edit with num_edit 0 and no text.";
    INSTAGRAM_SEEN = "instagram.message.seen", ALL, Documented, "Instagram docs: webhooks, messaging_seen",
        "On Instagram, a read names the newest message of the account. There is no watermark.";
    INSTAGRAM_UNSENT = "instagram.message.unsent", ALL, Documented, "Instagram docs: webhooks, message deletion",
        "On Instagram, a message that a person takes back brings its id with is_deleted, and no text.";
    INSTAGRAM_UNSUPPORTED = "instagram.message.unsupported", ALL, Observed, "1,148 recorded events of Instagram",
        "A GIF, a sticker, a poll or a shared profile brings is_unsupported, and nothing of the message.";
    INSTAGRAM_BARE_ATTACHMENT = "instagram.message.bare_attachment", ALL, Observed, "Instagram docs: webhooks, ephemeral; recorded like_heart",
        "A photo that can be seen once and a heart are attachments without a payload.";
    INSTAGRAM_SHARED = "instagram.message.shared", ALL, Documented, "Instagram docs: webhooks reference, ig_post and ig_reel; recorded ig_story",
        "What a person shares is an attachment of its kind: ig_post, ig_reel, ig_story, share, or a template without elements.";
    INSTAGRAM_PRODUCT = "instagram.message.product", ALL, Documented, "Instagram docs: webhooks, messages about a product",
        "A message that asks about a product has the product's id in its referral.";
    INSTAGRAM_STORY_REPLY = "instagram.story.reply", ALL, Documented, "Instagram docs: webhooks, story replies",
        "A reply to a story is a message whose reply_to has the id and the URL of the story.";
    INSTAGRAM_STORY_MENTION = "instagram.story.mention", ALL, Documented, "Instagram docs: story mentions",
        "A person who mentions the account in a story sends a message with an attachment story_mention. It opens the window like any message.";
    INSTAGRAM_REACTION = "instagram.reaction.no_window", ALL, Inferred, "Instagram docs: messaging window, which does not list reactions",
        "On Instagram, a reaction opens no messaging window.";
    INSTAGRAM_UNREACT_SILENT = "instagram.reaction.removed", ALL, Observed, "live tests of September 2026; the documents show an event",
        "On Instagram, no app gets a webhook when a person removes a reaction.";
    INSTAGRAM_COMMENT = "instagram.comment", ALL, Documented, "Instagram docs: webhooks, comments and live_comments",
        "A comment on media of the account goes to every app that subscribes the field. It touches no thread and asks no owner, and its id can be answered in private.";
    INSTAGRAM_COMMENT_REMOVED = "instagram.comment.removed", ALL, Inferred, "Instagram docs: webhooks, whose list of fields has none for it",
        "No app gets a webhook when a comment is removed. It can no longer be answered.";
    INSTAGRAM_MENTION = "instagram.mention", ALL, Documented, "Instagram docs: webhooks, mentions",
        "A mention in somebody's caption or comment brings the ids of the media and of the comment, without author and text.";
    INSTAGRAM_MENTION_AS_COMMENT = "instagram.mention.as_comment", ALL, Documented, "Instagram docs: webhook fields, by login; the shape is that of a comment by analogy",
        "An app with Instagram Login gets a mention in a comment as a comment.";
    INSTAGRAM_NOT_BY_LOGIN = "instagram.webhook.not_by_login", ALL, Documented, "Instagram docs: webhook fields, by login",
        "An app with Instagram Login gets no mentions and no story_insights.";
    INSTAGRAM_STANDBY_MESSAGES = "instagram.webhook.standby_messages", ALL, Inferred, "an audit in which 27 of 69 standby items had no message; a switch",
        "With the knob standby_items set to messages, standby has messages and echoes alone.";
    INSTAGRAM_TEST = "instagram.webhook.test", ALL, Observed, "recorded events of the Test button in two clients",
        "The Test button of an Instagram field sends an example of the account 0 in changes, whatever the app subscribes on the account.";
    INSTAGRAM_TEST_FACEBOOK = "instagram.webhook.test_facebook", ALL, Observed, "test factories of a published client",
        "To an app with Facebook Login, the Test button sends the example of a messaging field in messaging.";

    // What can be read.
    ACCOUNTS_READ = "read.accounts", ALL, Documented, "Graph API docs: user accounts",
        "A user's accounts are the pages on which they have tasks, each with a page token of the app. In a world with strict_permissions, an app without pages_show_list sees none.";
    FEATURE_STATUS = "read.feature_status", ALL, Documented, "Conversation Routing: Messaging Feature Status API",
        "messaging_feature_status says with msgr_multi_app if Conversation Routing is on for the page.";
    FEATURE_STATUS_OF_ACCOUNT = "instagram.read.feature_status", ALL, Documented, "Conversation Routing: Messaging Feature Status API, which takes a business id; Meta's machine specs have it on a page alone; knob ig_feature_status",
        "messaging_feature_status of an Instagram account is that of its page. ig_multi_app says if Conversation Routing is on for the account.";
    THREAD_OWNER_READ = "read.thread_owner", NOT_HANDOVER, Documented, "Messenger docs: thread_owner",
        "thread_owner names the owner to the owner and to the default app. Any other app learns only how long the thread is held. While no app has control it names nobody, under the rules of 2023 the default app.";
    RECEIVERS_READ = "read.secondary_receivers", HANDOVER, Documented, "Handover Protocol reference: secondary_receivers",
        "secondary_receivers lists the receivers to the primary receiver, and to every app on a page without one.";
    ROLE_OWNER_READ = "read.thread_owner.role", HANDOVER, Documented, "Handover Protocol reference: thread_owner",
        "thread_owner names the owner to the primary receiver, and to every app on a page without one. A secondary receiver can see only itself and the primary receiver as owner.";
    CONVERSATIONS_READ = "read.conversations", ALL, Documented, "Messenger docs: Conversations API",
        "Every app of a page can read the page's conversations, no matter which app owns them. The one with the newest message or tap comes first.";
    MESSAGE_TAGS = "read.message.tags", ALL, Observed, "recorded answers of the Conversations API",
        "A message that a human wrote in the page's inbox has the tags read, sent and source:web. One that an app sent has sent and source:chat.";
    REACTIONS_READ = "read.message.reactions", ALL, Inferred, "Conversations API of Instagram, by analogy",
        "The field and the edge reactions of a message have the newest reaction of the person and that of the page. A message without reactions has no such field.";
    CONVERSATION_OWNER = "read.conversation.is_owner", ROUTING, Documented, "Messenger docs: Conversations API, is_owner",
        "A conversation has is_owner only with Conversation Routing on. It says if the calling app owns the thread.";
    MESSAGES_READABLE = "read.message.newest_only", ALL, Documented, "Messenger docs: Conversations API, error 9000001",
        "Only the 20 newest messages of a conversation can be read. Older ones are listed with id and time, and answer as deleted.";
    PROFILE_NEEDS_CONSENT = "read.profile.consent", ALL, Documented, "Messenger docs: user profile",
        "A person's profile can be read only after they wrote or tapped in the thread. A tap on an ad alone is no consent.";

    // Instagram: logins, settings, and what can be read.
    INSTAGRAM_TOKEN_HOST = "instagram.refused.token_of_other_host", ALL, Observed, "live tests against Meta (September 2026)",
        "graph.instagram.com accepts only Instagram user tokens, and graph.facebook.com accepts none of them.";
    INSTAGRAM_TOKEN_ISSUED = "instagram.token.issued", ALL, Documented, "Instagram API with Instagram Login: business login",
        "A login code of Instagram gives a token for 1 hour, which can be exchanged for one of 60 days.";
    INSTAGRAM_TOKEN_REFRESHED = "instagram.token.refreshed", ALL, Documented, "Instagram API with Instagram Login: business login; the error is inferred",
        "A token of 60 days can be refreshed when it is 24 hours old and has not expired.";
    INSTAGRAM_CODE_ONCE = "instagram.token.refused.code", ALL, Documented, "Instagram API with Instagram Login: business login; the answer was recorded",
        "A login code of Instagram is valid once, within an hour, for the app that it was issued to.";
    INSTAGRAM_ACCOUNT_READ = "instagram.read.account", ALL, Documented, "Instagram API with Instagram Login: get started; that the answer is flat was observed",
        "On graph.instagram.com the id of an account belongs to the app; user_id is the id that webhooks have.";
    INSTAGRAM_NOT_LINKED = "instagram.refused.not_linked", ALL, Documented, "Instagram docs: error 2534013",
        "With platform=instagram a call at a page means the account that is linked to it, and a page without one is refused.";
    INSTAGRAM_SUBSCRIPTION_SET = "instagram.subscription.set", ALL, Observed, "recorded calls of subscribed_apps with Instagram Login; knob ig_fields",
        "With Instagram Login subscribed_apps replaces the app's list of fields on the account. An app gets what this list and its app-level list have.";
    INSTAGRAM_MESSAGE_ACCESS = "instagram.message_access.set", ALL, Documented, "Instagram docs: Allow access to messages",
        "The owner of an account can turn off that apps have its messages.";
    INSTAGRAM_MESSAGES_OFF = "instagram.refused.message_access_off", ALL, Documented, "Instagram docs: error 2534041",
        "While the owner does not let apps have the messages of the account, apps can neither send, move threads and moderate, nor read conversations and owners.";
    INSTAGRAM_MESSAGES_WITHHELD = "instagram.webhook.message_access_off", ALL, Observed, "production notes: webhooks stop without a word",
        "While the owner does not let apps have the messages of the account, no app gets a webhook about a thread.";
    INSTAGRAM_COMMENTS_NEED_ADVANCED = "instagram.webhook.comments_need_advanced_access", ALL, Documented, "Instagram webhooks setup (2026-10-20)",
        "Comments come only to an app with Advanced Access. One in development has none, even where the commenter has a role on it.";
    INSTAGRAM_PERSON_READ = "instagram.read.person", ALL, Documented, "Instagram docs: user profile",
        "A person who has written to the account can be read with name, username, picture and what they follow. One who has blocked it shows nothing.";
    INSTAGRAM_CONSENT = "instagram.read.refused.consent", ALL, Documented, "Instagram docs: user profile; knob consent_error",
        "The profile of a person can be read only after they wrote or tapped. A comment is no consent.";
    INSTAGRAM_PROFILE_PROPERTIES = "instagram.profile.refused.property", ALL, Inferred, "Instagram docs: ice breakers and persistent menu, which name no other",
        "The messenger_profile of an account has only ice_breakers and persistent_menu.";
    INSTAGRAM_MODERATION = "instagram.moderation.limits", ALL, Documented, "Instagram docs: moderate_conversations",
        "On Instagram a call moderates at most 10 people with at most 2 of the actions block_user, unblock_user and move_to_spam.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_rule_is_a_sentence_with_a_source() {
        for (index, rule) in RULES.iter().enumerate() {
            assert_eq!(RuleId::parse(rule.id), Some(RuleId::at(index as u16)), "two rules have the id {}", rule.id);
            assert!(rule.statement.ends_with('.'), "{}", rule.id);
            assert!(!rule.source.is_empty(), "{}", rule.id);
            assert!(rule.id.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c)), "{}", rule.id);
        }
    }
}
