//! Lead-generation ads. Messenger's own lead app asks the ad's questions and keeps other apps out. In the end the ad's app gets the thread
//! and the answers.

use std::sync::Arc;

use crate::domain::event::{Event, Lead, WebhookPayload};
use crate::domain::model::ad_config::{AdConfig, LeadForm};
use crate::domain::model::ids::{AdKey, AppKey};
use crate::domain::model::message::{Author, Content, Message};
use crate::domain::model::thread::LeadFlow;
use crate::domain::outcome::Reply;
use crate::domain::policy::entry_points;
use crate::domain::refusal::{Reason, Refusal};
use crate::domain::rules;
use crate::domain::rules::RuleId;
use crate::domain::thread_tx::{Draft, ThreadTx};

const COMPLETE_METADATA: &str = "messenger_lead_gen_complete";
const INCOMPLETE_METADATA: &str = "messenger_lead_gen_incomplete";

/// The lead app gets the thread and asks the first question. No app gets a webhook for it.
pub fn start_flow(tx: &mut ThreadTx<'_>, key: AdKey) {
    let lead_app = tx.config.lead_app();
    leave_flow(tx);
    tx.push_event(Event::Routed { thread: tx.key, app: Some(lead_app), rule: rules::LEAD_FLOW });
    tx.thread.pending = None;
    tx.give_control(lead_app, rules::LEAD_FLOW, None);
    tx.extend_idle_timeout(tx.asset().knobs.lead_patience, rules::LEAD_FLOW);
    tx.thread.lead = Some(Box::new(LeadFlow { ad: key, answers: Vec::new() }));
    ask_question(tx, key, 0);
}

fn form<'w>(tx: &ThreadTx<'w>, key: AdKey) -> Option<&'w LeadForm> {
    tx.config.ad(key).lead.as_ref()
}

fn ask_question(tx: &mut ThreadTx<'_>, key: AdKey, number: usize) {
    let Some(question) = form(tx, key).and_then(|form| form.questions.get(number)) else { return };
    show(tx, key, Content { quick_replies: question.choices.clone(), ..Content::text(question.text.clone()) });
}

/// The ad shows a message to the person. Meta sends no echo of it.
fn show(tx: &mut ThreadTx<'_>, key: AdKey, content: Content) {
    let message = tx.write_message(Author::Ad(key, None), Draft { content: content.into(), ..Draft::default() });
    tx.push_event(Event::Shown { message, rule: rules::LEAD_FLOW });
}

/// The person answers while the ad asks.
pub fn handle_answer(tx: &mut ThreadTx<'_>, draft: Draft) -> Reply {
    // While the ad asks, a pending entry has no effect.
    tx.thread.pending = None;
    tx.restart_idle_clock();
    tx.open_window();
    tx.thread.last_person_message = Some(tx.now);
    let message = tx.write_message(Author::Person, draft);
    let mid = message.mid.clone();
    match is_stop_keyword(tx, &message) {
        true => stop_flow(tx, message),
        false => record_answer(tx, message),
    }
    Reply::Sent { mid, attachment_id: None }
}

fn is_stop_keyword(tx: &ThreadTx<'_>, message: &Message) -> bool {
    let form = tx.thread.lead.as_ref().and_then(|flow| form(tx, flow.ad));
    let text = message.content.text.as_deref().unwrap_or_default().trim().to_lowercase();
    form.is_some_and(|form| form.stop_keywords.iter().any(|keyword| keyword.to_lowercase() == text))
}

/// The questions end. The message with the stop keyword causes a webhook like any other message.
fn stop_flow(tx: &mut ThreadTx<'_>, message: Arc<Message>) {
    let Some(flow) = tx.thread.lead.take() else { return };
    tx.release_control(rules::LEAD_KEYWORD);
    let route = entry_points::organic(&tx.thread, tx.asset(), tx.now);
    tx.follow_route(route);
    tx.emit_at(message.at, WebhookPayload::Message { message, referral: None }, None);
    if let Some(confirmation) = form(tx, flow.ad).and_then(|form| form.confirmation.clone()) {
        show(tx, flow.ad, Content::text(confirmation));
    }
    if !flow.answers.is_empty() {
        emit_lead(tx, &flow, false);
    }
}

fn record_answer(tx: &mut ThreadTx<'_>, message: Arc<Message>) {
    tx.emit_at(message.at, WebhookPayload::Message { message: message.clone(), referral: None }, None);
    let Some(flow) = &mut tx.thread.lead else { return };
    let text: Box<str> = message.content.text.clone().unwrap_or_default();
    flow.answers.push(text.clone());
    let (key, answered) = (flow.ad, flow.answers.len());
    let Some(form) = form(tx, key) else { return };
    let question = form.questions.get(answered - 1);
    let given = text.trim().to_lowercase();
    let disqualified =
        question.is_some_and(|question| question.disqualifying.iter().any(|wrong| wrong.to_lowercase() == given));
    if disqualified {
        finish_flow(tx, false);
    } else if answered < form.questions.len() {
        ask_question(tx, key, answered);
    } else {
        finish_flow(tx, true);
    }
}

