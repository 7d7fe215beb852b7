//! Lint room: how a real app takes its webhooks.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::domain::event::{Channel, Decision};
use crate::domain::model::ids::{AppKey, ThreadKey};
use crate::domain::rules;
use crate::engine::ledger::Record;

use super::context::{Case, thread_of};
use super::deliveries::deliveries;
use super::finding::{Finding, Lint};
use super::sending::{not_owner, was_told_on_standby};
use super::user_webhooks::{Heard, heard};

/// Meta asks for an answer within this time.
const PROMPT: Duration = Duration::from_secs(5);

pub fn slow_answer(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let slow = deliveries(case).filter(|delivery| delivery.took > PROMPT);
    slow.map(|delivery| {
        let thread = case.ledger.get(delivery.webhook).and_then(|entry| entry.record.webhook()?.0.scope.thread());
        let what =
            format!("`{}` took more than {} s to answer a webhook", case.app_name(delivery.app), PROMPT.as_secs());
        case.in_thread(lint, delivery.app, (delivery.entry, thread), None, what)
    })
    .collect()
}

pub fn standby_not_subscribed(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let unsubscribed = [rules::NOT_SUBSCRIBED, rules::APP_NOT_SUBSCRIBED];
    let on_standby = case.entries().filter_map(|entry| {
        let (webhook_event, decision) = entry.record.webhook()?;
        let is_withheld =
            decision.decision == Decision::Withhold(Channel::Standby) && unsubscribed.contains(&decision.rule);
        (is_withheld && (case.is_real)(decision.app)).then_some((entry, decision, webhook_event.scope.page()))
    });
    on_standby
        .map(|(entry, decision, page)| {
            let (app, page) = (case.app_name(decision.app), &case.config().page(page).name);
            let what = format!("`{app}` shares {page} and is not subscribed to standby");
            Finding { rule: Some(decision.rule), ..case.finding(lint, decision.app, entry, what) }
        })
        .collect()
}

/// Webhooks on messaging that an app took and did nothing about, although it answers what comes on standby.
pub fn messaging_ignored(lint: &'static Lint, case: &Case<'_>) -> Vec<Finding> {
    let on_standby = not_owner(case).filter(|refused| was_told_on_standby(case, refused));
    let answers_standby: BTreeSet<AppKey> = on_standby.map(|refused| refused.app).collect();
    let taken: BTreeSet<u64> = deliveries(case).filter(|one| one.is_taken).map(|one| one.webhook).collect();
    let last_acts = last_acts(case);
    let is_ignored = |heard: &Heard<'_>| {
        let last_act = last_acts.get(&(heard.app, heard.thread)).copied().unwrap_or(0);
        heard.channel == Channel::Messaging && taken.contains(&heard.entry.cursor) && last_act < heard.entry.cursor
    };
    let of_suspects = heard(case).filter(|heard| answers_standby.contains(&heard.app) && (case.is_real)(heard.app));
    of_suspects
        .filter(is_ignored)
        .map(|heard| {
            let what =
                format!("`{}` took what the person said on messaging, and did nothing", case.app_name(heard.app));
            case.in_thread(lint, heard.app, (heard.entry, Some(heard.thread)), None, what)
        })
        .collect()
}

/// When each app did something last in each thread, by the cursor.
fn last_acts(case: &Case<'_>) -> BTreeMap<(AppKey, ThreadKey), u64> {
    let acts = case.entries().filter_map(|entry| match &entry.record {
        Record::Command { by, command } | Record::Refused { by, command, .. } => {
            Some(((by.app()?, thread_of(command)?), entry.cursor))
        }
        _ => None,
    });
    acts.collect()
}
