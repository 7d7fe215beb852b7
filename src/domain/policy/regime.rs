//! Policy room: the generations of Meta's rules as data. A regime answers what differs between pages; everything that is the same
//! under all of them lives in the neighbouring files. Adding a generation is adding a row here.

use super::super::rules::{self, RuleId};

/// The rules that a page lives under.
#[derive(Debug, PartialEq, Eq)]
pub struct Regime {
    /// `conversation_routing@2023-09`.
    pub name: &'static str,
    /// Whose a thread is that no app holds.
    pub unheld: Unheld,
    /// Whether an app may claim an idle thread by requesting it, and pass it without owning it.
    pub idle_is_free: bool,
    /// By which rule `take_thread_control` is refused.
    pub take: RuleId,
    /// By which rule `request_thread_control` is refused, where it is.
    pub request: Option<RuleId>,
    /// By which rule `extend_thread_control` is refused, where it is.
    pub extend: Option<RuleId>,
    /// By which rule `pass_thread_metadata` is refused.
    pub pass_metadata: RuleId,
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

static CONVERSATION_ROUTING_2023: Regime = Regime {
    name: "conversation_routing@2023-09",
    unheld: Unheld::DefaultApp,
    idle_is_free: false,
    take: rules::HANDOVER_DISABLED,
    request: Some(rules::HANDOVER_DISABLED),
    extend: Some(rules::HANDOVER_DISABLED),
    pass_metadata: rules::HANDOVER_DISABLED,
    multi_app: true,
};

static ZERO_CONFIG: Regime = Regime {
    name: "zero_config",
    unheld: Unheld::Nobody,
    idle_is_free: true,
    take: rules::TAKE_NEEDS_ROUTING,
    request: None,
    extend: None,
    pass_metadata: rules::METADATA_NOT_SUPPORTED,
    multi_app: false,
};

impl Regime {
    /// The page has a default app: Conversation Routing as the source document describes it.
    pub fn conversation_routing_2023() -> &'static Regime {
        &CONVERSATION_ROUTING_2023
    }

    /// The page has no default app.
    pub fn zero_config() -> &'static Regime {
        &ZERO_CONFIG
    }
}
