//! Lints about sends that Meta refuses: outside the messaging window, or into a thread of another app.

use crate::domain::command::Command;
use crate::domain::event::Channel;
use crate::domain::model::message::{QuickReply, QuickReplyKind};
use crate::domain::refusal::Reason;

use super::context::{LintContext, RefusedCommand};
use super::occurrence::Occurrence;
use super::user_webhooks::user_webhook;

pub fn outside_window(context: &LintContext<'_>) -> Vec<Occurrence> {
    let refused = context.refused_commands().filter(|refused| refused.refusal.reason == Reason::OutsideWindow);
    refused.map(|refused| occurrence(context, &refused, "outside its messaging window")).collect()
}

/// The most characters of a quick reply's title that Messenger shows.
const MAX_TITLE: usize = 20;

pub fn title_truncated(context: &LintContext<'_>) -> Vec<Occurrence> {
    let sends = context.executed_commands().filter_map(|(entry, app, command)| match command {
        Command::Send(thread, _, send) => Some((entry, app, *thread, &send.content.quick_replies)),
        _ => None,
    });
    let long = sends.flat_map(|(entry, app, thread, replies)| {
        let is_long =
            |reply: &&QuickReply| reply.kind == QuickReplyKind::Text && reply.title.chars().count() > MAX_TITLE;
        replies.iter().filter(is_long).map(move |reply| (entry, app, thread, &reply.title))
    });
    long.map(|(entry, app, thread, title)| {
        let shown: String = title.chars().take(MAX_TITLE).collect();
        let what = format!("`{}` sent a quick reply of which people see only `{shown}`", context.app_name(app));
        context.occurrence_in_thread(app, (entry, Some(thread)), None, what)
    })
    .collect()
}

pub fn without_control(context: &LintContext<'_>) -> Vec<Occurrence> {
    let refused = sends_of_non_owners(context).filter(|refused| !answers_standby_webhook(context, refused));
    refused.map(|refused| occurrence(context, &refused, "while another app owned the thread")).collect()
}

pub fn answers_standby(context: &LintContext<'_>) -> Vec<Occurrence> {
    let refused = sends_of_non_owners(context).filter(|refused| answers_standby_webhook(context, refused));
    refused.map(|refused| occurrence(context, &refused, "in answer to what it received on standby")).collect()
}

/// The sends that were refused because another app owns the thread.
pub fn sends_of_non_owners<'c>(context: &LintContext<'c>) -> impl Iterator<Item = RefusedCommand<'c>> {
    context.refused_commands().filter(|refused| refused.refusal.reason == Reason::AnotherAppControls)
}

fn occurrence(context: &LintContext<'_>, refused: &RefusedCommand<'_>, how: &str) -> Occurrence {
    let thread = refused.thread.map(|thread| context.config().full_thread_name(thread)).unwrap_or_default();
    let what = format!("`{}` sent into the thread of {thread} {how}", context.app_name(refused.app));
    context.occurrence_in_thread(refused.app, (refused.entry, refused.thread), refused.refusal.rule, what)
}

/// True if the last thing that the app received from the person before this send came on standby.
pub fn answers_standby_webhook(context: &LintContext<'_>, refused: &RefusedCommand<'_>) -> bool {
    let received = context.entries_before(refused.entry.cursor).filter_map(user_webhook);
    let mut by_app = received.filter(|webhook| webhook.app == refused.app && Some(webhook.thread) == refused.thread);
    by_app.next().is_some_and(|webhook| webhook.channel == Channel::Standby)
}
