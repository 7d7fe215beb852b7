//! Lints about how a real app receives its webhooks.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::domain::event::{Channel, Decision};
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules;
use crate::engine::ledger_entry::Record;

use super::context::{LintContext, thread_of};
use super::occurrence::Occurrence;
use super::sending::{answers_standby_webhook, sends_of_non_owners};
use super::user_webhooks::{UserWebhook, user_webhooks};
use super::webhook_attempts::webhook_attempts;

/// Meta expects an answer within this time.
const MAX_ANSWER_TIME: Duration = Duration::from_secs(5);

pub fn slow_answer(context: &LintContext<'_>) -> Vec<Occurrence> {
    let slow = webhook_attempts(context).filter(|attempt| attempt.took > MAX_ANSWER_TIME);
    slow.map(|attempt| {
        let thread = context.ledger.get(attempt.webhook).and_then(|entry| entry.record.webhook()?.0.scope.thread());
        let what = format!(
            "`{}` took more than {} s to answer a webhook",
            context.app_name(attempt.app),
            MAX_ANSWER_TIME.as_secs()
        );
        context.occurrence_in_thread(attempt.app, (attempt.entry, thread), None, what)
    })
    .collect()
}

pub fn standby_not_subscribed(context: &LintContext<'_>) -> Vec<Occurrence> {
    let unsubscribed = [rules::NOT_SUBSCRIBED, rules::APP_NOT_SUBSCRIBED];
    let on_standby = context.entries().filter_map(|entry| {
        let (webhook_event, decision) = entry.record.webhook()?;
        let is_withheld =
            decision.decision == Decision::Withhold(Channel::Standby) && unsubscribed.contains(&decision.rule);
        (is_withheld && (context.is_real)(decision.app)).then_some((entry, decision, webhook_event.scope.asset()))
    });
    on_standby
        .map(|(entry, decision, page)| {
            let (app, page) = (context.app_name(decision.app), &context.config().asset(page).name);
            let what = format!("`{app}` shares {page} and is not subscribed to standby");
            Occurrence { rule: Some(decision.rule), ..context.occurrence(decision.app, entry, what) }
        })
        .collect()
}

/// Webhooks on messaging that an app accepted and then did nothing, although it answers webhooks on standby.
pub fn messaging_ignored(context: &LintContext<'_>) -> Vec<Occurrence> {
    let on_standby = sends_of_non_owners(context).filter(|refused| answers_standby_webhook(context, refused));
    let answers_standby: BTreeSet<AppKey> = on_standby.map(|refused| refused.app).collect();
    let accepted: BTreeSet<u64> =
        webhook_attempts(context).filter(|attempt| attempt.is_accepted).map(|attempt| attempt.webhook).collect();
    let last_commands = last_commands(context);
    let is_ignored = |webhook: &UserWebhook<'_>| {
        let received = webhook.entry.cursor;
        let last_command = last_commands.get(&(webhook.app, webhook.thread)).copied().unwrap_or(0);
        webhook.channel == Channel::Messaging && accepted.contains(&received) && last_command < received
    };
    let of_suspects = user_webhooks(context)
        .filter(|webhook| answers_standby.contains(&webhook.app) && (context.is_real)(webhook.app));
    of_suspects
        .filter(is_ignored)
        .map(|webhook| {
            let app = context.app_name(webhook.app);
            let what = format!("`{app}` received what the person said on messaging, and did nothing");
            context.occurrence_in_thread(webhook.app, (webhook.entry, Some(webhook.thread)), None, what)
        })
        .collect()
}

/// The cursor of each app's last command in each thread.
fn last_commands(context: &LintContext<'_>) -> BTreeMap<(AppKey, ThreadKey), u64> {
    let commands = context.entries().filter_map(|entry| match &entry.record {
        Record::Command { by, command } | Record::Refused { by, command, .. } => {
            Some(((by.app()?, thread_of(command)?), entry.cursor))
        }
        _ => None,
    });
    commands.collect()
}