/// If the person has been silent for too long, the ad gives up.
pub fn end_if_silent(tx: &mut ThreadTx<'_>) {
    if tx.thread.lead.is_none() || tx.holder().is_some() {
        return;
    }
    // The ad hands the thread over itself, so its control must not lapse first.
    if let Some(holder) = &mut tx.thread.holder {
        holder.until = tx.now + holder.idle_timeout;
    }
    match tx.thread.lead.as_ref().is_some_and(|flow| flow.answers.is_empty()) {
        true => leave_flow(tx),
        false => finish_flow(tx, false),
    }
}

/// The ad stops asking and releases the thread. A person who never answered causes no lead.
pub fn leave_flow(tx: &mut ThreadTx<'_>) {
    if tx.lead().is_some() {
        let answered = tx.thread.lead.as_ref().is_some_and(|flow| !flow.answers.is_empty());
        tx.release_control(if answered { rules::LEAD_ENDS } else { rules::LEAD_UNANSWERED });
    }
    emit_abandoned_lead(tx);
}

/// The questions are over. The thread goes to the ad's app, and every app that subscribes to referrals gets the answers.
fn finish_flow(tx: &mut ThreadTx<'_>, complete: bool) {
    let Some(flow) = tx.thread.lead.take() else { return };
    let ad = tx.config.ad(flow.ad);
    let metadata = if complete { COMPLETE_METADATA } else { INCOMPLETE_METADATA };
    let next_holder = receiver(tx, ad).or(tx.asset().primary.filter(|_| tx.asset().ruleset.has_roles()));
    match next_holder {
        Some(app) => {
            tx.pass_control(app, rules::LEAD_ENDS, Some(metadata.into()));
            tx.restart_idle_clock();
        }
        None => tx.release_control(rules::LEAD_ENDS),
    }
    if let (Some(idle_timeout), Some(_), true) = (ad.control, next_holder, tx.asset().ruleset.ad_windows) {
        tx.extend_idle_timeout(idle_timeout, rules::AD_WINDOW);
    }
    emit_lead(tx, &flow, complete);
    if complete {
        send_summary(tx, &flow);
    }
}

/// The ad's app, if it is still connected.
fn receiver(tx: &ThreadTx<'_>, ad: &AdConfig) -> Option<AppKey> {
    ad.app.filter(|app| tx.asset().is_connected(*app))
}

fn emit_lead(tx: &mut ThreadTx<'_>, flow: &LeadFlow, complete: bool) {
    let answers = answers(tx, flow);
    tx.emit_to_all(rules::WEBHOOK_LEAD_REFERRAL, WebhookPayload::Lead(Lead { ad: flow.ad, complete, answers }));
}

fn answers(tx: &ThreadTx<'_>, flow: &LeadFlow) -> Vec<(Box<str>, Box<str>)> {
    let questions = form(tx, flow.ad).map(|form| form.questions.as_slice()).unwrap_or_default();
    questions.iter().zip(&flow.answers).map(|(question, answer)| (question.text.clone(), answer.clone())).collect()
}

fn send_summary(tx: &mut ThreadTx<'_>, flow: &LeadFlow) {
    let is_wanted = form(tx, flow.ad).is_some_and(|form| form.summary);
    let Some(app) = receiver(tx, tx.config.ad(flow.ad)).filter(|_| is_wanted) else { return };
    let lines = answers(tx, flow).into_iter().map(|(question, answer)| format!("\n{question}: {answer}"));
    let text = format!("Lead summary:{}", lines.collect::<String>()).into();
    let mid = tx.new_message_id();
    tx.emit_to_app(app, rules::WEBHOOK_LEAD_SUMMARY, WebhookPayload::Summary { mid, text });
}

/// The rule by which an app may act while an ad asks, or a refusal. `None` if no ad asks.
pub fn check_interrupt(tx: &ThreadTx<'_>, app: AppKey) -> Result<Option<RuleId>, Refusal> {
    match tx.lead() {
        None => Ok(None),
        Some(Some(interrupter)) if interrupter == app => Ok(Some(rules::LEAD_INTERRUPTED)),
        Some(_) => Err(Refusal::new(Reason::LeadFlow, rules::LEAD_BLOCKS)),
    }
}

/// If another app got the thread while the ad was asking, emits the lead as incomplete.
pub fn emit_abandoned_lead(tx: &mut ThreadTx<'_>) {
    if tx.lead().is_some() {
        return;
    }
    if let Some(flow) = tx.thread.lead.take().filter(|flow| !flow.answers.is_empty()) {
        emit_lead(tx, &flow, false);
    }
}
