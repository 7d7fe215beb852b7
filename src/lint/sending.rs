//! Lint room: sends that Meta refuses: too late, or into somebody else's thread.

use crate::domain::event::Channel;
use crate::domain::refusal::Reason;

use super::context::{Case, RefusedCommand};
use super::finding::{Finding, Lint};
use super::user_webhooks::heard_by;

pub fn outside_window(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let refused = case.refused_commands().filter(|refused| refused.refusal.reason == Reason::OutsideWindow);
    refused.map(|refused| found(lint, case, &refused, "after its messaging window had closed")).collect()
}

pub fn without_control(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let refused = not_owner(case).filter(|refused| !was_told_on_standby(case, refused));
    refused.map(|refused| found(lint, case, &refused, "while another app owned the thread")).collect()
}

pub fn answers_standby(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let refused = not_owner(case).filter(|refused| was_told_on_standby(case, refused));
    refused.map(|refused| found(lint, case, &refused, "in answer to what it was told on standby")).collect()
}

/// Sends into threads of others.
pub(super) fn not_owner<'c>(case: &Case<'c>) -> impl Iterator<Item = RefusedCommand<'c>> {
    case.refused_commands().filter(|refused| refused.refusal.reason == Reason::AnotherAppControls)
}

fn found(lint: &'static Lint, case: &Case<'_>, refused: &RefusedCommand<'_>, how: &str) -> Finding {
    let thread = refused.thread.map(|thread| case.thread_name(thread)).unwrap_or_default();
    let what = format!("`{}` sent into the thread of {thread} {how}", case.app_name(refused.app));
    case.in_thread(lint, refused.app, (refused.entry, refused.thread), refused.refusal.rule, what)
}

/// Whether what the app heard last of the person, before it sent, came on standby.
pub(super) fn was_told_on_standby(case: &Case<'_>, refused: &RefusedCommand<'_>) -> bool {
    let heard = case.before(refused.entry.cursor).filter_map(heard_by);
    let mut by_app = heard.filter(|heard| heard.app == refused.app && Some(heard.thread) == refused.thread);
    by_app.next().is_some_and(|heard| heard.channel == Channel::Standby)
}
