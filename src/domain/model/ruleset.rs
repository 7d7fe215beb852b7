//! The rulesets: the generations of Meta's rules as data. A ruleset answers each question whose answer differs
//! between pages; the rules that hold under all of them are in `policy` and `handlers`. To add a generation, add a
//! `static` here and its word in [`Generations`].

use crate::domain::model::generations::Generations;
use crate::domain::rules;
use crate::domain::rules::RuleId;

/// The rules that a page lives under.
#[derive(Debug, PartialEq, Eq)]
pub struct Ruleset {
    /// The word for users, like `conversation_routing@2023-09`.
    pub name: &'static str,
    /// The generation by which the table of rules marks the rules that hold under this ruleset.
    pub generation: Generations,
    pub uncontrolled: Uncontrolled,
    /// The rule by which control ends when the person stays silent.
    pub lapse: RuleId,
    /// The rule by which a release gives the thread away.
    pub release: RuleId,
    /// True if m.me links and the social route can lead to apps.
    pub routes: bool,
    /// True if an ad leads to the app that it names.
    pub ads_lead: bool,
    /// True if an ad can say for how many days its app keeps the thread.
    pub ad_windows: bool,
    /// True if an app with the take-control toggle on can take a thread by sending into it.
    pub toggle_takes: bool,
    /// The rule by which an app may send into a thread that nobody owns.
    pub send_uncontrolled: RuleId,
    /// The rule by which any connected app may pass a thread that no app controls. `None` if only the owner may pass.
    pub pass_uncontrolled: Option<RuleId>,
    /// The rule that refuses `pass_thread_control` of the owner to itself.
    pub pass_to_self: RuleId,
    pub pass: PassPolicy,
    pub take: TakePolicy,
    pub request: RequestPolicy,
    /// The rule that refuses `extend_thread_control`, if one does.
    pub extend: Option<RuleId>,
    /// The rule that refuses `pass_thread_metadata`, if one does.
    pub pass_metadata: Option<RuleId>,
    pub send_control: ThreadControlPolicy,
    /// The rule that refuses `secondary_receivers`, if one does.
    pub receivers: Option<RuleId>,
    pub inbox: InboxPolicy,
    /// True if a handover event and `thread_owner` name the default app as the owner of an uncontrolled thread, instead of nobody.
    pub default_app_owns: bool,
    /// True if an action of thread control restarts the time that the person may be silent.
    pub control_restarts_idle: bool,
    /// `messaging_feature_status.hop_v2`.
    pub hop_v2: bool,
    /// `messaging_feature_status.msgr_multi_app`.
    pub multi_app: bool,
}

/// The owner of a thread that no app controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncontrolled {
    DefaultApp,
    /// Every connected app gets the messages and may reply.
    Nobody,
    /// Nobody, until the person writes. Then the primary receiver gets the thread, if there is one.
    NobodyUntilPrimary,
}

/// The receiver of passed control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassPolicy {
    /// The app that is named; the default app if none is named.
    NamedOrDefault,
    /// The app that the primary receiver names. A secondary receiver always passes to the primary receiver.
    ByRole,
}

/// Who may use `take_thread_control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakePolicy {
    /// Nobody. This rule refuses it.
    Refused(RuleId),
    /// Apps whose "Take control of conversations" toggle is on.
    ByToggle,
    /// The primary receiver; any app while the thread is idle.
    ByRole,
}

/// The effect of `request_thread_control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestPolicy {
    /// None. This rule refuses it.
    Refused(RuleId),
    /// It gives an idle thread to the app that asks. Otherwise the owner gets a webhook.
    AsksOwner,
    /// The primary receiver gets a webhook. Without a primary receiver it works like `AsksOwner`.
    AsksPrimary,
}

/// The effect of `thread_control` in the Send API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadControlPolicy {
    /// None. This rule ignores it, and the ledger warns.
    Ignored(RuleId),
    /// It passes and releases control.
    Executed,
    /// It passes and releases control. This rule refuses the form with `payload`.
    ObeyedWithoutPayload(RuleId),
}

/// The effect of actions in the Business Suite inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxPolicy {
    /// A reply or a move to Main takes control; a move to Done releases it.
    Takes,
    /// The same, but an idle thread stays idle: nobody needs control of it.
    TakesFromApps,
    /// Only the owner can reply. A move to Main requests control; a move to Done passes it to the primary receiver.
    Asks,
}

/// The kinds of calls of the Handover Protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverCallKind {
    Pass,
    Release,
    Take,
    Request,
    Extend,
    PassMetadata,
}

impl HandoverCallKind {
    /// The name of the edge.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass_thread_control",
            Self::Release => "release_thread_control",
            Self::Take => "take_thread_control",
            Self::Request => "request_thread_control",
            Self::Extend => "extend_thread_control",
            Self::PassMetadata => "pass_thread_metadata",
        }
    }
}

