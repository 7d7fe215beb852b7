//! Domain room: the table of rules. Every event, every withheld event and every refusal names one of these by id.
//! Everyone may read it. A rule without a scenario that exercises it is a failing test (`tests/rules.rs`).

use std::fmt;

/// Where we know a rule from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Meta's documents say so.
    Documented,
    /// Third parties recorded it on the wire.
    Observed,
    /// Our judgement where nobody says; the source column names what it rests on.
    Inferred,
}

impl Basis {
    /// The word for people.
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
    /// Stable id, as scenarios and reports write it.
    pub id: &'static str,
    /// The rule in one sentence.
    pub statement: &'static str,
    /// Where we know it from.
    pub basis: Basis,
    /// The document, and the section in it.
    pub source: &'static str,
}

/// A reference to a rule of the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(u16);

impl RuleId {
    /// The rule itself.
    pub fn rule(self) -> &'static Rule {
        &RULES[self.0 as usize]
    }

    /// The rule of this id.
    pub fn parse(id: &str) -> Option<RuleId> {
        RULES.iter().position(|rule| rule.id == id).map(|index| RuleId(index as u16))
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
    ($($name:ident = $id:literal, $basis:ident, $source:literal, $statement:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Place { $($name),* }

        $(
            #[doc = $statement]
            pub const $name: RuleId = RuleId(Place::$name as u16);
        )*

        /// Every rule, in the order in which they are listed to people.
        pub static RULES: &[Rule] = &[$(
            Rule { id: $id, statement: $statement, basis: Basis::$basis, source: $source }
        ),*];
    };
}

rules! {
    // Which app a conversation goes to.
    ORGANIC_TO_DEFAULT = "routing.organic.default_app", Documented, "Conversation Routing: entry points",
        "A person who enters by any way other than an ad, with no route set, is routed to the default app.";
    SOCIAL_TO_APP = "routing.social.app", Documented, "Conversation Routing: Social/organic Routing",
        "A person who enters an idle thread (no message in the last 24 hours) is routed to the app of the social route.";
    GET_STARTED_TO_SOCIAL = "routing.social.get_started", Documented, "Conversation Routing: Social/organic Routing",
        "A tap on Get Started gives the thread to the app of the social route, whoever held it.";
    AD_TO_MARKETING_APP = "routing.ad.marketing_app", Documented, "Conversation Routing: Marketing app",
        "A tap on a Click-to-Message ad gives the thread to the app that the ad names as receiving_app_id, whoever held it.";
    AD_WITHOUT_APP = "routing.ad.no_receiving_app", Inferred, "Conversation Routing: Marketing app, by analogy",
        "A tap on an ad that names no receiving app is routed to the default app.";
    LINK_TO_APP = "routing.link.app", Documented, "Conversation Routing: Link Routing",
        "A person who opens an m.me link that has a route is routed to the app of that route, on a page with a default app.";
    ACTIVE_KEEPS_OWNER = "routing.active.owner_kept", Inferred, "Messenger docs 2025: Conversation Control, subsequent messages",
        "A message into a thread that an app holds leaves the owner as it is and restarts its 24 hours.";
    EVERYBODY_HEARS = "routing.none.everybody", Documented, "Messenger docs 2025: pages without a default app",
        "On a page without a default app no app owns an idle thread: every connected app hears the person and may answer.";
    DEFAULT_APP_SET = "routing.default_app.set", Documented, "Conversation Routing: Assign a Default App",
        "The page's default app is what its settings say, and takes over every thread that no app holds.";
    INBOX_IS_AN_APP = "routing.inbox.default_app", Documented, "Conversation Routing: Meta Business Suite Inbox Support",
        "The Business Suite inbox is an app of every page and may be its default app.";
    ROUTE_SET = "routing.route.set", Documented, "Conversation Routing: Entrypoint Routing",
        "Link and social routes are set in the page's settings and hold from then on.";
    APP_CONNECTED = "page.app.connected", Documented, "Conversation Routing: Before You Start",
        "Only an app that is connected to the page hears of its threads and may act in them.";
    APP_DISCONNECTED = "page.app.disconnected", Inferred, "Conversation Routing: threads always have an owner",
        "An app that is disconnected loses every thread that it held, and its routes, to the default app; without its default app a page has none.";

    // How control moves.
    ALWAYS_AN_OWNER = "control.always_an_owner", Documented, "Conversation Routing: Idle mode",
        "A thread always has an owner: where no app holds it, the default app does.";
    IDLE_RELEASE = "control.idle.default_app", Documented, "Conversation Routing: Idle conversations",
        "When the person has sent nothing for 24 hours, control goes back to the default app (to nobody on a page without one), and no app is told.";
    PASS_TO_DEFAULT = "control.pass.default_app", Documented, "Conversation Routing: Thread Control",
        "Passing control without naming an app gives the thread to the default app.";
    PASS_TO_APP = "control.pass.app", Documented, "Conversation Routing: Using app_id",
        "Passing control to a named app gives the thread to that app.";
    RELEASE_TO_DEFAULT = "control.release.default_app", Documented, "Conversation Routing: Thread Control",
        "Releasing control gives the thread to the default app (to nobody on a page without one), and no app is told.";
    CONTROL_TYPE_DEFAULTS_TO_RELEASE = "control.type.defaults_to_release", Documented, "Conversation Routing: Using app_id",
        "thread_control without control_type releases, whatever app_id names.";
    TOGGLE_TAKES = "control.toggle.send_takes", Documented, "Conversation Routing: Configure apps to take over conversations",
        "An app with the take-control toggle on may send into a thread that it does not own, and thereby gets control.";
    TOGGLE_SET = "control.toggle.set", Documented, "Conversation Routing: Configure apps to take over conversations",
        "Whether an app may take control by sending is a toggle of its connection to the page.";
    INBOX_TAKES = "control.inbox.takes", Documented, "Conversation Routing: Meta Business Suite Inbox Support",
        "A reply from the inbox, or moving the thread to Main, gives control to the inbox.";
    INBOX_DONE = "control.inbox.done_releases", Inferred, "Handover Protocol inbox (observed 2019), by analogy",
        "Moving a thread to Done releases it when the inbox owns it, and does nothing otherwise.";
    PASS_WHEN_IDLE = "control.idle.pass", Documented, "Messenger docs 2025: pass_thread_control",
        "Since 2025 any connected app may pass a thread that no app holds, also on a page with a default app.";
    TAKE_BY_TOGGLE = "control.take.toggle", Documented, "Messenger docs 2025: take_thread_control",
        "Since 2025 an app with the take-control toggle on may take control of a page with a default app; an idle thread is taken without a webhook.";
    AD_WINDOW = "control.ad.window", Documented, "Messenger docs 2025: receiving_app_control_expiration",
        "Since 2025 an ad may say for how many days (1 to 30) its app keeps the thread after the person's last message; any other number is 1.";
    PASS_WHEN_UNOWNED = "control.none.pass", Documented, "Messenger docs 2025: pages without a default app",
        "On a page without a default app any connected app may pass an idle thread to any connected app, itself too.";
    REQUEST_GRANTED = "control.none.request_granted", Documented, "Messenger docs 2025: request_thread_control",
        "On a page without a default app a request for an idle thread gives control to the first app that asks.";
    REQUEST_FORWARDED = "control.none.request_forwarded", Documented, "Messenger docs 2025: request_thread_control",
        "On a page without a default app a request for an owned thread is told to its owner and moves nothing.";
    EXTENDED = "control.extended", Documented, "Messenger docs 2025: extend_thread_control",
        "The owner may extend its control to at most 7 days from now (not under the rules of 2023).";

    CONTROL_IGNORED = "control.none.thread_control_ignored", Documented, "Messenger docs 2025: Send API, thread_control",
        "On a page without a default app thread_control of the Send API is ignored.";

    // Who is told what.
    TELL_OWNER = "tell.owner", Documented, "Messenger docs: standby channel",
        "What happens in a thread is told to its owner on the messaging channel.";
    TELL_STANDBY = "tell.standby", Documented, "Messenger docs: standby channel",
        "What happens in a thread is told on the standby channel to every other connected app.";
    TELL_EVERYBODY = "tell.everybody", Documented, "Messenger docs 2025: pages without a default app",
        "While no app owns the thread, what happens in it is told to every connected app on the messaging channel.";
    TELL_BUTTON_SENDER = "tell.postback.button_sender", Documented, "Messenger docs: standby channel, messaging_postbacks",
        "A postback is told in full to the app that sent the button, on the messaging channel, even when it is not the owner.";
    PAYLOAD_TO_SENDER_ONLY = "tell.postback.payload_to_sender_only", Documented, "Messenger docs: messaging_postbacks",
        "The payload of a button goes to the app that sent it and to no other.";
    REFERRAL_NEEDS_FIELD = "tell.referral.needs_field", Documented, "Messenger docs: messages",
        "A message carries its referral only for apps that subscribe messaging_referrals as well.";
    TELL_NEW_OWNER = "tell.handover.new_owner", Documented, "Conversation Routing: Webhooks Notifications",
        "Passing control is told to the new owner and to no other app.";
    TELL_ROUTED_APP = "tell.handover.routed_app", Documented, "Conversation Routing: Webhooks Notifications",
        "An app that gets a thread by an ad is told with messaging_handovers.";
    TELL_LINKED_APP = "tell.handover.linked_app", Inferred, "Conversation Routing: Webhooks Notifications, by analogy with ads",
        "An app that gets a thread by a routed link is told with messaging_handovers.";
    TELL_PREVIOUS_OWNER = "tell.handover.previous_owner", Inferred, "Messenger docs 2025: take_thread_control, by analogy",
        "The app that loses a thread to a taking app is told with messaging_handovers.";
    NOT_SUBSCRIBED = "tell.withheld.field_not_subscribed", Documented, "Messenger docs: webhooks",
        "An app is not told of a field that it has not subscribed on the page.";
    APP_NOT_SUBSCRIBED = "tell.withheld.app_not_subscribed", Documented, "Graph API docs: subscriptions",
        "An app is not told of a field that its own app-level subscription lacks.";
    STANDBY_TOGGLE_OFF = "tell.withheld.standby_toggle_off", Documented, "Conversation Routing: Standby Webhook Controls",
        "An app whose standby toggle is off hears nothing of threads that it does not own.";
    STANDBY_TOGGLE_SET = "standby.toggle.set", Documented, "Conversation Routing: Standby Webhook Controls",
        "Whether an app hears of threads that it does not own is a toggle of its connection to the page.";
    STANDBY_AUTOMATIC = "standby.first_default_app", Documented, "Conversation Routing: Standby Webhook Controls",
        "The first assignment of a default app subscribes every connected app to standby.";
    SUBSCRIPTION_SET = "webhook.subscription.set", Documented, "Messenger docs: webhooks, subscribed_apps",
        "An app's subscription on a page is the list of fields of its last call.";
    APP_SUBSCRIPTION_SET = "webhook.app_subscription.set", Documented, "Graph API docs: subscriptions",
        "Fields of an app's own subscription are added by each call that names some, and removed by name or all at once.";
    LINK_NEW_THREAD = "entry.link.new_thread", Documented, "Messenger docs: messaging_referrals, m.me links",
        "A link into a thread in which the person never wrote is told with their first message or tap, not before.";

    // The messaging window.
    WINDOW_OPENED = "window.opened", Documented, "Messenger docs: policy overview, standard messaging",
        "A message, a tap, a reaction, or a link into an existing thread opens the messaging window for 24 hours; an ad tap alone does not.";
    WINDOW_CLOSED = "window.closed", Documented, "Messenger docs: policy overview, standard messaging",
        "Outside the 24-hour window an app may not send without a tag.";
    WINDOW_HUMAN_AGENT = "window.human_agent", Documented, "Messenger docs: Send API, message tags",
        "With the HUMAN_AGENT tag an app may send until 7 days after the person's last message.";

    // What an app may do.
    SEND_BY_OWNER = "send.owner", Documented, "Conversation Routing: threads always have an owner",
        "The owner of a thread may send into it.";
    SEND_BY_ANYBODY = "send.anybody", Documented, "Messenger docs 2025: pages without a default app",
        "While no app owns the thread, every connected app may send into it, and sending claims nothing.";
    SEND_NOT_OWNER = "send.refused.not_owner", Documented, "Messenger docs: error 2018300",
        "An app that neither owns the thread nor has the take-control toggle may not send into it.";
    HUMAN_AGENT_DOES_NOT_TAKE = "send.refused.human_agent_does_not_take", Documented, "Conversation Routing: Human Agent Tag",
        "The HUMAN_AGENT tag may be used by the owner but takes control from nobody.";
    ACTION_MOVES_NOTHING = "send.action.moves_nothing", Inferred, "Conversation Routing: Configure apps to take over conversations",
        "A sender action is allowed to whoever may send, and moves control to nobody.";
    PERSON_UNAVAILABLE = "send.refused.person_unavailable", Documented, "Messenger docs: error 551",
        "Nobody can send to a person who has blocked the page.";
    PASS_NOT_OWNER = "pass.refused.not_owner", Observed, "production log 2026: pass_thread_control",
        "Only the owner may pass control.";
    PASS_TO_SELF = "pass.refused.to_itself", Documented, "Messenger docs 2025: pass_thread_control",
        "The owner may not pass control to itself to keep it longer.";
    PASS_UNKNOWN_APP = "pass.refused.unknown_app", Documented, "Messenger docs: error 2018164",
        "Control can only be passed to an app that is connected to the page.";
    RELEASE_NOT_OWNER = "release.refused.not_owner", Documented, "Messenger docs 2025: release_thread_control",
        "Only the owner may release control.";
    PAYLOAD_XOR_APP_ID = "control.refused.payload_with_app_id", Documented, "Conversation Routing: Using app_id",
        "thread_control takes payload or app_id, never both; the message is not sent.";
    HANDOVER_DISABLED = "handover.refused.disabled", Documented, "Conversation Routing: Using the Handover Protocol API",
        "With a default app, taking, requesting and extending control and passing metadata answer: Handover Protocol APIs disabled for this page.";
    HANDOVER_BLOCKED = "handover.refused.blocked", Documented, "Conversation Routing: Handover Protocol APIs",
        "When access to the Handover Protocol APIs ends, pass and release answer as the other calls do already.";
    TAKE_NEEDS_ROUTING = "take.refused.no_default_app", Observed, "production log 2026: error 27",
        "On a page without a default app nobody can take control.";
    TAKE_TOGGLE_OFF = "take.refused.toggle_off", Documented, "Messenger docs 2025: take_thread_control",
        "An app whose take-control toggle is off may not take control.";
    TAKE_BY_OWNER = "take.refused.owner", Documented, "Messenger docs 2025: take_thread_control",
        "The owner may not take the control that it has, to keep it longer.";
    REQUEST_NEEDS_NO_DEFAULT = "request.refused.default_app", Documented, "Messenger docs 2025: request_thread_control",
        "Since 2025 control can be requested only on a page without a default app.";
    PAYLOAD_FORM_GONE = "control.refused.payload_form", Documented, "Messenger docs 2025: Send API, thread_control",
        "Since 2025 thread_control has control_type and app_id, and no payload.";
    REQUEST_BY_OWNER = "request.refused.owner", Documented, "Messenger docs 2025: request_thread_control",
        "The owner cannot request the control that it has.";
    EXTEND_NOT_OWNER = "extend.refused.not_owner", Documented, "Messenger docs 2025: extend_thread_control",
        "Only the owner may extend control.";
    EXTEND_TOO_LONG = "extend.refused.too_long", Inferred, "Messenger docs 2025: extend_thread_control, up to 7 days",
        "Control cannot be extended beyond 7 days.";
    METADATA_NOT_SUPPORTED = "metadata.refused.no_handover", Inferred, "Messenger docs 2025: the edge is gone",
        "Passing thread metadata belongs to the Handover Protocol and is refused on every other page.";
    UNKNOWN_MESSAGE = "send.refused.unknown_message", Inferred, "Messenger docs: Send API, reply_to and reactions",
        "A reply or a reaction of an app names a message of its thread by its id.";
    UNKNOWN_PERSON = "send.refused.unknown_person", Documented, "Messenger docs: error 2018001",
        "A PSID is known only to the page that it was made for.";

    // What can be read.
    FEATURE_STATUS = "read.feature_status", Documented, "Conversation Routing: Messaging Feature Status API",
        "messaging_feature_status says by msgr_multi_app whether Conversation Routing is on for the page.";
    THREAD_OWNER_READ = "read.thread_owner", Documented, "Messenger docs: thread_owner",
        "thread_owner names the owner to the owner and to the default app; any other app learns only until when the thread is held.";
    PROFILE_NEEDS_CONSENT = "read.profile.consent", Documented, "Messenger docs: user profile",
        "A person's profile can be read only after they wrote or tapped in the thread; an ad tap alone is no consent.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_rule_is_a_sentence_with_a_source() {
        for (index, rule) in RULES.iter().enumerate() {
            assert_eq!(RuleId::parse(rule.id), Some(RuleId(index as u16)), "{} stands twice", rule.id);
            assert!(rule.statement.ends_with('.'), "{}", rule.id);
            assert!(!rule.source.is_empty(), "{}", rule.id);
            assert!(rule.id.chars().all(|c| c.is_ascii_lowercase() || "._".contains(c)), "{}", rule.id);
        }
    }
}
