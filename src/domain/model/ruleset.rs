//! Policy room: the generations of Meta's rules as data. A ruleset answers what differs between pages; everything that is the same
//! under all of them lives in the neighbouring files. A generation is a row here, and its word in the vocabulary.

use crate::domain::model::generations::Generations;
use crate::domain::rules;
use crate::domain::rules::RuleId;

/// The rules that a page lives under.
#[derive(Debug, PartialEq, Eq)]
pub struct Ruleset {
    /// `conversation_routing@2023-09`.
    pub name: &'static str,
    /// Which rules of the table hold under it.
    pub generation: Generations,
    /// Whose a thread is that no app holds.
    pub uncontrolled: Uncontrolled,
    /// By which rule control lapses.
    pub lapse: RuleId,
    /// By which rule a release leaves the thread to whose it is then.
    pub release: RuleId,
    /// Whether links and the social route lead to apps.
    pub routes: bool,
    /// Whether an ad leads to the app that it names.
    pub ads_lead: bool,
    /// Whether an ad may say for how many days its app keeps the thread.
    pub ad_windows: bool,
    /// Whether an app with the take-control toggle on may send into a thread that it does not own.
    pub toggle_takes: bool,
    /// By which rule an app may send into a thread that nobody owns.
    pub send_uncontrolled: RuleId,
    /// By which rule any connected app may pass a thread that no app holds; without one only the owner may.
    pub pass_uncontrolled: Option<RuleId>,
    /// To whom control is passed.
    pub pass: PassPolicy,
    /// Who may use `take_thread_control`.
    pub take: TakePolicy,
    /// What `request_thread_control` does.
    pub request: RequestPolicy,
    /// By which rule `extend_thread_control` is refused, where it is.
    pub extend: Option<RuleId>,
    /// By which rule `pass_thread_metadata` is refused, where it is.
    pub pass_metadata: Option<RuleId>,
    /// What `thread_control` of the Send API does.
    pub send_control: ThreadControlPolicy,
    /// By which rule `secondary_receivers` is refused, where it is.
    pub receivers: Option<RuleId>,
    /// What people do in the Business Suite inbox.
    pub inbox: InboxPolicy,
    /// Whether the app that gets an uncontrolled thread is told that the default app had it, rather than nobody.
    pub default_app_owns: bool,
    /// `messaging_feature_status.hop_v2`.
    pub hop_v2: bool,
    /// `messaging_feature_status.msgr_multi_app`.
    pub multi_app: bool,
}

/// Whose a thread is that no app holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncontrolled {
    /// The page's default app.
    DefaultApp,
    /// Nobody's: everybody hears, everybody may answer.
    Nobody,
    /// Nobody's, until the person writes: then it goes to the primary receiver, where there is one.
    NobodyUntilPrimary,
}

/// To whom control is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassPolicy {
    /// To the app that is named; to the default app where none is.
    NamedOrDefault,
    /// The primary receiver names an app; a secondary receiver passes to the primary, whomever it names.
    ByRole,
}

/// Who may use `take_thread_control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakePolicy {
    /// Nobody, by this rule.
    Refused(RuleId),
    /// Apps whose "Take control of conversations" toggle is on.
    ByToggle,
    /// The primary receiver; anybody while the thread is idle.
    ByRole,
}

/// What `request_thread_control` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestPolicy {
    /// Nothing, by this rule.
    Refused(RuleId),
    /// An idle thread is given at once; else the owner is asked.
    AsksOwner,
    /// The primary receiver is asked; without one it is as above.
    AsksPrimary,
}

/// What `thread_control` of the Send API does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadControlPolicy {
    /// Nothing, by this rule; the ledger warns.
    Ignored(RuleId),
    /// It passes and releases, in either form.
    Executed,
    /// It passes and releases; the form with `payload` is refused by this rule.
    ObeyedWithoutPayload(RuleId),
}

/// What people do in the Business Suite inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxPolicy {
    /// A reply or a move to Main takes control; a move to Done releases it.
    Takes,
    /// Only the owner replies; a move to Main asks for control, a move to Done passes it to the primary receiver.
    Asks,
}

/// The calls of the Handover Protocol that move control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverCallKind {
    /// `pass_thread_control`.
    Pass,
    /// `release_thread_control`.
    Release,
    /// `take_thread_control`.
    Take,
    /// `request_thread_control`.
    Request,
    /// `extend_thread_control`.
    Extend,
    /// `pass_thread_metadata`.
    PassMetadata,
}

impl HandoverCallKind {
    /// The name of the call.
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
    pass: PassPolicy::ByRole,
    take: TakePolicy::ByRole,
    request: RequestPolicy::AsksPrimary,
    extend: None,
    pass_metadata: None,
    send_control: ThreadControlPolicy::Ignored(rules::CONTROL_IGNORED),
    receivers: None,
    inbox: InboxPolicy::Asks,
    default_app_owns: false,
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
    pass: PassPolicy::NamedOrDefault,
    take: TakePolicy::Refused(rules::HANDOVER_DISABLED),
    request: RequestPolicy::Refused(rules::HANDOVER_DISABLED),
    extend: Some(rules::HANDOVER_DISABLED),
    pass_metadata: Some(rules::HANDOVER_DISABLED),
    send_control: ThreadControlPolicy::Executed,
    receivers: Some(rules::HANDOVER_DISABLED),
    inbox: InboxPolicy::Takes,
    default_app_owns: true,
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
    pass: PassPolicy::NamedOrDefault,
    take: TakePolicy::ByToggle,
    request: RequestPolicy::Refused(rules::REQUEST_NEEDS_NO_DEFAULT),
    extend: None,
    pass_metadata: Some(rules::METADATA_NOT_SUPPORTED),
    send_control: ThreadControlPolicy::ObeyedWithoutPayload(rules::PAYLOAD_FORM_GONE),
    receivers: Some(rules::RECEIVERS_NOT_SUPPORTED),
    inbox: InboxPolicy::Takes,
    default_app_owns: false,
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
    pass: PassPolicy::NamedOrDefault,
    take: TakePolicy::Refused(rules::TAKE_NEEDS_ROUTING),
    request: RequestPolicy::AsksOwner,
    extend: None,
    pass_metadata: Some(rules::METADATA_NOT_SUPPORTED),
    send_control: ThreadControlPolicy::Ignored(rules::CONTROL_IGNORED),
    receivers: Some(rules::RECEIVERS_NOT_SUPPORTED),
    inbox: InboxPolicy::Takes,
    default_app_owns: false,
    hop_v2: false,
    multi_app: false,
};

impl Ruleset {
    /// The rules of a page with a default app, by the generation as a world file writes it.
    pub fn of_generation(word: &str) -> Option<&'static Ruleset> {
        match word {
            "2023-09" => Some(&CONVERSATION_ROUTING_2023),
            "2025-09" => Some(&CONVERSATION_ROUTING_2025),
            _ => None,
        }
    }

    /// The page has a default app: Conversation Routing as the source document describes it.
    pub fn conversation_routing_2023() -> &'static Ruleset {
        &CONVERSATION_ROUTING_2023
    }

    /// The page has no default app.
    pub fn zero_config() -> &'static Ruleset {
        &ZERO_CONFIG
    }

    /// The page has primary and secondary receivers.
    pub fn handover_protocol() -> &'static Ruleset {
        &HANDOVER_PROTOCOL
    }

    /// Whether the page's apps are primary and secondary receivers.
    pub fn has_roles(&self) -> bool {
        self.uncontrolled == Uncontrolled::NobodyUntilPrimary
    }
}