static HANDOVER_PROTOCOL: Ruleset = Ruleset {
    name: "handover_protocol",
    generation: Generations::HANDOVER,
    uncontrolled: Uncontrolled::NobodyUntilPrimary,
    lapse: rules::IDLE_TO_NOBODY,
    release: rules::RELEASE_TO_NOBODY,
    routes: false,
    ads_lead: false,
    ad_windows: false,
    toggle_takes: false,
    send_uncontrolled: rules::SEND_WHEN_IDLE,
    pass_uncontrolled: Some(rules::PASS_WHEN_IDLE),
    pass_to_self: rules::PASS_TO_SELF_BEFORE,
    pass: PassPolicy::ByRole,
    take: TakePolicy::ByRole,
    request: RequestPolicy::AsksPrimary,
    extend: None,
    pass_metadata: None,
    send_control: ThreadControlPolicy::Ignored(rules::CONTROL_IGNORED),
    receivers: None,
    inbox: InboxPolicy::Asks,
    default_app_owns: false,
    control_restarts_idle: true,
    hop_v2: true,
    multi_app: false,
};

static CONVERSATION_ROUTING_2023: Ruleset = Ruleset {
    name: "conversation_routing@2023-09",
    generation: Generations::ROUTING_2023,
    uncontrolled: Uncontrolled::DefaultApp,
    lapse: rules::IDLE_RELEASE,
    release: rules::RELEASE_TO_DEFAULT,
    routes: true,
    ads_lead: true,
    ad_windows: false,
    toggle_takes: true,
    send_uncontrolled: rules::SEND_BY_ANYBODY,
    pass_uncontrolled: None,
    pass_to_self: rules::PASS_TO_SELF_BEFORE,
    pass: PassPolicy::NamedOrDefault,
    take: TakePolicy::Refused(rules::HANDOVER_DISABLED),
    request: RequestPolicy::Refused(rules::HANDOVER_DISABLED),
    extend: Some(rules::HANDOVER_DISABLED),
    pass_metadata: Some(rules::HANDOVER_DISABLED),
    send_control: ThreadControlPolicy::Executed,
    receivers: Some(rules::HANDOVER_DISABLED),
    inbox: InboxPolicy::Takes,
    default_app_owns: true,
    control_restarts_idle: false,
    hop_v2: false,
    multi_app: true,
};

static CONVERSATION_ROUTING_2025: Ruleset = Ruleset {
    name: "conversation_routing@2025-09",
    generation: Generations::ROUTING_2025,
    uncontrolled: Uncontrolled::DefaultApp,
    lapse: rules::IDLE_RELEASE,
    release: rules::RELEASE_TO_DEFAULT,
    routes: true,
    ads_lead: true,
    ad_windows: true,
    toggle_takes: true,
    send_uncontrolled: rules::SEND_BY_ANYBODY,
    pass_uncontrolled: Some(rules::PASS_WHEN_IDLE),
    pass_to_self: rules::PASS_TO_SELF,
    pass: PassPolicy::NamedOrDefault,
    take: TakePolicy::ByToggle,
    request: RequestPolicy::Refused(rules::REQUEST_NEEDS_NO_DEFAULT),
    extend: None,
    pass_metadata: Some(rules::METADATA_NOT_SUPPORTED),
    send_control: ThreadControlPolicy::ObeyedWithoutPayload(rules::PAYLOAD_FORM_GONE),
    receivers: Some(rules::RECEIVERS_NOT_SUPPORTED),
    inbox: InboxPolicy::Takes,
    default_app_owns: false,
    control_restarts_idle: true,
    hop_v2: false,
    multi_app: true,
};

static ZERO_CONFIG: Ruleset = Ruleset {
    name: "zero_config",
    generation: Generations::ZERO_CONFIG,
    uncontrolled: Uncontrolled::Nobody,
    lapse: rules::IDLE_TO_NOBODY,
    release: rules::RELEASE_TO_NOBODY,
    routes: false,
    ads_lead: true,
    ad_windows: true,
    toggle_takes: false,
    send_uncontrolled: rules::SEND_BY_ANYBODY,
    pass_uncontrolled: Some(rules::PASS_WHEN_UNOWNED),
    pass_to_self: rules::PASS_TO_SELF,
    pass: PassPolicy::NamedOrDefault,
    take: TakePolicy::Refused(rules::TAKE_NEEDS_ROUTING),
    request: RequestPolicy::AsksOwner,
    extend: None,
    pass_metadata: Some(rules::METADATA_NOT_SUPPORTED),
    send_control: ThreadControlPolicy::Ignored(rules::CONTROL_IGNORED),
    receivers: Some(rules::RECEIVERS_NOT_SUPPORTED),
    inbox: InboxPolicy::TakesFromApps,
    default_app_owns: false,
    control_restarts_idle: true,
    hop_v2: false,
    multi_app: false,
};

impl Ruleset {
    /// The ruleset of a page with a default app, by the generation in the world file.
    pub fn of_generation(word: &str) -> Option<&'static Ruleset> {
        match word {
            "2023-09" => Some(&CONVERSATION_ROUTING_2023),
            "2025-09" => Some(&CONVERSATION_ROUTING_2025),
            _ => None,
        }
    }

    /// The ruleset of a page with a default app, from September 2023.
    pub fn conversation_routing_2023() -> &'static Ruleset {
        &CONVERSATION_ROUTING_2023
    }

    /// The ruleset of a page without a default app.
    pub fn zero_config() -> &'static Ruleset {
        &ZERO_CONFIG
    }

    /// The ruleset of a page with primary and secondary receivers.
    pub fn handover_protocol() -> &'static Ruleset {
        &HANDOVER_PROTOCOL
    }

    /// True if the apps of the page are primary and secondary receivers.
    pub fn has_roles(&self) -> bool {
        self.uncontrolled == Uncontrolled::NobodyUntilPrimary
    }
}
