//! Graph room: the domain's refusals in Meta's words.

use crate::domain::model::access::{Permission, Role, TokenEnd};
use crate::domain::model::knobs::DisabledError;
use crate::domain::model::time::Span;
use crate::domain::model::tokens::MAX_ISSUED;
use crate::domain::refusal::{Reason, Refusal};

use super::catalogue::{self as errors, GraphError};
use super::pacific::pacific;

/// The error with which Meta would answer. `app` is the caller's id; `disabled` has the numbers that the page is switched to for calls
/// of the Handover Protocol that it does not have.
pub fn error(refusal: &Refusal, app: &str, disabled: DisabledError) -> GraphError {
    match &refusal.reason {
        Reason::AnotherAppControls => errors::ANOTHER_APP_CONTROLS.error(),
        Reason::OutsideWindow => errors::OUTSIDE_WINDOW.error(),
        Reason::PersonUnavailable | Reason::ShutOut => errors::PERSON_UNAVAILABLE.error(),
        Reason::NotThreadOwner("pass") => errors::NOT_OWNER_PASS.error(),
        Reason::NotThreadOwner("extend") => errors::NOT_OWNER_EXTEND.error(),
        Reason::NotThreadOwner(_) => errors::NOT_OWNER_RELEASE.error(),
        Reason::UnknownTarget => errors::INCORRECT_APP_ID.error(),
        Reason::PassToSelf => errors::PASS_TO_SELF.error(),
        Reason::PayloadWithAppId => errors::CONTROL_COMBINED.error(),
        Reason::PayloadForm => errors::INVALID_KEYS.with(&[("keys", "payload"), ("param", "thread_control")]),
        Reason::HandoverDisabled => errors::HANDOVER_DISABLED.numbered(disabled.code, disabled.http),
        Reason::ParameterNeeded(param) => errors::PARAM_REQUIRED.with(&[("param", param)]),
        Reason::WrongRole { call, needed: Role::Primary } => errors::PRIMARY_ONLY.with(&[("call", call)]),
        Reason::WrongRole { call, needed: Role::Secondary } => errors::SECONDARY_ONLY.with(&[("call", call)]),
        Reason::LeadFlow => errors::LEAD_FLOW.error(),
        Reason::NoRoles => errors::RECEIVERS_ONLY.error(),
        Reason::ReceiverHidden => errors::RECEIVER_HIDDEN.error(),
        Reason::TakeNotSupported => errors::TAKE_NOT_SUPPORTED.error(),
        Reason::NotSupported(call) => errors::CALL_NOT_SUPPORTED.with(&[("call", call)]),
        Reason::AlreadyOwner => errors::ALREADY_OWNER.error(),
        Reason::TooLong(Span(millis)) => {
            errors::PARAM_TOO_LARGE.with(&[("param", "duration"), ("limit", &(millis / 1000).to_string())])
        }
        Reason::AppNotConnected => errors::TOKEN_APP_REMOVED.with(&[("app", app)]),
        Reason::NoSuchMessage => errors::UNKNOWN_MESSAGE.error(),
        Reason::MenuNeedsGetStarted => errors::MENU_NEEDS_GET_STARTED.error(),
        Reason::NoSuchPersona => errors::UNKNOWN_PERSONA.error(),
        Reason::TooManyPersonas => errors::TOO_MANY_PERSONAS.error(),
        Reason::TokenExpired { at, now } => {
            errors::TOKEN_EXPIRED.with(&[("date", &pacific(*at)), ("now", &pacific(*now))])
        }
        Reason::TokenEnded(end) => ended(*end, app),
        Reason::NoPermission(Permission::PagesMessaging) => errors::MESSAGING_PERMISSION_NEEDED.error(),
        Reason::NoPermission(missing) => errors::PERMISSION_NEEDED.with(&[("permission", missing.name())]),
        Reason::NoTask => errors::TASK_NEEDED.error(),
        Reason::NoRoleOnApp => errors::REVIEW_NEEDED_200.error(),
        Reason::CodeUnknown => errors::CODE_INVALID.error(),
        Reason::CodeUsed => errors::CODE_USED.error(),
        Reason::CodeExpired => errors::CODE_EXPIRED.error(),
        Reason::NoUserToken => errors::USER_TOKEN_NEEDED.error(),
        Reason::TokenOfAnotherApp => errors::TOKEN_OF_ANOTHER_APP.error(),
        Reason::TooManyTokens => errors::TOO_MANY_TOKENS.with(&[("limit", &MAX_ISSUED.to_string())]),
        Reason::CommentInvalid => errors::COMMENT_INVALID.error(),
        Reason::AlreadyReplied => errors::ALREADY_REPLIED.error(),
        Reason::NotificationTooSoon => errors::NOTIFICATION_TOO_SOON.error(),
        Reason::NotificationsStopped => errors::NOTIFICATIONS_STOPPED.error(),
        Reason::NotificationUnknown => errors::TOKEN_OF_NOTIFICATION_INVALID.error(),
        Reason::NotificationExpired => errors::TOKEN_OF_NOTIFICATION_EXPIRED.error(),
        Reason::FollowUpTooLong(limit) => {
            errors::PARAM_LENGTH.with(&[("param", "message[text]"), ("limit", &limit.to_string())])
        }
        Reason::AskedBefore => errors::TOO_MANY_OPT_INS.error(),
        Reason::NoSuchTemplate => errors::UTILITY_TEMPLATE_UNKNOWN.error(),
        Reason::TemplateExists => errors::UTILITY_TEMPLATE_EXISTS.error(),
        Reason::TooManyTemplates => errors::UTILITY_TEMPLATES_TOO_MANY.error(),
        Reason::NotLinked => errors::NO_MATCHING_USER.error(),
        Reason::NoSuchLabel(id) => errors::UNKNOWN_OBJECT.with(&[("method", "post"), ("id", id)]),
        Reason::LabelExists => errors::LABEL_EXISTS.error(),
        Reason::TooManyLabels => errors::LABELS_TOO_MANY.error(),
        Reason::Script(_) => errors::INTERNAL.error(), // a gesture's refusal; no Graph call makes a gesture
    }
}

fn ended(end: TokenEnd, app: &str) -> GraphError {
    match end {
        TokenEnd::PasswordChanged => errors::TOKEN_PASSWORD_CHANGED.error(),
        TokenEnd::LoggedOut => errors::TOKEN_LOGGED_OUT.error(),
        TokenEnd::Invalidated => errors::TOKEN_INVALIDATED.error(),
        TokenEnd::AppRemoved => errors::TOKEN_APP_NOT_AUTHORIZED.with(&[("app", app)]),
        TokenEnd::RoleLost => errors::TOKEN_WITHOUT_ROLE.error(),
    }
}
