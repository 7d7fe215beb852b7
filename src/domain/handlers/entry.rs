//! How a person enters a thread: by an ad, by an m.me link, or by writing. The entry decides which app gets the thread.

use std::sync::Arc;

use super::{lead, native_app};
use crate::domain::command::UserAction;
use crate::domain::event::{Event, WebhookPayload};
use crate::domain::model::ids::{AdKey, AppKey};
use crate::domain::model::message::{Attachment, Author, Content, Referral};
use crate::domain::model::template::Template;
use crate::domain::model::thread::PendingEntry;
use crate::domain::policy::entry_points;
use crate::domain::policy::entry_points::Route;
use crate::domain::refusal::Refusal;
use crate::domain::rules;
use crate::domain::thread_tx::{Draft, ThreadTx};

/// An app that got the thread by a route, and the app that held it before.
type RoutedApp = (AppKey, Option<AppKey>);

/// The person taps an ad. `next` is what the person does right after it.
pub fn tap_ad(tx: &mut ThreadTx<'_>, key: AdKey, next: Option<&UserAction>) -> Result<(), Refusal> {
    let ad = tx.config.ad(key);
    if ad.page != tx.key.asset {
        let (page, here) = (&tx.config.asset(ad.page).name, &tx.config.asset(tx.key.asset).name);
        return Err(Refusal::script(format!(
            "the ad `{}` opens a conversation with `{page}`, not with `{here}`",
            ad.name
        )));
    }
    if ad.lead.is_some() {
        show_welcome(tx, key, rules::LEAD_FLOW);
        lead::start_flow(tx, key);
        return Ok(());
    }
    let referral = Arc::new(Referral::Ad { ad: key });
    let held_before = tx.holder().map(|holder| holder.app);
    if ad.shown.has_more_than_title() {
        tx.push_event(Event::Applied { thread: tx.key, rule: rules::AD_SHOWN });
    }
    lead::leave_flow(tx);
    let route = entry_points::ad(ad.app, &tx.thread, tx.asset(), tx.now);
    tx.follow_route(route);
    if let (Some(idle_timeout), true) = (ad.control, tx.asset().ruleset.ad_windows && matches!(route, Route::To(..))) {
        tx.extend_idle_timeout(idle_timeout, rules::AD_WINDOW);
    }
    show_welcome(tx, key, route.rule());
    // Instagram puts the referral into the first message, and nowhere else.
    if matches!(next, None | Some(UserAction::Says(_))) && !tx.is_on_instagram() {
        tx.emit(WebhookPayload::Referral(referral.clone()));
    }
    notify_marketing_app(tx, route, held_before);
    tx.thread.pending = Some(Box::new(PendingEntry { referral, since: tx.now, link: None }));
    Ok(())
}

/// The ad's message template appears in the thread. Meta sends no echo of it.
fn show_welcome(tx: &mut ThreadTx<'_>, key: AdKey, rule: rules::RuleId) {
    let ad = tx.config.ad(key);
    let Some(welcome) = &ad.welcome else { return };
    let sender = ad.app.filter(|_| tx.asset().ruleset.ads_lead).or(tx.asset().default_app);
    let mut content = Content { quick_replies: welcome.quick_replies.clone(), ..Content::text(welcome.text.clone()) };
    if !welcome.buttons.is_empty() {
        let template = Template::Button { text: welcome.text.clone(), buttons: welcome.buttons.clone() };
        content = Content { text: None, attachments: vec![Attachment::Template(template)], ..content };
    }
    let message = tx.write_message(Author::Ad(key, sender), Draft { content: content.into(), ..Draft::default() });
    tx.push_event(Event::Shown { message, rule });
}

/// The person opens a link of the page, which `link` is the index of.
pub fn open_link(tx: &mut ThreadTx<'_>, link: usize) -> Result<(), Refusal> {
    let Some(declared) = tx.asset().links.get(link) else {
        return Err(Refusal::script("there is no such link"));
    };
    let referral = Arc::new(Referral::Link { reference: declared.reference.clone() });
    if tx.thread.is_started() {
        let route = route_of_link(tx, link);
        let routed = follow_route(tx, route);
        tx.thread.pending = None;
        tx.open_window();
        tx.emit(WebhookPayload::Referral(referral));
        notify_linked_app(tx, routed);
    } else {
        tx.push_event(Event::Routed { thread: tx.key, app: None, rule: rules::LINK_NEW_THREAD });
        tx.thread.pending = Some(Box::new(PendingEntry { referral, since: tx.now, link: Some(link) }));
    }
    Ok(())
}

/// Where a link leads now. Its route may have changed since the person opened it.
fn route_of_link(tx: &ThreadTx<'_>, link: usize) -> Route {
    let app = tx.asset().links.get(link).and_then(|link| link.app);
    entry_points::link(app, &tx.thread, tx.asset(), tx.now)
}

/// Follows a route. A route to an app ends the questions of a lead ad.
fn follow_route(tx: &mut ThreadTx<'_>, route: Route) -> Option<RoutedApp> {
    let held_before = tx.holder().map(|holder| holder.app);
    if matches!(route, Route::To(..)) {
        lead::leave_flow(tx);
    }
    tx.follow_route(route).map(|(app, _)| (app, held_before))
}

/// Meta's table of webhooks has no exception: the marketing app gets a webhook at every tap, even if it held the thread before.
fn notify_marketing_app(tx: &mut ThreadTx<'_>, route: Route, held_before: Option<AppKey>) {
    let Route::To(app, rules::AD_TO_MARKETING_APP) = route else { return };
    let previous = held_before.filter(|before| *before != app);
    tx.emit_handover(app, rules::WEBHOOK_TO_ROUTED_APP, WebhookPayload::Passed { previous, new: app, metadata: None });
}

/// Only an app that got the thread by the route of a link gets this webhook.
fn notify_linked_app(tx: &mut ThreadTx<'_>, routed: Option<RoutedApp>) {
    let Some((app, previous)) = routed else { return };
    if tx.holder().is_some_and(|holder| holder.because == rules::LINK_TO_APP) {
        let payload = WebhookPayload::Passed { previous, new: app, metadata: None };
        tx.emit_handover(app, rules::WEBHOOK_TO_LINKED_APP, payload);
    }
}

/// The person writes or taps. Routes the thread (by `route`, unless a link waits), restarts the idle clock and opens the window. Returns
/// the referral of an entry that waited for this.
pub fn begin_contact(tx: &mut ThreadTx<'_>, route: Route) -> Option<Arc<Referral>> {
    let pending = tx.take_pending_entry();
    if tx.holder().is_some_and(|holder| holder.because == rules::INBOX_HOLDS_IDLE) {
        tx.release_control(rules::INBOX_HOLDS_IDLE);
    }
    let route = native_app::yield_to_person(tx, route);
    let link = pending.as_ref().and_then(|pending| pending.link);
    let routed = follow_route(tx, link.map_or(route, |link| route_of_link(tx, link)));
    tx.restart_idle_clock();
    if link.is_some() {
        notify_linked_app(tx, routed);
    }
    tx.open_window();
    tx.thread.last_person_message = Some(tx.now);
    pending.map(|pending| pending.referral)
}

/// The same for a person who comes by no special entry point.
pub fn begin_organic_contact(tx: &mut ThreadTx<'_>) -> Option<Arc<Referral>> {
    let route = entry_points::organic(&tx.thread, tx.asset(), tx.now);
    begin_contact(tx, route)
}
