//! The mapping from the domain's refusals to Meta's errors.

use crate::domain::model::access::{Permission, Role, TokenEnd};
use crate::domain::model::knobs::Knobs;
use crate::domain::model::platform::Platform;
use crate::domain::model::sending_knobs::{HumanAgentRefusal, PrivateReplyTwice};
use crate::domain::model::time::Span;
use crate::domain::model::tokens::MAX_ISSUED;
use crate::domain::refusal::{Reason, Refusal};

use super::catalogue::{self, GraphError};
use super::pacific_time::pacific_time;

/// Meta's error for a refusal. `app` is the caller's id. The knobs are those of the thread's asset, or of the token's page.
pub fn graph_error(refusal: &Refusal, app: &str, knobs: &Knobs, platform: Platform) -> GraphError {
    let of_instagram = (platform == Platform::Instagram).then(|| instagram_error(&refusal.reason, knobs)).flatten();
    of_instagram.unwrap_or_else(|| error_of_reason(&refusal.reason, app, knobs))
}

fn error_of_reason(reason: &Reason, app: &str, knobs: &Knobs) -> GraphError {
    match reason {
        Reason::AnotherAppControls => catalogue::ANOTHER_APP_CONTROLS.error(),
        Reason::OutsideWindow => catalogue::OUTSIDE_WINDOW.error(),
        Reason::PersonUnavailable | Reason::ShutOut => catalogue::PERSON_UNAVAILABLE.error(),
        Reason::NotThreadOwner("pass") => catalogue::NOT_OWNER_PASS.error(),
        Reason::NotThreadOwner("extend") => catalogue::NOT_OWNER_EXTEND.error(),
        Reason::NotThreadOwner(_) => catalogue::NOT_OWNER_RELEASE.error(),
        Reason::UnknownTarget => catalogue::INCORRECT_APP_ID.error(),
        Reason::PassToSelf => catalogue::PASS_TO_SELF.error(),
        Reason::PayloadWithAppId => catalogue::CONTROL_COMBINED.error(),
        Reason::PayloadForm => catalogue::INVALID_KEYS.with(&[("keys", "payload"), ("param", "thread_control")]),
        Reason::HandoverDisabled => handover_disabled(knobs),
        Reason::ParameterNeeded(param) => catalogue::PARAM_REQUIRED.with(&[("param", param)]),
        Reason::WrongRole { call, needed: Role::Primary } => catalogue::PRIMARY_ONLY.with(&[("call", call)]),
        Reason::WrongRole { call, needed: Role::Secondary } => catalogue::SECONDARY_ONLY.with(&[("call", call)]),
        Reason::LeadFlow => catalogue::LEAD_FLOW.error(),
        Reason::NoRoles => catalogue::RECEIVERS_ONLY.error(),
        Reason::ReceiverHidden => catalogue::RECEIVER_HIDDEN.error(),
        Reason::TakeNotSupported => catalogue::TAKE_NOT_SUPPORTED.error(),
        Reason::NotSupported(call) => catalogue::CALL_NOT_SUPPORTED.with(&[("call", call)]),
        Reason::AlreadyOwner => catalogue::ALREADY_OWNER.error(),
        Reason::TooLong(Span(millis)) => {
            catalogue::PARAM_TOO_LARGE.with(&[("param", "duration"), ("limit", &(millis / 1000).to_string())])
        }
        Reason::AppNotConnected => catalogue::TOKEN_APP_REMOVED.with(&[("app", app)]),
        Reason::NoSuchMessage => catalogue::UNKNOWN_MESSAGE.error(),
        Reason::TooManyMessages => catalogue::RATE_LIMITED_INSTAGRAM.error(),
        Reason::InvalidContent => catalogue::MESSAGE_DATA_INVALID.error(),
        Reason::MenuNeedsGetStarted => catalogue::MENU_NEEDS_GET_STARTED.error(),
        Reason::MenuOfPrimaryOnly => catalogue::MENU_NOT_PRIMARY.error(),
        Reason::NoSuchPersona => catalogue::UNKNOWN_PERSONA.error(),
        Reason::NoSuchWelcomeFlow(id) => catalogue::UNKNOWN_OBJECT.with(&[("method", "post"), ("id", id)]),
        Reason::TooManyPersonas | Reason::TooManyWelcomeFlows | Reason::TooManyTemplates | Reason::TooManyLabels => {
            too_many(reason)
        }
        Reason::TokenExpired { at, now } => {
            catalogue::TOKEN_EXPIRED.with(&[("date", &pacific_time(*at)), ("now", &pacific_time(*now))])
        }
        Reason::TokenEnded(end) => token_ended(*end, app),
        Reason::NoPermission(missing) => permission_needed(*missing),
        Reason::NoTask => catalogue::TASK_NEEDED.error(),
        Reason::NoRoleOnApp => catalogue::REVIEW_NEEDED_200.error(),
        Reason::MessagesDisallowed => catalogue::INSTAGRAM_DISABLED.error(),
        Reason::NoHumanAgent => catalogue::PERMISSION_MISSING.error(),
        Reason::CodeUnknown
        | Reason::CodeUsed
        | Reason::CodeExpired
        | Reason::NoUserToken
        | Reason::TokenOfAnotherApp
        | Reason::TokenOfWrongKind
        | Reason::TooManyTokens => login_error(reason),
        Reason::ReplyTimeExpired => catalogue::REPLY_TIME_EXPIRED.error(),
        Reason::AlreadyReplied => catalogue::ALREADY_REPLIED.error(),
        Reason::NotificationTooSoon => catalogue::NOTIFICATION_TOO_SOON.error(),
        Reason::NotificationsStopped => catalogue::NOTIFICATIONS_STOPPED.error(),
        Reason::NotificationUnknown => catalogue::TOKEN_OF_NOTIFICATION_INVALID.error(),
        Reason::NotificationExpired => catalogue::TOKEN_OF_NOTIFICATION_EXPIRED.error(),
        Reason::FollowUpTooLong(limit) => {
            catalogue::PARAM_LENGTH.with(&[("param", "message[text]"), ("limit", &limit.to_string())])
        }
        Reason::AskedBefore => catalogue::TOO_MANY_OPT_INS.error(),
        Reason::NoSuchTemplate => catalogue::UTILITY_TEMPLATE_UNKNOWN.error(),
        Reason::TemplateExists => catalogue::UTILITY_TEMPLATE_EXISTS.error(),
        Reason::NotLinked => catalogue::NO_MATCHING_USER.error(),
        Reason::NoSuchLabel(id) => catalogue::UNKNOWN_OBJECT.with(&[("method", "post"), ("id", id)]),
        Reason::LabelExists => catalogue::LABEL_EXISTS.error(),
        Reason::People(_) | Reason::Script(_) | Reason::NotThereYet(_) => catalogue::INTERNAL.error(), // only actions of people have this reason, and no Graph call is one
    }
}

