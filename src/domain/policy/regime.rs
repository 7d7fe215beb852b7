//! Policy room: the generations of Meta's rules as data. A regime answers what differs between pages; everything that is the same
//! under all of them lives in the neighbouring files. A generation is a row here, and its word in the vocabulary.

use super::super::rules::{self, RuleId};

/// The rules that a page lives under.
#[derive(Debug, PartialEq, Eq)]
pub struct Regime {
    /// `conversation_routing@2023-09`.
    pub name: &'static str,
    /// Whose a thread is that no app holds.
    pub unheld: Unheld,
    /// By which rule any connected app may pass a thread that no app holds; without one only the owner may.
    pub pass_unheld: Option<RuleId>,
    /// Who may use `take_thread_control`.
    pub take: Take,
    /// By which rule `request_thread_control` is refused, where it is.
    pub request: Option<RuleId>,
    /// By which rule `extend_thread_control` is refused, where it is.
    pub extend: Option<RuleId>,
    /// By which rule `pass_thread_metadata` is refused.
    pub pass_metadata: RuleId,
    /// By which rule `thread_control.payload` of the Send API is refused, where it is.
    pub payload_form: Option<RuleId>,
    /// Whether `thread_owner` speaks of the app that holds the thread alone, and not of the default app that stands in.
    pub owner_is_holder: bool,
    /// Whether an ad may say for how many days its app keeps the thread.
    pub ad_windows: bool,
    /// `messaging_feature_status.msgr_multi_app`.
    pub multi_app: bool,
}

/// Whose a thread is that no app holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unheld {
    /// The page's default app.
    DefaultApp,
    /// Nobody's: everybody hears, everybody may answer.
    Nobody,
}

/// Who may use `take_thread_control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// Nobody, by this rule.
    Refused(RuleId),
    /// Apps whose "Take control of conversations" toggle is on.
    ByToggle,
}

/// The calls of the Handover Protocol that move control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
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

impl Verb {
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

static CONVERSATION_ROUTING_2023: Regime = Regime {
    name: "conversation_routing@2023-09",
    unheld: Unheld::DefaultApp,
    pass_unheld: None,
    take: Take::Refused(rules::HANDOVER_DISABLED),
    request: Some(rules::HANDOVER_DISABLED),
    extend: Some(rules::HANDOVER_DISABLED),
    pass_metadata: rules::HANDOVER_DISABLED,
    payload_form: None,
    owner_is_holder: false,
    ad_windows: false,
    multi_app: true,
};

static CONVERSATION_ROUTING_2025: Regime = Regime {
    name: "conversation_routing@2025-09",
    unheld: Unheld::DefaultApp,
    pass_unheld: Some(rules::PASS_WHEN_IDLE),
    take: Take::ByToggle,
    request: Some(rules::REQUEST_NEEDS_NO_DEFAULT),
    extend: None,
    pass_metadata: rules::METADATA_NOT_SUPPORTED,
    payload_form: Some(rules::PAYLOAD_FORM_GONE),
    owner_is_holder: true,
    ad_windows: true,
    multi_app: true,
};

static ZERO_CONFIG: Regime = Regime {
    name: "zero_config",
    unheld: Unheld::Nobody,
    pass_unheld: Some(rules::PASS_WHEN_UNOWNED),
    take: Take::Refused(rules::TAKE_NEEDS_ROUTING),
    request: None,
    extend: None,
    pass_metadata: rules::METADATA_NOT_SUPPORTED,
    payload_form: None,
    owner_is_holder: true,
    ad_windows: true,
    multi_app: false,
};

impl Regime {
    /// The rules of a page with a default app, by the generation as a world file writes it.
    pub fn of_generation(word: &str) -> Option<&'static Regime> {
        match word {
            "2023-09" => Some(&CONVERSATION_ROUTING_2023),
            "2025-09" => Some(&CONVERSATION_ROUTING_2025),
            _ => None,
        }
    }

    /// The page has a default app: Conversation Routing as the source document describes it.
    pub fn conversation_routing_2023() -> &'static Regime {
        &CONVERSATION_ROUTING_2023
    }

    /// The page has no default app.
    pub fn zero_config() -> &'static Regime {
        &ZERO_CONFIG
    }
}
