//! Graph room: the domain's refusals in Meta's words.

use crate::domain::refusal::{Reason, Refusal};

use super::catalogue::{self as errors, GraphError};

/// The error with which Meta would answer.
pub fn error(refusal: &Refusal, app: &str) -> GraphError {
    match &refusal.reason {
        Reason::AnotherAppControls => errors::ANOTHER_APP_CONTROLS.error(),
        Reason::OutsideWindow => errors::OUTSIDE_WINDOW.error(),
        Reason::PersonUnavailable => errors::PERSON_UNAVAILABLE.error(),
        Reason::NotThreadOwner("pass") => errors::NOT_OWNER_PASS.error(),
        Reason::NotThreadOwner("extend") => errors::NOT_OWNER_EXTEND.error(),
        Reason::NotThreadOwner(_) => errors::NOT_OWNER_RELEASE.error(),
        Reason::UnknownTarget => errors::INCORRECT_APP_ID.error(),
        Reason::PassToSelf => errors::PASS_TO_SELF.error(),
        Reason::PayloadWithAppId => errors::CONTROL_COMBINED.error(),
        Reason::PayloadForm => errors::INVALID_KEYS.with(&[("keys", "payload"), ("param", "thread_control")]),
        Reason::HandoverDisabled => errors::HANDOVER_DISABLED.error(),
        Reason::TakeNotSupported => errors::TAKE_NOT_SUPPORTED.error(),
        Reason::NotSupported(call) => errors::CALL_NOT_SUPPORTED.with(&[("call", call)]),
        Reason::AlreadyOwner => errors::ALREADY_OWNER.error(),
        Reason::TooLong => errors::PARAM_TOO_LARGE.with(&[("param", "duration"), ("limit", "604800")]),
        Reason::AppNotConnected => errors::TOKEN_APP_REMOVED.with(&[("app", app)]),
        Reason::NoSuchMessage => errors::UNKNOWN_MESSAGE.error(),
        Reason::Script(_) => errors::INTERNAL.error(), // a gesture's refusal; no Graph call makes a gesture
    }
}