/// The error of an app that has made as many of something as it can.
fn too_many(reason: &Reason) -> GraphError {
    match reason {
        Reason::TooManyPersonas => catalogue::TOO_MANY_PERSONAS.error(),
        Reason::TooManyWelcomeFlows => catalogue::TOO_MANY_WELCOME_FLOWS.error(),
        Reason::TooManyTemplates => catalogue::UTILITY_TEMPLATES_TOO_MANY.error(),
        Reason::TooManyLabels => catalogue::LABELS_TOO_MANY.error(),
        _ => catalogue::INTERNAL.error(),
    }
}

fn permission_needed(missing: Permission) -> GraphError {
    match missing {
        Permission::PagesMessaging => catalogue::MESSAGING_PERMISSION_NEEDED.error(),
        _ if missing.is_of_instagram() => catalogue::INSTAGRAM_PERMISSION_NEEDED.error(),
        _ => catalogue::PERMISSION_NEEDED.with(&[("permission", missing.name())]),
    }
}

/// The error of a disabled call, with the numbers that the page says.
fn handover_disabled(knobs: &Knobs) -> GraphError {
    catalogue::HANDOVER_DISABLED.numbered(knobs.disabled_error.code, knobs.disabled_error.http)
}

/// The error of a reason that has another one in the threads of Instagram.
fn instagram_error(reason: &Reason, knobs: &Knobs) -> Option<GraphError> {
    let outside_window = || catalogue::OUTSIDE_WINDOW_INSTAGRAM.with_status(knobs.instagram.window_status);
    Some(match reason {
        Reason::AnotherAppControls | Reason::NotThreadOwner(_) => catalogue::NOT_OWNER_INSTAGRAM.error(),
        Reason::OutsideWindow => outside_window(),
        Reason::NoHumanAgent => match knobs.instagram.human_agent_refusal {
            HumanAgentRefusal::Window => outside_window(),
            HumanAgentRefusal::Permission => catalogue::PERMISSION_MISSING.with_status(403),
        },
        Reason::NoRoleOnApp => catalogue::INSTAGRAM_ADVANCED_ACCESS.error(),
        Reason::ReplyTimeExpired => catalogue::COMMENT_INVALID.error(),
        Reason::AlreadyReplied => match knobs.instagram.private_reply_twice {
            PrivateReplyTwice::CommentInvalid => catalogue::COMMENT_INVALID.error(),
            PrivateReplyTwice::ServerError => catalogue::ALREADY_REPLIED_INTERNAL.error(),
            PrivateReplyTwice::AlreadyReplied => catalogue::ALREADY_REPLIED.error(),
        },
        Reason::TakeNotSupported => catalogue::TAKE_NOT_SUPPORTED_INSTAGRAM.error(),
        _ => return None,
    })
}

/// The error of a login, or of an exchange of tokens.
fn login_error(reason: &Reason) -> GraphError {
    match reason {
        Reason::CodeUnknown => catalogue::CODE_INVALID.error(),
        Reason::CodeUsed => catalogue::CODE_USED.error(),
        Reason::CodeExpired => catalogue::CODE_EXPIRED.error(),
        Reason::NoUserToken => catalogue::USER_TOKEN_NEEDED.error(),
        Reason::TokenOfAnotherApp => catalogue::TOKEN_OF_ANOTHER_APP.error(),
        Reason::TokenOfWrongKind => catalogue::UNSUPPORTED_METHOD.with(&[("method", "get")]),
        Reason::TooManyTokens => catalogue::TOO_MANY_TOKENS.with(&[("limit", &MAX_ISSUED.to_string())]),
        _ => catalogue::INTERNAL.error(),
    }
}

fn token_ended(end: TokenEnd, app: &str) -> GraphError {
    match end {
        TokenEnd::PasswordChanged => catalogue::TOKEN_PASSWORD_CHANGED.error(),
        TokenEnd::LoggedOut => catalogue::TOKEN_LOGGED_OUT.error(),
        TokenEnd::Invalidated => catalogue::TOKEN_INVALIDATED.error(),
        TokenEnd::AppRemoved => catalogue::TOKEN_APP_NOT_AUTHORIZED.with(&[("app", app)]),
        TokenEnd::RoleLost => catalogue::TOKEN_WITHOUT_ROLE.error(),
    }
}
